using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Holds one frame's depth against those of its neighbours. What several views agree on is averaged, which also calms noise
/// from frame to frame; what none confirms counts for almost nothing.
/// </summary>
internal static class CrossViewCheck
{
    // an unconfirmed depth still beats a guess where nothing else is known for a long way
    private const float Unconfirmed = 0.002f;

    /// <summary>Checks one frame.</summary>
    /// <param name="own">The frame's own matches.</param>
    /// <param name="others">Its neighbours' matches.</param>
    /// <param name="warps">From the frame to each neighbour.</param>
    /// <param name="agreement">Share by which agreeing depths may differ.</param>
    /// <param name="inverseDepth">Receives the fused inverse depth.</param>
    /// <param name="confidence">Receives 0..1.</param>
    /// <returns>Share of pixels that at least one other view confirmed.</returns>
    public static double Run(
        MatchedDepth own, ReadOnlySpan<MatchedDepth> others, ReadOnlySpan<PlaneWarp> warps, float agreement,
        Plane<float> inverseDepth, Plane<float> confidence)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        long confirmed = 0;
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
            {
                float depth = own.InverseDepth[x, y], trust = own.Confidence[x, y];
                if (depth <= 0)
                {
                    inverseDepth[x, y] = 0;
                    confidence[x, y] = 0;
                    continue;
                }
                float weight = trust + 0.05f, sum = weight * depth, support = 0;
                int visible = 0;
                for (int n = 0; n < others.Length; n++)
                {
                    var (u, v, ratio) = warps[n].Project(x, y, depth);
                    if (!(ratio > 0)) continue;
                    int iu = (int)MathF.Floor(u + 0.5f), iv = (int)MathF.Floor(v + 0.5f);
                    if ((uint)iu >= (uint)w || (uint)iv >= (uint)h) continue;
                    float there = others[n].InverseDepth[iu, iv] * ratio;
                    visible++;
                    if (MathF.Abs(there - depth) > agreement * depth) continue;
                    float c = others[n].Confidence[iu, iv] + 0.05f;
                    support += c;
                    sum += c * there;
                    weight += c;
                }
                inverseDepth[x, y] = sum / weight;
                if (support > 0) confirmed++;
                confidence[x, y] = support <= 0 ? Unconfirmed * trust : Math.Clamp((trust + support) / (1 + 0.6f * visible), 0, 1);
            }
        return confirmed / (double)(w * h);
    }
}
