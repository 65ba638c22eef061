namespace MetricDepth.Depth;

/// <summary>Running sums of the depth metrics of Eigen, Puhrsch and Fergus (NIPS 2014, section 4) over pixels that both have.</summary>
internal struct DepthScore
{
    private const double Delta1Threshold = 1.25;
    private double relative;
    private double squared;
    private long within;
    private long both;
    private long referenced;

    /// <summary>Adds one frame; <paramref name="depth"/> is multiplied by <paramref name="scale"/> first. Metres, 0 = none.</summary>
    public void Add(ReadOnlySpan<float> depth, ReadOnlySpan<float> reference, double scale)
    {
        for (int i = 0; i < reference.Length; i++)
        {
            double truth = reference[i];
            if (!(truth > 0)) continue;
            referenced++;
            double d = depth[i] * scale;
            if (!(d > 0)) continue;
            both++;
            double error = d - truth;
            relative += Math.Abs(error) / truth;
            squared += error * error;
            if (Math.Max(d / truth, truth / d) < Delta1Threshold) within++;
        }
    }

    public void Add(in DepthScore other)
    {
        relative += other.relative;
        squared += other.squared;
        within += other.within;
        both += other.both;
        referenced += other.referenced;
    }

    public readonly double AbsRel => both == 0 ? double.NaN : relative / both;

    public readonly double Rmse => both == 0 ? double.NaN : Math.Sqrt(squared / both);

    public readonly double Delta1 => both == 0 ? double.NaN : (double)within / both;

    public readonly double Coverage => referenced == 0 ? double.NaN : (double)both / referenced;

    public readonly bool HasPixels => both > 0;
}
