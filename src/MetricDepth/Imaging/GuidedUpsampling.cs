namespace MetricDepth.Imaging;

/// <summary>
/// Enlarges a plane so that its steps fall on the edges of a larger colour picture (joint bilateral upsampling; Kopf, Cohen,
/// Lischinski, Uyttendaele, 2007): where the small plane is smooth it is interpolated, at a step each pixel takes the side whose
/// colour is more like its own.
/// </summary>
internal static class GuidedUpsampling
{
    // relative difference of four neighbours from which there is a step between them
    private const float Step = 0.04f;

    /// <summary>Fills <paramref name="large"/>.</summary>
    /// <param name="small">Positive values at the small size.</param>
    /// <param name="smallGuide">The colour picture at the small size, BGR0.</param>
    /// <param name="largeGuide">The colour picture at the large size, BGR0.</param>
    /// <param name="large">Receives the values at the large size.</param>
    /// <param name="threads">Rows are shared among so many threads.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static void Run(
        Plane<float> small, Plane<uint> smallGuide, Plane<uint> largeGuide, Plane<float> large, int threads, CancellationToken cancellation)
    {
        if (small.Width == large.Width && small.Height == large.Height)
        {
            small.Span.CopyTo(large.Span);
            return;
        }
        float scaleX = (float)small.Width / large.Width, scaleY = (float)small.Height / large.Height;
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, large.Height, options, y =>
        {
            float v = Math.Clamp((y + 0.5f) * scaleY - 0.5f, 0, small.Height - 1);
            int y0 = Math.Min((int)v, Math.Max(0, small.Height - 2)), y1 = Math.Min(y0 + 1, small.Height - 1);
            float fy = v - y0;
            var top = small.Row(y0);
            var bottom = small.Row(y1);
            var topGuide = smallGuide.Row(y0);
            var bottomGuide = smallGuide.Row(y1);
            var guide = largeGuide.Row(y);
            var row = large.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                float u = Math.Clamp((x + 0.5f) * scaleX - 0.5f, 0, small.Width - 1);
                int x0 = Math.Min((int)u, Math.Max(0, small.Width - 2)), x1 = Math.Min(x0 + 1, small.Width - 1);
                float fx = u - x0;
                float a = top[x0], b = top[x1], c = bottom[x0], d = bottom[x1];
                float wa = (1 - fx) * (1 - fy), wb = fx * (1 - fy), wc = (1 - fx) * fy, wd = fx * fy;
                float low = Math.Min(Math.Min(a, b), Math.Min(c, d)), high = Math.Max(Math.Max(a, b), Math.Max(c, d));
                if (high - low <= Step * high)
                {
                    row[x] = a * wa + b * wb + c * wc + d * wd;
                    continue;
                }
                // two sides, split halfway: each is weighed by position and likeness, the heavier one wins, so no value lies between
                float split = 0.5f * (low + high), nearSum = 0, nearWeight = 0, farSum = 0, farWeight = 0;
                uint color = guide[x];
                Weigh(a, (wa + 0.05f) * Likeness(color, topGuide[x0]));
                Weigh(b, (wb + 0.05f) * Likeness(color, topGuide[x1]));
                Weigh(c, (wc + 0.05f) * Likeness(color, bottomGuide[x0]));
                Weigh(d, (wd + 0.05f) * Likeness(color, bottomGuide[x1]));
                row[x] = nearWeight >= farWeight ? nearSum / nearWeight : farSum / farWeight;

                void Weigh(float value, float weight)
                {
                    if (value >= split)
                    {
                        nearSum += weight * value;
                        nearWeight += weight;
                    }
                    else
                    {
                        farSum += weight * value;
                        farWeight += weight;
                    }
                }
            }
        });
    }

    private static float Likeness(uint a, uint b)
    {
        int difference = Math.Abs((int)(a & 255) - (int)(b & 255))
            + Math.Abs((int)((a >> 8) & 255) - (int)((b >> 8) & 255))
            + Math.Abs((int)((a >> 16) & 255) - (int)((b >> 16) & 255));
        return 1f / (1f + difference * difference * (1f / 400));
    }
}
