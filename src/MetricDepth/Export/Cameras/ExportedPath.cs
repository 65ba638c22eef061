using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Triangulation;
using MetricDepth.Video;

namespace MetricDepth.Export.Cameras;

/// <summary>A camera path as the writers see it: chosen frames, in the axes of the frame that is the origin.</summary>
internal sealed record ExportedPath
{
    /// <summary>The frames.</summary>
    public required IReadOnlyList<ExportedPose> Poses { get; init; }

    /// <summary>The lens, pixel centres at integers; only where the format needs one.</summary>
    public Intrinsics Camera { get; init; }

    /// <summary>Frames per second; only where the format needs it.</summary>
    public Rational FrameRate { get; init; } = new(1);

    /// <summary>What the unit rests on; null if unknown.</summary>
    public CameraPathScale? Scale { get; init; }

    /// <summary>The clip; null if unknown.</summary>
    public string? ColorPath { get; init; }

    /// <summary>Points in space with their sightings; null for none.</summary>
    public TriangulatedTracks? Points { get; init; }

    /// <summary>Colour of each point, BGR0; empty where there is none.</summary>
    public IReadOnlyList<uint> PointColors { get; init; } = [];

    /// <summary>Points from depth, in the axes of the poses; null for none.</summary>
    public DepthCloud? Cloud { get; init; }

    /// <summary>Whether each frame has a depth picture.</summary>
    public bool HasDepthPictures { get; init; }

    /// <summary>Stops long files.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>What the unit is, for comments.</summary>
    public string Unit => Scale == CameraPathScale.Relative ? "of no known unit" : "in metres";

    /// <summary>The folder for pictures, beside the model.</summary>
    public const string ImageFolder = "images";

    /// <summary>The folder for depth pictures.</summary>
    public const string DepthFolder = "depths";

    /// <summary>What a frame's picture is called: its number in the clip in seven digits, as point clouds and meshes have it.</summary>
    public static string ImageName(long frame) => "frame_" + frame.ToString("D7", CultureInfo.InvariantCulture) + ".png";
}

/// <summary>A frame that is written.</summary>
/// <param name="Frame">Its number in the clip, from 0.</param>
/// <param name="Pose">Camera to the camera of the frame that is the origin.</param>
internal readonly record struct ExportedPose(long Frame, Pose Pose);
