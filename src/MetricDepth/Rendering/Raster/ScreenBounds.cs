using System.Runtime.CompilerServices;

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

    /// <summary>The rectangle around this one and the vertices that are seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ScreenBounds With(ReadOnlySpan<float> u, ReadOnlySpan<float> v, ReadOnlySpan<float> q)
    {
        var (left, top, right, bottom) = this;
        for (int i = 0; i < q.Length; i++)
        {
            if (!(q[i] > 0)) continue;
            left = Math.Min(left, u[i]);
            right = Math.Max(right, u[i]);
            top = Math.Min(top, v[i]);
            bottom = Math.Max(bottom, v[i]);
        }
        return new(left, top, right, bottom);
    }
}
