namespace MetricDepth.Rendering;

/// <summary>
/// Chooses the depth at the screen for each frame, from the frames so far: the subject (the median depth, the middle of the picture
/// counting more) comes to the screen, unless that brought something further before or behind it than is comfortable. Within a
/// shot the choice moves slowly; where the depth is cut it jumps with it.
/// </summary>
/// <remarks>Works in inverse depth, in which disparity is linear: equal steps look equal.</remarks>
/// <param name="sample">The frame's depth.</param>
/// <param name="framesPerSecond">How often frames come.</param>
internal sealed class AutoConvergence(DepthSample sample, double framesPerSecond)
{
    // The outermost hundredth at either end is noise and border.
    private const double Outermost = 0.01;

    // A screen that wanders faster is seen as movement; the time is how long two thirds of a change take.
    private const double SettlingSeconds = 1, LargestPercentPerSecond = 1;

    // Nothing that moves changes half of a picture's depths by a quarter from one frame to the next.
    private const double CutRatio = 1.25, CutShare = 0.5;

    private readonly double[] _before = new double[sample.InverseDepth.Length];
    private readonly (double Inverse, double Weight)[] _sorted = new (double, double)[sample.InverseDepth.Length];
    private double? _screen;

    /// <summary>The inverse of the screen's depth for the frame just sampled, 1/m; 0 while no frame has had depth.</summary>
    /// <param name="percentPerInverse">Disparity of a point at 1 m with parallel eyes, percent of the picture's width.</param>
    public double Next(double percentPerInverse)
    {
        bool cut = IsCut();
        sample.InverseDepth.CopyTo(_before, 0);
        if (Target(percentPerInverse) is not { } target) return _screen ?? 0;
        if (_screen is not { } screen || cut)
        {
            _screen = target;
            return target;
        }
        double seconds = 1 / framesPerSecond, limit = LargestPercentPerSecond * seconds / percentPerInverse;
        double step = (target - screen) * (1 - Math.Exp(-seconds / SettlingSeconds));
        _screen = screen + Math.Clamp(step, -limit, limit);
        return _screen.Value;
    }

    private double? Target(double percentPerInverse)
    {
        int count = 0;
        double total = 0;
        for (int i = 0; i < sample.InverseDepth.Length; i++)
        {
            if (sample.InverseDepth[i] <= 0) continue;
            double x = (i % sample.Columns + 0.5) / sample.Columns - 0.5, y = (i / sample.Columns + 0.5) / sample.Rows - 0.5;
            _sorted[count] = (sample.InverseDepth[i], Math.Exp(-8 * (x * x + y * y)));
            total += _sorted[count++].Weight;
        }
        if (count == 0) return null;
        var known = _sorted.AsSpan(0, count);
        known.Sort((a, b) => a.Inverse.CompareTo(b.Inverse));
        double far = known[(int)(Outermost * (count - 1))].Inverse, near = known[(int)((1 - Outermost) * (count - 1))].Inverse;

        double subject = far, passed = 0;
        foreach (var (inverse, weight) in known)
        {
            subject = inverse;
            if ((passed += weight) >= total / 2) break;
        }
        double least = near - StereoComfort.BeforeScreen / percentPerInverse, most = far + StereoComfort.BehindScreen / percentPerInverse;
        // more depth than is comfortable: both ends pass their limits in the same proportion
        return least > most
            ? (near * StereoComfort.BehindScreen + far * StereoComfort.BeforeScreen) / (StereoComfort.BeforeScreen + StereoComfort.BehindScreen)
            : Math.Clamp(subject, least, most);
    }

    private bool IsCut()
    {
        int both = 0, changed = 0;
        for (int i = 0; i < _before.Length; i++)
        {
            double a = _before[i], b = sample.InverseDepth[i];
            if (a <= 0 || b <= 0) continue;
            both++;
            if (Math.Max(a, b) > CutRatio * Math.Min(a, b)) changed++;
        }
        return changed > CutShare * both;
    }
}
