using MetricDepth.Scenes.Shading;

namespace MetricDepth.Scenes.Poses;

/// <summary>
/// Depth as a network estimates it: wrong by 3 % (standard deviation; two thirds of the variance in patches a tenth of the picture wide
/// that live for half a second or so, the rest new at every pixel of every frame), all of a frame too near or too far by a scale that
/// wavers slowly by ±5 % and jumps by 0.5 % from frame to frame. Over a whole number of waves the scale's mean is 1.
/// </summary>
/// <param name="seed">Another seed, another network.</param>
internal sealed class WaveringDepth(int seed)
{
    private const double Noise = 0.03, PatchShare = 2.0 / 3, PatchPixels = 32, PatchFrames = 12, Wave = 0.05, WaveFrames = 87, Jitter = 0.005;

    // of Noise.Smooth, measured over a million places
    private const double SmoothDeviation = 0.36;
    private const int Period = 1 << 16;

    /// <summary>The estimate at a place of a frame where the truth is <paramref name="depth"/> metres.</summary>
    public float At(long frame, float x, float y, float depth)
    {
        if (!(depth > 0)) return 0;
        double wave = Math.Sin(2 * Math.PI * frame / WaveFrames + seed), jitter = Normal((int)frame, -1, seed + 1);
        return (float)(depth * (1 + Wave * wave) * (1 + Jitter * jitter)
            * (1 + Noise * Math.Sqrt(PatchShare) * Patches(frame, x, y))
            * (1 + Noise * Math.Sqrt(1 - PatchShare) * Normal((int)MathF.Round(x) + 4096 * (int)MathF.Round(y), (int)frame, seed + 2)));
    }

    /// <summary>Patches fade into others: two layers, each strongest while the other is renewed, with weights whose squares add up to 1.</summary>
    private double Patches(long frame, float x, float y)
    {
        double at = frame / PatchFrames, part = at - Math.Floor(at);
        int layer = (int)Math.Floor(at);
        var (sin, cos) = Math.SinCos(part * Math.PI / 2);
        return (cos * Layer(layer) + sin * Layer(layer + 1)) / SmoothDeviation;

        double Layer(int n) => Shading.Noise.Smooth((float)(x / PatchPixels) + 100, (float)(y / PatchPixels) + 100, Period, Period, seed + 1000 * n);
    }

    private static double Normal(int x, int y, int seed) =>
        Math.Sqrt(-2 * Math.Log(1 - Shading.Noise.Hash(x, y, seed))) * Math.Cos(2 * Math.PI * Shading.Noise.Hash(x, y, seed + 500));
}
