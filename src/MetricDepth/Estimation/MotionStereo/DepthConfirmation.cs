using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// How sure finished depth is: each pixel is held against what was matched in its own frame and in the frames around it. Depth that
/// the completion guessed, and that no view measured, ends up low however smooth it looks.
/// </summary>
internal static class DepthConfirmation
{
    // Logistic regression of "within 5 % of the truth" on the ray-cast scenes floor, room, poles and walk (MetricDepth.Benchmarks
    // depth prints how well it holds): what is given before any view is asked, for each of the first three views that agree, for each
    // that does not, and for the pixel's own match.
    private const float Given = -0.3f, PerAgreement = 0.8f, PerContradiction = -0.44f, OwnMatch = 1.6f;
    private const float EnoughAgreement = 3;

    // A view whose own match is a toss-up there hardly counts: pictures without texture agree by chance.
    private const float HalfTrusted = 0.04f;

    /// <summary>Rates one frame.</summary>
    /// <param name="inverseDepth">Its finished inverse depth.</param>
    /// <param name="own">What was matched in it.</param>
    /// <param name="others">What was matched in frames around it.</param>
    /// <param name="warps">From the frame to each of them.</param>
    /// <param name="agreement">Share by which agreeing depths may differ.</param>
    /// <param name="confidence">Receives 0..1: about the chance to be within 5 % of the truth.</param>
    public static void Rate(
        Plane<float> inverseDepth, MatchedDepth own, ReadOnlySpan<MatchedDepth> others, ReadOnlySpan<PlaneWarp> warps, float agreement,
        Plane<float> confidence)
    {
        int w = inverseDepth.Width, h = inverseDepth.Height;
        for (int y = 0; y < h; y++)
        {
            var row = inverseDepth.Row(y);
            var to = confidence.Row(y);
            for (int x = 0; x < w; x++)
            {
                float depth = row[x], tolerance = agreement * depth, agreeing = 0, contradicting = 0;
                for (int n = 0; n < others.Length; n++)
                {
                    var (u, v, ratio) = warps[n].Project(x, y, depth);
                    if (!(ratio > 0)) continue;
                    int iu = (int)MathF.Floor(u + 0.5f), iv = (int)MathF.Floor(v + 0.5f);
                    if ((uint)iu >= (uint)w || (uint)iv >= (uint)h) continue;
                    int at = iv * w + iu;
                    if (MathF.Abs(others[n].InverseDepth.Data[at] * ratio - depth) > tolerance) contradicting++;
                    else agreeing += others[n].Confidence.Data[at] / (others[n].Confidence.Data[at] + HalfTrusted);
                }
                float matched = MathF.Abs(own.InverseDepth[x, y] - depth) <= tolerance ? own.Confidence[x, y] : 0;
                float logit = Given + PerAgreement * Math.Min(agreeing, EnoughAgreement) + PerContradiction * contradicting + OwnMatch * matched;
                to[x] = depth > 0 ? 1 / (1 + MathF.Exp(-logit)) : 0;
            }
        }
    }
}
