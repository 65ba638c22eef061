using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Rendering;

/// <summary>
/// Depth as Touchly's layouts show it (DESIGN §3): grey <c>255 − rint((clamp(d, min, max) − min) · 255 / (max − min))</c>, near
/// bright; without depth it is black, the farthest.
/// </summary>
/// <param name="Min">Depth shown as white, m.</param>
/// <param name="Max">Depth shown as black, m.</param>
internal sealed record TouchlyDepth(double Min = 0, double Max = TouchlyDepth.DefaultMax)
{
    /// <summary>The Python toolbox's largest depth, m.</summary>
    public const double DefaultMax = 5;

    // Adding and taking away 2^23 leaves a single-precision number rounded to a whole one, halves to even.
    private const float Rounding = 1 << 23;

    /// <summary>Draws a row of inverse depth (1/m, 0 = none) as grey BGR0 pixels.</summary>
    public void Draw(ReadOnlySpan<float> inverseDepth, Span<uint> pixels)
    {
        float scale = (float)(255 / (Max - Min));
        var source = MemoryMarshal.Cast<float, Vector<float>>(inverseDepth);
        var target = MemoryMarshal.Cast<uint, Vector<uint>>(pixels);
        var (nearest, farthest, rounding) = (new Vector<float>((float)Min), new Vector<float>((float)Max), new Vector<float>(Rounding));
        for (int i = 0; i < source.Length; i++)
        {
            var known = Vector.GreaterThan(source[i], Vector<float>.Zero);
            var depth = Vector.Min(Vector.Max(Vector<float>.One / source[i], nearest), farthest);
            var grey = new Vector<int>(255) - Vector.ConvertToInt32((depth - nearest) * scale + rounding - rounding);
            target[i] = ((grey & known) * 0x010101).As<int, uint>();
        }
        for (int x = source.Length * Vector<float>.Count; x < inverseDepth.Length; x++)
        {
            float depth = Math.Clamp(1 / inverseDepth[x], (float)Min, (float)Max);
            pixels[x] = inverseDepth[x] > 0 ? (255 - (uint)((depth - (float)Min) * scale + Rounding - Rounding)) * 0x010101 : 0;
        }
    }
}
