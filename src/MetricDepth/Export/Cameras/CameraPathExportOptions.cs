using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Export.Cameras;

/// <summary>What a camera path can be written as.</summary>
public enum CameraPathExportFormat
{
    /// <summary>A folder with COLMAP's text model in <c>sparse/0</c>: world to camera, x right, y down, z forward, pixel centres at halves.</summary>
    Colmap,
    /// <summary>A folder with nerfstudio's <c>transforms.json</c>: camera to world, OpenGL axes, z of the world up, pixel centres at halves.</summary>
    Nerfstudio,
    /// <summary>A TUM trajectory: seconds, position, quaternion (x y z w) on each line, camera to frame 0's camera.</summary>
    Tum,
    /// <summary>A KITTI trajectory: the first three rows of each 4×4 matrix on a line, camera to frame 0's camera.</summary>
    Kitti,
    /// <summary>A Python script that builds the animated camera in Blender (2.8 and later).</summary>
    Blender,
}

/// <summary>What <c>Export-CameraPath</c> is asked to do.</summary>
public sealed record CameraPathExportOptions
{
    /// <summary>The path.</summary>
    public required CameraPath CameraPath { get; init; }

    /// <summary>What to write.</summary>
    public required CameraPathExportFormat Format { get; init; }

    /// <summary>The file, or the folder of a format with several files; null for one beside the path.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The clip; null for the one that the path, the depth video or their names speak of.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The clip's depth video, which knows the lens; null for the one that the path's name speaks of.</summary>
    public string? DepthPath { get; init; }

    /// <summary>Horizontal field of view, degrees; null for what the path, the depth video or the clip say.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null likewise, or for square pixels.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Width of the pictures, px; null for the clip's.</summary>
    public int? Width { get; init; }

    /// <summary>Height of the pictures, px; null for the clip's.</summary>
    public int? Height { get; init; }

    /// <summary>Frames per second; null for the clip's.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Take every n-th frame.</summary>
    public int Every { get; init; } = 1;

    /// <summary>The frame whose camera is the origin; null for frame 0.</summary>
    public int? LockFrame { get; init; }

    /// <summary>Also write the frames of the clip as PNG pictures.</summary>
    public bool Images { get; init; }

    /// <summary>Tracks of the clip, which become points in space; null for none.</summary>
    public PointTracks? Tracks { get; init; }

    /// <summary>Also write the depth video's frames as 16-bit PNG pictures in millimetres.</summary>
    public bool DepthImages { get; init; }

    /// <summary>Give the model points from the depth video.</summary>
    public bool DepthPoints { get; init; }

    /// <summary>Refuses what cannot be used, before anything is read.</summary>
    /// <exception cref="MetricDepthException">Something cannot be used.</exception>
    internal void ThrowIfUnusable(CameraPathWriter writer)
    {
        Require(CameraPath.Poses.Count > 0, "CameraPathEmpty", "The camera path has no poses. Measure it with Measure-CameraPose.");
        Require(Every >= 1, "CountOutOfRange", "-Every must be 1 or more.");
        Require((Width is null) == (Height is null) && Width is null or >= 1 && Height is null or >= 1, "PictureSizeIncomplete",
            "-Width and -Height are the pictures' size in pixels. Give both, or leave both out.");
        Require(FrameRate is null or > 0 and < 1e6, "FrameRateOutOfRange", "-FrameRate must be above 0.");
        Require(LockFrame is null || LockFrame >= 0 && LockFrame < CameraPath.Poses.Count, "LockFrameOutOfRange",
            FormattableString.Invariant($"There is no frame {LockFrame} in the path. Give a -LockFrame from 0 to {CameraPath.Poses.Count - 1}."));
        Require(!Images || writer.Traits.HasFlag(CameraFileTraits.Pictures), "ImagesNotUsed",
            $"A {Format} file has no pictures beside it. Leave -Images out, or take -Format Colmap or Nerfstudio.");
        Require(Tracks is null || writer.Traits.HasFlag(CameraFileTraits.Points), "TracksNotUsed",
            $"A {Format} file holds no points. Leave -Tracks out, or take -Format Colmap.");
        Require(!DepthImages || writer.Traits.HasFlag(CameraFileTraits.DepthPictures), "DepthImagesNotUsed",
            $"A {Format} file names no depth pictures. Leave -DepthImages out, or take -Format Nerfstudio; Export-DepthVideo -Format Png16 writes them for any program.");
        Require(!DepthPoints || writer.Traits.HasFlag(CameraFileTraits.DepthPoints), "DepthPointsNotUsed",
            $"A {Format} file holds no points. Leave -DepthPoints out, or take -Format Colmap or Nerfstudio; Export-DepthPointCloud -Merge writes them for any program.");
        Require(!DepthPoints || Tracks is null, "PointsAmbiguous",
            "-Tracks and -DepthPoints both make the points of the model. Give only one of them.");
    }

    private static void Require(bool isMet, string errorId, string message)
    {
        if (!isMet) throw new MetricDepthException(errorId, FailureKind.InvalidArgument, message);
    }
}
