using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>Round the target: azimuth <c>A sin φ</c>, elevation <c>A/2 cos φ</c>, at the same distance all the time.</summary>
internal sealed class OrbitTrajectory : LoopTrajectory
{
    /// <summary>Degrees; further round, nothing is left of what the camera saw.</summary>
    public const double LargestAmplitude = 80;

    private readonly double _amplitude;

    public OrbitTrajectory(Pose rest, double distance, int framesPerLoop, double amplitude)
        : base(rest, distance, framesPerLoop)
    {
        if (!(amplitude > 0 && amplitude <= LargestAmplitude))
            throw new MetricDepthException("AmplitudeOutOfRange", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"An orbit of {amplitude} degrees to each side is not in 0..{LargestAmplitude}. Give a smaller -Amplitude; 3 to 10 look natural."));
        _amplitude = amplitude * Math.PI / 180;
    }

    public override Vector3 Offset(double phase)
    {
        double azimuth = _amplitude * Math.Sin(phase), elevation = _amplitude / 2 * Math.Cos(phase);
        double level = Math.Cos(elevation);
        return new Vector3(Math.Sin(azimuth) * level, -Math.Sin(elevation), 1 - Math.Cos(azimuth) * level) * Distance;
    }
}
