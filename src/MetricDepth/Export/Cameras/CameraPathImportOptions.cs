using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras;

/// <summary>What a camera path can be read from.</summary>
public enum CameraPathImportFormat
{
    /// <summary>What the content says.</summary>
    Auto,
    /// <summary>Our own JSON and the Python toolbox's: 4×4 matrices, camera to world, x right, y down, z forward.</summary>
    Json,
    /// <summary>A TUM trajectory: seconds, position, quaternion (x y z w), camera to world.</summary>
    Tum,
    /// <summary>A KITTI trajectory: the first three rows of a 4×4 matrix on each line, camera to world.</summary>
    Kitti,
    /// <summary>A nerfstudio (or instant-ngp) <c>transforms.json</c>: camera to world, OpenGL axes.</summary>
    Nerfstudio,
    /// <summary>A COLMAP model, text or binary: world to camera.</summary>
    Colmap,
    /// <summary>What phone apps record of ARKit: Record3D's metadata, Polycam's cameras, the frames of 3D Scanner App. OpenGL axes, metres.</summary>
    ArKit,
}

/// <summary>What <c>Import-CameraPath</c> is asked to do.</summary>
public sealed record CameraPathImportOptions
{
    /// <summary>The file, or the folder of a format with several files.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Its format.</summary>
    public CameraPathImportFormat Format { get; init; }

    /// <summary>The file to write; null for <c>NAME_transformations.json</c> beside the depth video, the clip or the source.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The clip, whose frames get poses; null for the depth video's, or none.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The clip's depth video; null for none.</summary>
    public string? DepthPath { get; init; }

    /// <summary>Frames per second of the clip, for trajectories with times; null for the clip's own.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Seconds from the first pose to the first frame, for trajectories with times; negative if the clip begins earlier.</summary>
    public double TimeOffset { get; init; }

    /// <summary>The number that the clip's first frame has in the names of pictures; null for 1 if the lowest is 1, else 0.</summary>
    public long? FirstNumber { get; init; }

    /// <summary>The pictures or lines are every n-th frame of the clip.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Metres in one unit of the source; null if not told.</summary>
    public double? ScaleFactor { get; init; }

    /// <summary>The unit of the source is the metre.</summary>
    public bool IsMetric { get; init; }

    /// <summary>Degrees, clockwise, by which the clip's picture is turned against the camera's own: 0, 90, 180, 270; null for what the shapes say.</summary>
    public int? Rotation { get; init; }

    /// <summary>Refuses what cannot be used, before anything is read.</summary>
    /// <exception cref="MetricDepthException">Something cannot be used.</exception>
    internal void ThrowIfUnusable()
    {
        Require(FrameRate is null or > 0 and < 1e6, "FrameRateOutOfRange", "-FrameRate must be above 0.");
        Require(double.IsFinite(TimeOffset) && Math.Abs(TimeOffset) <= 1e6, "TimeOffsetOutOfRange", "-TimeOffset is seconds from the first pose to the first frame.");
        Require(FirstNumber is null or >= 0 && Every >= 1, "CountOutOfRange", "-FirstNumber must be 0 or more, and -Every 1 or more.");
        Require(ScaleFactor is null or > 0 and < 1e9, "ScaleFactorOutOfRange", "-ScaleFactor is metres in one unit and must be above 0.");
        Require(Rotation is null or 0 or 90 or 180 or 270, "RotationOutOfRange", "-Rotation is 0, 90, 180 or 270 degrees.");
        Require(ScaleFactor is null || !IsMetric, "ScaleAmbiguous", "-Metric says that a unit is a metre, -ScaleFactor how many metres it is. Give only one of them.");
    }

    private static void Require(bool isMet, string errorId, string message)
    {
        if (!isMet) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
