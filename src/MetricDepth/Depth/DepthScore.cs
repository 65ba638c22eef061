namespace MetricDepth.Depth;

/// <summary>Running sums of the depth metrics of Eigen, Puhrsch and Fergus (NIPS 2014, section 4) over pixels that both have.</summary>
internal struct DepthScore
{
    private const double Delta1Threshold = 1.25;
    private double _relative;
    private double _squared;
    private long _within;
    private long _both;
    private long _referenced;

    /// <summary>Adds one frame; <paramref name="depth"/> is multiplied by <paramref name="scale"/> first. Metres, 0 = none.</summary>
    public void Add(ReadOnlySpan<float> depth, ReadOnlySpan<float> reference, double scale)
    {
        for (int i = 0; i < reference.Length; i++)
        {
            double truth = reference[i];
            if (!(truth > 0)) continue;
            _referenced++;
            double d = depth[i] * scale;
            if (!(d > 0)) continue;
            _both++;
            double error = d - truth;
            _relative += Math.Abs(error) / truth;
            _squared += error * error;
            if (Math.Max(d / truth, truth / d) < Delta1Threshold) _within++;
        }
    }

    public void Add(in DepthScore other)
    {
        _relative += other._relative;
        _squared += other._squared;
        _within += other._within;
        _both += other._both;
        _referenced += other._referenced;
    }

    public readonly double AbsRel => _both == 0 ? double.NaN : _relative / _both;

    public readonly double Rmse => _both == 0 ? double.NaN : Math.Sqrt(_squared / _both);

    public readonly double Delta1 => _both == 0 ? double.NaN : (double)_within / _both;

    public readonly double Coverage => _referenced == 0 ? double.NaN : (double)_both / _referenced;

    public readonly bool HasPixels => _both > 0;
}
