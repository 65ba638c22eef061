using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Keeps depth steady: each pixel is looked up in the previous frame's finished depth where the poses put it, and blended with
/// what is found there if the two agree. Where they do not (edges, things that moved) depth that was measured stands, so nothing lags;
/// depth that is only guessed follows the previous frame's as far as that is surer and the picture still shows the same there.
/// </summary>
internal static class TemporalFilter
{
    // colours (largest difference of a channel, 0..255) that may be the same thing under slightly other light
    private const int SameColor = 14;

    // from this confidence on depth is measured, not guessed
    private const float Measured = 0.6f;

    // what was known of a thing fades by this each frame, unless it is confirmed
    private const float Fading = 0.97f;

    /// <summary>Blends a frame with the previous one.</summary>
    /// <param name="inverseDepth">This frame's, changed in place.</param>
    /// <param name="confidence">How sure it is, 0..1; rises where the previous frame's depth is taken over.</param>
    /// <param name="color">Its picture.</param>
    /// <param name="previous">The previous frame, after filtering.</param>
    /// <param name="warp">From this frame to the previous.</param>
    /// <param name="settings">How much is blended.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static void Blend(Plane<float> inverseDepth, Plane<float> confidence, Plane<uint> color, KeyDepth previous, PlaneWarp warp,
        MotionStereoSettings settings, CancellationToken cancellation)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        Parallel.For(0, h, new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation }, y =>
        {
            var row = inverseDepth.Row(y);
            var sure = confidence.Row(y);
            for (int x = 0; x < w; x++)
            {
                float depth = row[x];
                if (Interpolate(previous.InverseDepth, warp, x, y, depth, settings.Agreement) is { } there)
                {
                    float difference = MathF.Abs(there - depth) / (settings.Agreement * depth);
                    if (difference < 1)
                    {
                        row[x] = depth + settings.Steadiness * (1 - difference * difference) * (there - depth);
                        continue;
                    }
                }
                if (sure[x] >= Measured) continue;
                // the guess may be far off, and then its place in the previous frame is too: that frame's own depth tells the place
                var (known, at) = Trace(previous.InverseDepth, warp, x, y);
                if (at < 0 || Difference(color[x, y], previous.Color.Data[at]) > SameColor) continue;
                float before = Fading * previous.Confidence.Data[at], share = settings.Steadiness * before / (before + sure[x] + 1e-6f);
                row[x] = depth + share * (known - depth);
                sure[x] += share * Math.Max(0, before - sure[x]);
            }
        });
    }

    /// <summary>The other frame's depth at a pixel, as this frame sees it; null outside and across depth edges.</summary>
    private static float? Interpolate(Plane<float> other, in PlaneWarp warp, int x, int y, float depth, float agreement)
    {
        int w = other.Width, h = other.Height;
        var (u, v, ratio) = warp.Project(x, y, depth);
        if (!(ratio > 0 && u >= 0 && v >= 0 && u < w - 1 && v < h - 1)) return null;
        int iu = (int)u, iv = (int)v, at = iv * w + iu;
        float fu = u - iu, fv = v - iv;
        var p = other.Data;
        float a = p[at], b = p[at + 1], c = p[at + w], d = p[at + w + 1];
        // no blend over a depth edge
        float low = Math.Min(Math.Min(a, b), Math.Min(c, d)), high = Math.Max(Math.Max(a, b), Math.Max(c, d));
        if (high - low > agreement * high) return null;
        return ((a * (1 - fu) + b * fu) * (1 - fv) + (c * (1 - fu) + d * fu) * fv) * ratio;
    }

    /// <summary>
    /// What the other frame's depth alone makes of a pixel: its inverse depth here, and the other frame's pixel that it comes from, -1 if
    /// that lies outside. Where a pixel came from depends on the depth sought: a few rounds settle it, because the views hardly differ.
    /// </summary>
    private static (float InverseDepth, int At) Trace(Plane<float> other, in PlaneWarp warp, int x, int y)
    {
        int w = other.Width, h = other.Height, at = -1;
        float depth = other[x, y];
        for (int round = 0; round < 3; round++)
        {
            var (u, v, ratio) = warp.Project(x, y, depth);
            int iu = (int)MathF.Floor(u + 0.5f), iv = (int)MathF.Floor(v + 0.5f);
            if (!(ratio > 0) || (uint)iu >= (uint)w || (uint)iv >= (uint)h) return (0, -1);
            at = iv * w + iu;
            depth = other.Data[at] * ratio;
        }
        return (depth, at);
    }

    private static int Difference(uint a, uint b) => Math.Max(Math.Max(
        Math.Abs((int)(a & 255) - (int)(b & 255)),
        Math.Abs((int)((a >> 8) & 255) - (int)((b >> 8) & 255))),
        Math.Abs((int)((a >> 16) & 255) - (int)((b >> 16) & 255)));

    /// <summary>Fills a frame that could not be matched (the camera stood still or only turned) from another frame's depth.</summary>
    /// <param name="inverseDepth">Receives inverse depth everywhere.</param>
    /// <param name="confidence">Receives how sure it is.</param>
    /// <param name="known">The other frame's.</param>
    /// <param name="warp">From this frame to the other.</param>
    public static void Carry(Plane<float> inverseDepth, Plane<float> confidence, KeyDepth known, PlaneWarp warp)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
            {
                // where a pixel came from depends on the depth sought: a few rounds settle it, because the views hardly differ
                float depth = known.InverseDepth[x, y], sure = known.Confidence[x, y];
                for (int round = 0; round < 3; round++)
                {
                    var (u, v, ratio) = warp.Project(x, y, depth);
                    if (!(ratio > 0)) break;
                    int iu = (int)Math.Clamp(u + 0.5f, 0, w - 1), iv = (int)Math.Clamp(v + 0.5f, 0, h - 1);
                    (depth, sure) = (known.InverseDepth[iu, iv] * ratio, known.Confidence[iu, iv]);
                }
                inverseDepth[x, y] = depth;
                confidence[x, y] = sure;
            }
    }
}
