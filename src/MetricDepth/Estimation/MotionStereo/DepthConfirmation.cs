using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// How sure finished depth is: each pixel is held against what was matched in its own frame and in the frames around it. Depth that
/// the completion guessed, and that no view measured, ends up low however smooth it looks.
/// </summary>
internal static class DepthConfirmation
{
    private const float PerView = 0.9f, HalfSure = 0.6f;

    /// <summary>Rates one frame.</summary>
    /// <param name="inverseDepth">Its finished inverse depth.</param>
    /// <param name="own">What was matched in it.</param>
    /// <param name="others">What was matched in frames around it.</param>
    /// <param name="warps">From the frame to each of them.</param>
    /// <param name="agreement">Share by which agreeing depths may differ.</param>
    /// <param name="confidence">Receives 0..1.</param>
    public static void Rate(
        Plane<float> inverseDepth, MatchedDepth own, ReadOnlySpan<MatchedDepth> others, ReadOnlySpan<PlaneWarp> warps, float agreement,
        Plane<float> confidence)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
            {
                float depth = inverseDepth[x, y];
                float support = 0, views = 0;
                if (MathF.Abs(own.InverseDepth[x, y] - depth) <= agreement * depth) support += own.Confidence[x, y];
                for (int n = 0; n < others.Length; n++)
                {
                    var (u, v, ratio) = warps[n].Project(x, y, depth);
                    if (!(ratio > 0)) continue;
                    int iu = (int)MathF.Floor(u + 0.5f), iv = (int)MathF.Floor(v + 0.5f);
                    if ((uint)iu >= (uint)w || (uint)iv >= (uint)h) continue;
                    if (MathF.Abs(others[n].InverseDepth[iu, iv] * ratio - depth) > agreement * depth) continue;
                    support += others[n].Confidence[iu, iv];
                    views++;
                }
                confidence[x, y] = depth > 0 ? (support + PerView * views * support) / (support + PerView * views * support + HalfSure) : 0;
            }
    }
}
