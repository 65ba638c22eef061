using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Depth;

/// <summary>
/// Metres to and from the RGB codes of DESIGN §3: with <c>e = floor(depth · 255⁴ / maxDepth)</c> as a 32-bit number, red and
/// green hold its top byte, blue the next; <c>code = red · 256 + blue</c>, 0..64517.
/// </summary>
public static class DepthCodec
{
    /// <summary>The largest code: floor(255⁴ / 2¹⁶).</summary>
    public const int MaxCode = 64517;

    private const double Full = 255.0 * 255 * 255 * 255;

    // One part in four million upward, far below a step: a decoded depth is never below its code's lower bound, so encoding it
    // again gives the same code although both bounds were rounded to single precision.
    private const double RoundUp = 1 + 1.0 / (1 << 22);

    /// <summary>The size of one step, metres: maxDepth · 2¹⁶ / 255⁴.</summary>
    public static double Step(double maxDepth) => maxDepth * 65536 / Full;

    /// <summary>BGR0 pixels to metres; code 0 becomes 0 (no depth).</summary>
    public static void Decode(ReadOnlySpan<uint> pixels, Span<float> depth, double maxDepth)
    {
        if (depth.Length < pixels.Length) throw new ArgumentException("The depth is shorter than the pixels.", nameof(depth));
        float step = (float)(Step(maxDepth) * RoundUp);
        var source = MemoryMarshal.Cast<uint, Vector<uint>>(pixels);
        var target = MemoryMarshal.Cast<float, Vector<float>>(depth);
        var low = new Vector<uint>(0xFF);
        var high = new Vector<uint>(0xFF00);
        for (int i = 0; i < source.Length; i++)
        {
            var code = (Vector.ShiftRightLogical(source[i], 8) & high) | (source[i] & low);
            target[i] = Vector.ConvertToSingle(code.As<uint, int>()) * step;
        }
        for (int i = source.Length * Vector<uint>.Count; i < pixels.Length; i++)
            depth[i] = (int)(((pixels[i] >> 8) & 0xFF00) | (pixels[i] & 0xFF)) * step;
    }

    /// <summary>Metres to BGR0 pixels. 0 and NaN are no depth; others are clamped to [0, maxDepth].</summary>
    /// <returns>How many pixels were clamped.</returns>
    public static long Encode(ReadOnlySpan<float> depth, Span<uint> pixels, double maxDepth)
    {
        if (pixels.Length < depth.Length) throw new ArgumentException("The pixels are shorter than the depth.", nameof(pixels));
        var source = MemoryMarshal.Cast<float, Vector<float>>(depth);
        var target = MemoryMarshal.Cast<uint, Vector<uint>>(pixels);
        var full = new Vector<double>(Full);
        var divisor = new Vector<double>(maxDepth);
        var limit = new Vector<float>((float)maxDepth);
        var clamped = Vector<int>.Zero;
        for (int i = 0; i < source.Length; i++)
        {
            var d = source[i];
            clamped += Vector.GreaterThan(d, limit) + Vector.LessThan(d, Vector<float>.Zero); // −1 for each
            // NaN compares false and becomes 0
            d = Vector.ConditionalSelect(Vector.GreaterThan(d, Vector<float>.Zero), Vector.Min(d, limit), Vector<float>.Zero);
            Vector.Widen(d, out var a, out var b);
            var code = Vector.Narrow(
                Vector.ConvertToInt64(a * full / divisor * (1.0 / 65536)).As<long, ulong>(),
                Vector.ConvertToInt64(b * full / divisor * (1.0 / 65536)).As<long, ulong>());
            code = Vector.Min(code, new Vector<uint>(MaxCode));
            target[i] = Spread(code);
        }
        long count = -Vector.Sum(clamped);
        for (int i = source.Length * Vector<float>.Count; i < depth.Length; i++)
        {
            double d = depth[i];
            if (d > (float)maxDepth || d < 0) count++;
            d = d > 0 ? Math.Min(d, (float)maxDepth) : 0;
            uint code = Math.Min((uint)(d * Full / maxDepth * (1.0 / 65536)), MaxCode);
            uint top = code >> 8;
            pixels[i] = (top << 16) | (top << 8) | (code & 0xFF);
        }
        return count;
    }

    private static Vector<uint> Spread(Vector<uint> code)
    {
        var top = Vector.ShiftRightLogical(code, 8);
        return Vector.ShiftLeft(top, 16) | Vector.ShiftLeft(top, 8) | (code & new Vector<uint>(0xFF));
    }
}
