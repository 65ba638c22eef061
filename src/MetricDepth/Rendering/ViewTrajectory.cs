using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>Where the virtual camera is at each frame. Without state: one serves all workers.</summary>
internal abstract class ViewTrajectory
{
    /// <summary>The virtual camera's axes to the reference axes, at a frame counted from 0.</summary>
    public abstract Pose PoseAt(long frame);
}

/// <summary>A camera that stays where it is.</summary>
/// <param name="pose">Its axes to the reference axes.</param>
internal sealed class FixedTrajectory(Pose pose) : ViewTrajectory
{
    public override Pose PoseAt(long frame) => pose;
}
