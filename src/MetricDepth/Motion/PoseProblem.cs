using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Motion;

/// <summary>What a camera path is solved from. Frames are read as a stream, and may be read more than once.</summary>
internal abstract class PoseProblem
{
    /// <summary>The camera at the clip's size.</summary>
    public required Intrinsics Camera { get; init; }

    /// <summary>Frames per second.</summary>
    public required double FrameRate { get; init; }

    /// <summary>How many frames there are; null if unknown.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Where the depth comes from.</summary>
    public DepthTrust Depth { get; init; }

    /// <summary>What is known beforehand of how the camera moves.</summary>
    public MotionConstraint Constraint { get; init; }

    /// <summary>All frames from the first, in order, none left out.</summary>
    public abstract IEnumerable<SightedFrame> Read(CancellationToken cancellation);

    /// <summary>
    /// The pictures of some frames, H×W grey at the clip's size, in order of their numbers: with them a place that is seen again is recognised.
    /// Empty where there is no video at hand. A picture is only lent until the next is asked for.
    /// </summary>
    /// <param name="frames">0-based frame numbers, ascending.</param>
    /// <param name="cancellation">Stops within a frame.</param>
    public virtual IEnumerable<(long Frame, Plane<byte> Picture)> Pictures(IReadOnlyList<long> frames, CancellationToken cancellation) => [];
}

/// <summary>How much the depth of points can be trusted.</summary>
internal enum DepthTrust
{
    /// <summary>There is none.</summary>
    None,
    /// <summary>Measured (sensor, scene): metres, with noise that grows with distance.</summary>
    Measured,
    /// <summary>Estimated: each frame's may be off by a scale and a shift of inverse depth.</summary>
    Estimated,
}

/// <summary>What is known beforehand of how a camera moves.</summary>
public enum MotionConstraint
{
    /// <summary>Nothing.</summary>
    Free,
    /// <summary>It stays where it is and only turns.</summary>
    Stationary,
    /// <summary>It turns, and moves only within the plane of its first picture, neither forwards nor backwards.</summary>
    NoDepthMotion,
}
