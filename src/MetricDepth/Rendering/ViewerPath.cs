using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// Where the camera was in each frame of a clip, and from where the viewer looks: locked to one frame's camera, so that the scene
/// stays still, or along with the camera.
/// </summary>
/// <param name="path">The camera's path.</param>
/// <param name="lockFrame">The frame whose camera the viewer keeps; null when he goes along with the camera.</param>
internal sealed class ViewerPath(CameraPath path, int? lockFrame)
{
    /// <summary>The frame whose camera the viewer keeps; null when he goes along with the camera.</summary>
    public int? LockFrame { get; } = lockFrame;

    /// <summary>The path of a clip; null without one.</summary>
    /// <param name="cameraPath">The file; null for a camera that stands still, or is taken to.</param>
    /// <param name="lockFrame">The frame whose camera the viewer keeps; null for frame 0, as in the Python toolbox.</param>
    /// <param name="followCamera">Whether the viewer goes along with the camera instead.</param>
    /// <param name="frames">How many frames are expected; null if unknown.</param>
    /// <exception cref="MetricDepthException">The file cannot be used, or does not have the frames.</exception>
    public static ViewerPath? Load(string? cameraPath, int? lockFrame, bool followCamera, long? frames)
    {
        if (lockFrame is not null && followCamera)
            throw new MetricDepthException("LockFrameNotUsed", FailureKind.InvalidArgument,
                "-LockFrame keeps the viewer still and -FollowCamera lets him move. Give only one of them.");
        if (cameraPath is null)
        {
            if (lockFrame is null && !followCamera) return null;
            throw new MetricDepthException("CameraPathMissing", FailureKind.InvalidArgument,
                $"-{(followCamera ? "FollowCamera" : "LockFrame")} needs to know how the camera moved. Give -CameraPath.");
        }
        var path = CameraPath.Load(cameraPath);
        int frame = lockFrame ?? 0;
        if (frame < 0 || frame >= path.Poses.Count)
            throw new MetricDepthException("LockFrameOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"There is no frame {frame} in '{cameraPath}'. Give a -LockFrame from 0 to {path.Poses.Count - 1}."));
        // Containers that do not count their frames may be off by one.
        if (frames > path.Poses.Count + 1) throw TooShort(path, path.Poses.Count);
        return new(path, followCamera ? null : frame);
    }

    /// <summary>A frame's camera to frame 0's camera.</summary>
    /// <exception cref="MetricDepthException">The path ends before the frame.</exception>
    public Pose CameraToReference(long frame) => frame < path.Poses.Count ? path.Poses[(int)frame] : throw TooShort(path, frame);

    /// <summary>A frame's camera to the viewer: T_k⁻¹ T_i when he is locked to frame k (DESIGN §3).</summary>
    /// <exception cref="MetricDepthException">The path ends before the frame.</exception>
    public Pose SourceToView(long frame) => LockFrame is { } locked ? path.Poses[locked].Inverse * CameraToReference(frame) : Pose.Identity;

    private static MetricDepthException TooShort(CameraPath path, long frame) => new("CameraPathTooShort", FailureKind.InvalidData,
        string.Create(CultureInfo.InvariantCulture,
            $"'{path.Path}' has {path.Poses.Count} poses, and the depth video has more frames. Give the path of this clip, or -MaxFrames {path.Poses.Count}."))
    { Frame = frame };
}
