using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// A camera that moves in a loop about where it rests, looking at a target. Its path is made of sines, so it slows down before it
/// turns, and the frame after the last is the first.
/// </summary>
internal abstract class LoopTrajectory : ViewTrajectory
{
    private readonly int _framesPerLoop;

    /// <summary>Sets the camera up.</summary>
    /// <param name="rest">Its pose at rest: axes to the reference axes, the target straight ahead.</param>
    /// <param name="distance">From there to the target, m.</param>
    /// <param name="framesPerLoop">Frames until it is back where it was, 1 or more.</param>
    protected LoopTrajectory(Pose rest, double distance, int framesPerLoop)
    {
        (Rest, Distance, _framesPerLoop) = (rest, distance, framesPerLoop);
        Target = rest * new Vector3(0, 0, distance);
    }

    /// <summary>The pose at rest.</summary>
    protected Pose Rest { get; }

    /// <summary>From the camera at rest to the target, m.</summary>
    protected double Distance { get; }

    /// <summary>The target in the reference axes.</summary>
    protected Vector3 Target { get; }

    /// <summary>Where the camera is, in the axes of the camera at rest, m.</summary>
    /// <param name="phase">How far through the loop, radians, 0..2π.</param>
    public abstract Vector3 Offset(double phase);

    /// <inheritdoc/>
    public override Pose PoseAt(long frame)
    {
        double phase = 2 * Math.PI * (frame % _framesPerLoop) / _framesPerLoop;
        return Pose.LookAt(Rest * Offset(phase), Target, Rest.Rotation * new Vector3(0, 1, 0));
    }

    /// <summary>The motion of that name.</summary>
    /// <param name="motion">Its name.</param>
    /// <param name="amplitude">Degrees for an orbit, metres otherwise.</param>
    /// <param name="rest">The camera's pose at rest.</param>
    /// <param name="distance">From there to the target, m.</param>
    /// <param name="framesPerLoop">Frames in a loop.</param>
    /// <exception cref="MetricDepthException">The amplitude is too large.</exception>
    public static LoopTrajectory For(ViewMotion motion, double amplitude, Pose rest, double distance, int framesPerLoop) => motion switch
    {
        ViewMotion.Orbit => new OrbitTrajectory(rest, distance, framesPerLoop, amplitude),
        ViewMotion.Dolly => new DollyTrajectory(rest, distance, framesPerLoop, amplitude),
        ViewMotion.Sway => new SwayTrajectory(rest, distance, framesPerLoop, amplitude),
        _ => throw new MetricDepthException("ViewMotionUnknown", FailureKind.InvalidArgument,
            $"There is no motion '{motion}'. Use one of {string.Join(", ", Enum.GetNames<ViewMotion>())}."),
    };
}
