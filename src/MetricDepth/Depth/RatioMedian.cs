namespace MetricDepth.Depth;

/// <summary>The median of positive ratios in memory that does not grow: a histogram of their logarithms, 0.01 % a bin.</summary>
internal sealed class RatioMedian
{
    private const double BinsPerUnit = 10000; // natural logarithm
    private const double Range = 10;          // e^±10
    private readonly long[] _bins = new long[(int)(2 * Range * BinsPerUnit) + 1];
    private long _count;

    public void Add(ReadOnlySpan<float> depth, ReadOnlySpan<float> reference)
    {
        for (int i = 0; i < depth.Length; i++)
        {
            if (!(depth[i] > 0 && reference[i] > 0)) continue;
            double log = Math.Clamp(Math.Log((double)reference[i] / depth[i]), -Range, Range);
            _bins[(int)Math.Round((log + Range) * BinsPerUnit)]++;
            _count++;
        }
    }

    /// <summary>The median; null when nothing was added.</summary>
    public double? Value
    {
        get
        {
            long seen = 0;
            for (int i = 0; i < _bins.Length; i++)
                if ((seen += _bins[i]) * 2 >= _count && seen > 0)
                    return Math.Exp(i / BinsPerUnit - Range);
            return null;
        }
    }
}
