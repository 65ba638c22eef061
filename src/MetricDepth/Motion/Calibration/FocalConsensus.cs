using MetricDepth.Geometry;

namespace MetricDepth.Motion.Calibration;

/// <summary>What all stretches of a clip together say of the focal length.</summary>
/// <param name="FocalShare">Focal length over the picture's width.</param>
/// <param name="Deviation">Relative standard deviation.</param>
/// <param name="Used">Stretches that it rests on.</param>
/// <param name="Disagreeing">Stretches that say something else although they believe they know.</param>
internal readonly record struct FocalConsensus(double FocalShare, double Deviation, int Used, int Disagreeing)
{
    // a lens that is not quite a pinhole, a shutter that rolls: what every stretch of a clip gets wrong alike (the room's says 5 % too much)
    private const double Systematic = 0.025;

    // the normal equations believe that misses are independent and lenses perfect
    private const double LeastDeviation = 0.01;
    private const double Agreement = 3;

    /// <summary>Whether it is known well enough to be told.</summary>
    public bool IsReliable => Used > 0 && Deviation <= FocalEstimate.MaxDeviation && Disagreeing < Used;

    /// <summary>Combines the stretches: the weighted mean of those that agree with the weighted median; its deviation covers their spread.</summary>
    public static FocalConsensus Of(IEnumerable<CalibratedStretch> stretches, int width)
    {
        var known = stretches.Where(s => s.Estimate.IsReliable)
            .Select(s => (Log: Math.Log(s.Estimate.Camera.Fx / width), Deviation: Math.Max(s.Estimate.Deviation, LeastDeviation)))
            .OrderBy(s => s.Log).ToArray();
        if (known.Length == 0) return new(double.NaN, double.PositiveInfinity, 0, 0);
        double half = known.Sum(s => Weight(s.Deviation)) / 2, seen = 0, median = known[^1].Log;
        foreach (var (log, deviation) in known)
        {
            if ((seen += Weight(deviation)) < half) continue;
            median = log;
            break;
        }
        var agreeing = known.Where(s => Math.Abs(s.Log - median) <= Agreement * Math.Max(s.Deviation, 2 * LeastDeviation)).ToArray();
        double weights = agreeing.Sum(s => Weight(s.Deviation)), mean = agreeing.Sum(s => s.Log * Weight(s.Deviation)) / weights;
        double squares = agreeing.Sum(s => (s.Log - mean) * (s.Log - mean) * Weight(s.Deviation));
        double spread = agreeing.Length > 1 ? Math.Max(1, squares / (agreeing.Length - 1)) : 1;
        return new(Math.Exp(mean), Math.Sqrt(spread / weights + Systematic * Systematic), agreeing.Length, known.Length - agreeing.Length);
    }

    private static double Weight(double deviation) => 1 / (deviation * deviation);
}
