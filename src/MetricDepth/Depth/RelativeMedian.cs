namespace MetricDepth.Depth;

/// <summary>The median of shares (0..1, larger ones count as 1) in memory that does not grow: a histogram, 0.005 % a bin.</summary>
internal sealed class RelativeMedian
{
    private const int Bins = 20000;
    private readonly long[] _bins = new long[Bins + 1];
    private long _count;

    public void Add(double share)
    {
        _bins[(int)(Math.Min(share, 1) * Bins)]++;
        _count++;
    }

    public void Add(RelativeMedian other)
    {
        for (int i = 0; i < _bins.Length; i++) _bins[i] += other._bins[i];
        _count += other._count;
    }

    /// <summary>The median; null when nothing was added.</summary>
    public double? Value
    {
        get
        {
            long seen = 0;
            for (int i = 0; i < _bins.Length && _count > 0; i++)
                if ((seen += _bins[i]) * 2 >= _count) return (i + 0.5) / Bins;
            return null;
        }
    }
}
