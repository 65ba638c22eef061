using MetricDepth.Imaging;

namespace MetricDepth.Estimation;

/// <summary>Means and deviations of a frame's relative depth and of its inverse metric depth, over the pixels where both are numbers.</summary>
internal readonly record struct JointMoments(long Count, double RelativeMean, double RelativeDeviation, double InverseMean, double InverseDeviation)
{
    private const int BandRows = 16;

    /// <summary>Whether the relative depth is the same everywhere, up to what sums of equal numbers differ by.</summary>
    public bool IsRelativeFlat => !(RelativeDeviation > 1e-7 * Math.Abs(RelativeMean));

    /// <summary>Measures a frame.</summary>
    /// <param name="relative">Relative inverse depth.</param>
    /// <param name="metric">Metres, of the same size.</param>
    public static JointMoments Of(Plane<float> relative, Plane<float> metric)
    {
        var sums = new Sums[(relative.Height + BandRows - 1) / BandRows];
        Parallel.For(0, sums.Length, band =>
        {
            int from = band * BandRows * relative.Width, length = Math.Min(BandRows * relative.Width, relative.Data.Length - from);
            sums[band].Add(relative.Data.AsSpan(from, length), metric.Data.AsSpan(from, length));
        });
        var all = default(Sums);
        foreach (var sum in sums) all.Add(sum); // in their order, whoever summed them
        if (all.Count == 0) return default;
        double relativeMean = all.Relative / all.Count, inverseMean = all.Inverse / all.Count;
        return new((long)all.Count, relativeMean, Deviation(all.RelativeSquares, relativeMean), inverseMean, Deviation(all.InverseSquares, inverseMean));

        double Deviation(double squares, double mean) => Math.Sqrt(Math.Max(0, squares / all.Count - mean * mean));
    }

    private struct Sums
    {
        public double Count, Relative, RelativeSquares, Inverse, InverseSquares;

        public void Add(ReadOnlySpan<float> relative, ReadOnlySpan<float> metric)
        {
            for (int i = 0; i < relative.Length; i++)
            {
                if (!(metric[i] > 0) || !float.IsFinite(relative[i])) continue;
                double r = relative[i], inverse = 1.0 / metric[i];
                Count++;
                Relative += r;
                RelativeSquares += r * r;
                Inverse += inverse;
                InverseSquares += inverse * inverse;
            }
        }

        public void Add(in Sums other)
        {
            Count += other.Count;
            Relative += other.Relative;
            RelativeSquares += other.RelativeSquares;
            Inverse += other.Inverse;
            InverseSquares += other.InverseSquares;
        }
    }
}
