namespace MetricDepth.Imaging;

/// <summary>Enlarges a plane by linear interpolation between the centres of its pixels.</summary>
internal static class LinearUpsampling
{
    /// <summary>Fills <paramref name="large"/>.</summary>
    /// <param name="small">The values at the small size.</param>
    /// <param name="large">Receives the values at the large size.</param>
    /// <param name="threads">Rows are shared among so many threads.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static void Run(Plane<float> small, Plane<float> large, int threads, CancellationToken cancellation)
    {
        float scaleX = (float)small.Width / large.Width, scaleY = (float)small.Height / large.Height;
        var columns = new (int Left, int Right, float Share)[large.Width];
        for (int x = 0; x < columns.Length; x++) columns[x] = Between(x, scaleX, small.Width);
        Parallel.For(0, large.Height, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, y =>
        {
            var (above, below, share) = Between(y, scaleY, small.Height);
            var top = small.Row(above);
            var bottom = small.Row(below);
            var row = large.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                var (left, right, across) = columns[x];
                float a = top[left] + (top[right] - top[left]) * across, b = bottom[left] + (bottom[right] - bottom[left]) * across;
                row[x] = a + (b - a) * share;
            }
        });
    }

    private static (int Before, int After, float Share) Between(int at, float scale, int size)
    {
        float u = Math.Clamp((at + 0.5f) * scale - 0.5f, 0, size - 1);
        int before = (int)u;
        return (before, Math.Min(before + 1, size - 1), u - before);
    }
}
