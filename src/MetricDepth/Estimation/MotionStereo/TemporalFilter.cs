using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Keeps depth steady: each pixel is looked up in the previous frame's finished depth where the poses put it, and blended with
/// what is found there if the two agree. Where they do not (edges, things that moved) the new depth stands, so nothing lags.
/// </summary>
internal static class TemporalFilter
{
    /// <summary>Blends <paramref name="inverseDepth"/> with the previous frame's.</summary>
    /// <param name="inverseDepth">This frame's, changed in place.</param>
    /// <param name="previous">The previous frame's, after filtering.</param>
    /// <param name="warp">From this frame to the previous.</param>
    /// <param name="share">The share of the previous frame in the blend.</param>
    /// <param name="agreement">Share by which agreeing depths may differ.</param>
    public static void Blend(Plane<float> inverseDepth, Plane<float> previous, PlaneWarp warp, float share, float agreement)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        for (int y = 0; y < h; y++)
        {
            var row = inverseDepth.Row(y);
            for (int x = 0; x < w; x++)
            {
                float depth = row[x];
                var (u, v, ratio) = warp.Project(x, y, depth);
                if (!(ratio > 0 && u >= 0 && v >= 0 && u < w - 1 && v < h - 1)) continue;
                int iu = (int)u, iv = (int)v, at = iv * w + iu;
                float fu = u - iu, fv = v - iv;
                var p = previous.Data;
                float a = p[at], b = p[at + 1], c = p[at + w], d = p[at + w + 1];
                // no blend over a depth edge
                float low = Math.Min(Math.Min(a, b), Math.Min(c, d)), high = Math.Max(Math.Max(a, b), Math.Max(c, d));
                if (high - low > agreement * high) continue;
                float there = ((a * (1 - fu) + b * fu) * (1 - fv) + (c * (1 - fu) + d * fu) * fv) * ratio;
                float difference = MathF.Abs(there - depth) / (agreement * depth);
                if (difference < 1) row[x] = depth + share * (1 - difference * difference) * (there - depth);
            }
        }
    }

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
