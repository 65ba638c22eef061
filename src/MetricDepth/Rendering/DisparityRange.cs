namespace MetricDepth.Rendering;

/// <summary>
/// How far apart the two eyes see things, over a clip: left column minus right column in percent of the width of one eye's picture.
/// Positive is before the screen, negative behind it. Kept as a histogram, so memory does not grow with the clip.
/// </summary>
internal sealed class DisparityRange
{
    private const double Least = -50, Most = 150, Step = 0.02;

    // A reflection or a speck should not speak for the clip.
    private const double Outermost = 0.02;

    private readonly long[] _counts = new long[(int)Math.Round((Most - Least) / Step)];
    private long _total;

    /// <summary>The least disparity, percent; null when no frame had depth.</summary>
    public double? Min => At(Outermost);

    /// <summary>The largest disparity, percent; null when no frame had depth.</summary>
    public double? Max => At(1 - Outermost);

    /// <summary>Adds a frame.</summary>
    /// <param name="inverseDepth">1/m, 0 = none.</param>
    /// <param name="screen">Inverse depth at the screen, 1/m.</param>
    /// <param name="percentPerInverse">Disparity of a point at 1 m with parallel eyes, percent.</param>
    public void Add(ReadOnlySpan<double> inverseDepth, double screen, double percentPerInverse)
    {
        foreach (double inverse in inverseDepth)
        {
            if (inverse <= 0) continue;
            double percent = (inverse - screen) * percentPerInverse;
            _counts[(int)Math.Clamp((percent - Least) / Step, 0, _counts.Length - 1)]++;
            _total++;
        }
    }

    private double? At(double share)
    {
        if (_total == 0) return null;
        long wanted = (long)(share * (_total - 1)), passed = 0;
        for (int i = 0; i < _counts.Length; i++)
            if ((passed += _counts[i]) > wanted) return Math.Round(Least + (i + 0.5) * Step, 2);
        return Most;
    }
}
