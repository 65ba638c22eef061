using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>A camera that follows a given path, one pose a frame.</summary>
/// <param name="path">The path.</param>
internal sealed class PathTrajectory(CameraPath path) : ViewTrajectory
{
    public override Pose PoseAt(long frame) => frame < path.Poses.Count ? path.Poses[(int)frame] : throw TooShort(path, frame);

    /// <summary>A path that ends before the frames do.</summary>
    public static MetricDepthException TooShort(CameraPath path, long frame) =>
        new("ViewPathTooShort", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
            $"'{path.Path}' has {path.Poses.Count} poses, one a frame, and none for frame {frame}. Give -MaxFrames {path.Poses.Count}, or a longer path."));
}
