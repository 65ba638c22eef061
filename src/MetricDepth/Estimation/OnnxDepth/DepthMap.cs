using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>A network's raw output as a plane, and its way to the wanted size and to metres.</summary>
internal static class DepthMap
{
    /// <summary>Height and width of an output: its shape without the sizes of 1 in front and behind.</summary>
    /// <exception cref="MetricDepthException"><c>ModelOutputUnsupported</c>.</exception>
    public static (int Width, int Height) Size(OnnxTensor output)
    {
        var sizes = output.Shape.ToList();
        while (sizes.Count > 2 && sizes[0] == 1) sizes.RemoveAt(0);
        if (sizes.Count == 3 && sizes[2] == 1) sizes.RemoveAt(2);
        if (sizes is not [>= 1 and <= Plane<float>.MaxSide, >= 1 and <= Plane<float>.MaxSide])
            throw new MetricDepthException("ModelOutputUnsupported", FailureKind.InvalidData,
                $"The model's output '{output.Name}' came as [{string.Join(", ", output.Shape)}], which is not one depth map. "
                + "Use a model that gives [1, H, W] or [1, 1, H, W].");
        return ((int)sizes[1], (int)sizes[0]);
    }

    /// <summary>
    /// Resizes bilinearly (half-pixel centres, edges repeated) and takes every value through <paramref name="depth"/>. Inverse depth
    /// is interpolated as it is, where it is linear across a slanted surface (Hartley &amp; Zisserman, 2nd ed., 8.1).
    /// </summary>
    public static void Resize<TDepth>(OnnxTensor output, Plane<float> target, TDepth depth) where TDepth : struct, IDepthLaw
    {
        var (width, height) = Size(output);
        var source = output.Values;
        var columns = Taps(width, target.Width);
        var rows = Taps(height, target.Height);
        Parallel.For(0, target.Height, y =>
        {
            var (y0, y1, fy) = rows[y];
            var upper = source.Span.Slice(y0 * width, width);
            var lower = source.Span.Slice(y1 * width, width);
            var row = target.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                var (x0, x1, fx) = columns[x];
                float above = upper[x0] + (upper[x1] - upper[x0]) * fx;
                float below = lower[x0] + (lower[x1] - lower[x0]) * fx;
                row[x] = depth.Metres(above + (below - above) * fy);
            }
        });
    }

    private static (int First, int Second, float Fraction)[] Taps(int from, int to)
    {
        var taps = new (int, int, float)[to];
        for (int i = 0; i < to; i++)
        {
            double at = Math.Clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
            int first = Math.Min((int)at, from - 1);
            taps[i] = (first, Math.Min(first + 1, from - 1), (float)(at - first));
        }
        return taps;
    }
}

/// <summary>Turns one raw output value into metres; 0 where there is no depth.</summary>
internal interface IDepthLaw
{
    float Metres(float raw);
}

/// <summary>Metres, or proportional to them.</summary>
internal readonly record struct ProportionalDepth(float Factor) : IDepthLaw
{
    public float Metres(float raw) => raw > 0 && float.IsFinite(raw) ? raw * Factor : 0;
}

/// <summary>Depth from inverse depth: <c>z = factor / raw</c>, never beyond what can be stored; at and below 0 is the far end.</summary>
internal readonly record struct ReciprocalDepth(float Factor, float Farthest) : IDepthLaw
{
    public float Metres(float raw) =>
        float.IsNaN(raw) ? 0
        : raw * Farthest <= Factor ? Farthest
        : float.IsPositiveInfinity(raw) ? 0
        : Factor / raw;
}
