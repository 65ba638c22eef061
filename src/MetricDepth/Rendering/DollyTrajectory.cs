using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>Towards the target and back: <c>A (1 - cos φ) / 2</c> ahead of where it rests.</summary>
internal sealed class DollyTrajectory : LoopTrajectory
{
    // Nearer to the target there is nothing left to see but a few of its pixels.
    private const double ClosestShare = 0.9;

    private readonly double _amplitude;

    public DollyTrajectory(Pose rest, double distance, int framesPerLoop, double amplitude)
        : base(rest, distance, framesPerLoop)
    {
        if (!(amplitude > 0 && amplitude <= ClosestShare * distance))
            throw new MetricDepthException("AmplitudeOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A dolly of {amplitude:0.###} m does not end before the target, which is {distance:0.###} m away. Give an -Amplitude of at most {ClosestShare * distance:0.###}."));
        _amplitude = amplitude;
    }

    public override Vector3 Offset(double phase) => new(0, 0, _amplitude * (1 - Math.Cos(phase)) / 2);
}
