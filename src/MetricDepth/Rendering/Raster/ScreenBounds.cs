using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>A rectangle on the screen, px; a pixel belongs to it when its centre does.</summary>
internal readonly record struct ScreenBounds(float Left, float Top, float Right, float Bottom)
{
    /// <summary>No pixel.</summary>
    public static ScreenBounds Nothing => new(float.PositiveInfinity, float.PositiveInfinity, float.NegativeInfinity, float.NegativeInfinity);

    /// <summary>Whether it holds nothing.</summary>
    public bool IsEmpty => !(Left <= Right);

    /// <summary>Whether it has pixels in columns [left, right), rows [top, bottom).</summary>
    public bool Touches(int left, int top, int right, int bottom) => Left < right && Right >= left && Top < bottom && Bottom >= top;

    /// <summary>The rectangle around this one and the vertices that are seen; whole vectors of them.</summary>
    /// <param name="u">Columns.</param>
    /// <param name="v">Rows, as many.</param>
    /// <param name="q">Above 0 where a vertex is seen.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ScreenBounds With(ReadOnlySpan<float> u, ReadOnlySpan<float> v, ReadOnlySpan<float> q)
    {
        var (left, top) = (Vector256.Create(Left), Vector256.Create(Top));
        var (right, bottom) = (Vector256.Create(Right), Vector256.Create(Bottom));
        var (least, most) = (Vector256.Create(float.PositiveInfinity), Vector256.Create(float.NegativeInfinity));
        ref float us = ref MemoryMarshal.GetReference(u), vs = ref MemoryMarshal.GetReference(v), qs = ref MemoryMarshal.GetReference(q);
        for (nuint i = 0; i < (nuint)q.Length; i += (nuint)Vector256<float>.Count)
        {
            var seen = Vector256.GreaterThan(Vector256.LoadUnsafe(ref qs, i), Vector256<float>.Zero);
            var (x, y) = (Vector256.LoadUnsafe(ref us, i), Vector256.LoadUnsafe(ref vs, i));
            left = Vector256.MinNative(left, Vector256.ConditionalSelect(seen, x, least));
            right = Vector256.MaxNative(right, Vector256.ConditionalSelect(seen, x, most));
            top = Vector256.MinNative(top, Vector256.ConditionalSelect(seen, y, least));
            bottom = Vector256.MaxNative(bottom, Vector256.ConditionalSelect(seen, y, most));
        }
        var (l, t, r, b) = this;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
            (l, t, r, b) = (Math.Min(l, left[lane]), Math.Min(t, top[lane]), Math.Max(r, right[lane]), Math.Max(b, bottom[lane]));
        return new(l, t, r, b);
    }
}
