using System.Numerics;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>A tracked point: a ray of the keyframe that hosts it and an inverse depth along it, known from readings and from parallax.</summary>
internal sealed class MapPoint(int id, Sighting host)
{
    private const float Habit = 0.15f;

    // a reading farther off than this belongs to another surface
    private const double ReadingReach = 4;

    private double _differences;
    private int _readings;

    /// <summary>Track number.</summary>
    public int Id { get; } = id;

    /// <summary>The keyframe that first saw it.</summary>
    public MapKeyframe Host => Sightings[0].Keyframe;

    /// <summary>All keyframes that see it, in order.</summary>
    public List<Sighting> Sightings { get; } = [host];

    /// <summary>Where the host sees it, noise removed, px.</summary>
    public Vector2 Pixel { get; set; } = host.Pixel;

    /// <summary>Inverse depth in the host, 1/m.</summary>
    public double Rho { get; set; }

    /// <summary>Standard deviation of <see cref="Rho"/>; infinite while nothing is known.</summary>
    public double Deviation { get; set; } = double.PositiveInfinity;

    /// <summary>Whether its place is known.</summary>
    public bool IsKnown => Deviation < double.PositiveInfinity;

    /// <summary>How often it has lately been where the camera's motion puts it, 0..1: what moves by itself loses it.</summary>
    public float Trust { get; private set; } = 0.7f;

    /// <summary>Whether it moves by itself, or was mistracked.</summary>
    public bool IsOutlier => Trust < 0.35f;

    /// <summary>Counts whether a frame sees it where it should.</summary>
    public void Observe(bool agrees) => Trust += Habit * ((agrees ? 1 : 0) - Trust);

    /// <summary>Takes note of a depth read between two keyframes: by how much the inverse depth exceeds what is expected there, 1/m.</summary>
    public void NoteReading(double difference, double deviation)
    {
        if (!(Math.Abs(difference) < ReadingReach * deviation)) return;
        _differences += difference;
        _readings++;
    }

    /// <summary>What the readings since the last keyframe come to in the next.</summary>
    /// <param name="expected">The inverse depth expected there, 1/m.</param>
    /// <param name="deviation">Standard deviation of one reading there.</param>
    public MeasuredInverseDepth FusedReading(double expected, double deviation)
    {
        if (_readings == 0) return default;
        // half of a sensor's variance is noise that averages out; the rest is calibration, and stays
        return new(expected + _differences / _readings, deviation * Math.Sqrt(0.5 + 0.5 / _readings));
    }

    /// <summary>Begins anew.</summary>
    public void ForgetReadings() => (_differences, _readings) = (0, 0);
}
