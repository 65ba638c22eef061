using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>From side to side: <c>A sin φ</c> to the right of where it rests.</summary>
internal sealed class SwayTrajectory : LoopTrajectory
{
    // As far to the side as the target is away is 45 degrees round it, and twice that 63.
    private const double LargestShare = 2;

    private readonly double _amplitude;

    public SwayTrajectory(Pose rest, double distance, int framesPerLoop, double amplitude)
        : base(rest, distance, framesPerLoop)
    {
        if (!(amplitude > 0 && amplitude <= LargestShare * distance))
            throw new MetricDepthException("AmplitudeOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A sway of {amplitude:0.###} m to each side is not in 0..{LargestShare * distance:0.###} m, twice the distance to the target. Give a smaller -Amplitude."));
        _amplitude = amplitude;
    }

    public override Vector3 Offset(double phase) => new(_amplitude * Math.Sin(phase), 0, 0);
}
