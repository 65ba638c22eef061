namespace MetricDepth.Depth;

/// <summary>The median of positive ratios in memory that does not grow: a histogram of their logarithms, 0.01 % a bin.</summary>
internal sealed class RatioMedian
{
    private const double BinsPerUnit = 10000; // natural logarithm
    private const double Range = 10;          // e^±10
    private readonly long[] bins = new long[(int)(2 * Range * BinsPerUnit) + 1];
    private long count;

    public void Add(ReadOnlySpan<float> depth, ReadOnlySpan<float> reference)
    {
        for (int i = 0; i < depth.Length; i++)
        {
            if (!(depth[i] > 0 && reference[i] > 0)) continue;
            double log = Math.Clamp(Math.Log((double)reference[i] / depth[i]), -Range, Range);
            bins[(int)Math.Round((log + Range) * BinsPerUnit)]++;
            count++;
        }
    }

    /// <summary>The median; null when nothing was added.</summary>
    public double? Value
    {
        get
        {
            long seen = 0;
            for (int i = 0; i < bins.Length; i++)
                if ((seen += bins[i]) * 2 >= count && seen > 0)
                    return Math.Exp(i / BinsPerUnit - Range);
            return null;
        }
    }
}
