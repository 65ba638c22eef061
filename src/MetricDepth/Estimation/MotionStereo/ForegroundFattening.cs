using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Matching windows that overlap a near thing's outline take its depth, so near things come out fatter by the window's radius.
/// Pixels that near to something clearly farther lose their trust; the completion then gives them, by colour, to one side or
/// the other.
/// </summary>
internal static class ForegroundFattening
{
    private const float Step = 1.1f, Trusted = 0.35f, Kept = 0.05f;

    /// <summary>Lowers <paramref name="confidence"/> in the band inside the outlines of near things.</summary>
    /// <param name="inverseDepth">Inverse depth after the check.</param>
    /// <param name="confidence">0..1, changed in place.</param>
    /// <param name="radius">The band's width, px.</param>
    /// <param name="rows">Scratch, H×W.</param>
    public static void Doubt(Plane<float> inverseDepth, Plane<float> confidence, int radius, Plane<float> rows)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        // the farthest trusted depth in the square around each pixel: along rows, then along columns
        var line = new float[w];
        for (int y = 0; y < h; y++)
        {
            var depth = inverseDepth.Row(y);
            var trust = confidence.Row(y);
            for (int x = 0; x < w; x++) line[x] = trust[x] > Trusted ? depth[x] : float.PositiveInfinity;
            var to = rows.Row(y);
            for (int x = 0; x < w; x++)
            {
                float least = float.PositiveInfinity;
                for (int u = Math.Max(0, x - radius); u <= Math.Min(w - 1, x + radius); u++) least = Math.Min(least, line[u]);
                to[x] = least;
            }
        }
        for (int y = 0; y < h; y++)
        {
            int top = Math.Max(0, y - radius), bottom = Math.Min(h - 1, y + radius);
            rows.Row(top).CopyTo(line);
            for (int v = top + 1; v <= bottom; v++)
            {
                var row = rows.Row(v);
                for (int x = 0; x < w; x++) line[x] = Math.Min(line[x], row[x]);
            }
            var depth = inverseDepth.Row(y);
            var trust = confidence.Row(y);
            for (int x = 0; x < w; x++)
                if (depth[x] > Step * line[x]) trust[x] *= Kept;
        }
    }
}
