using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>A network's output as a map, and its way to the wanted size.</summary>
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
    /// Resizes bilinearly (half-pixel centres, edges repeated) and takes every value through <paramref name="law"/>. Inverse depth
    /// is interpolated as it is, where it is linear across a slanted surface (Hartley &amp; Zisserman, 2nd ed., 8.1).
    /// </summary>
    /// <param name="map">The network's map.</param>
    /// <param name="target">Receives metres.</param>
    /// <param name="law">From the map's numbers to metres.</param>
    /// <param name="margin">Pixels of the target's size that the map shows beyond each border of the target.</param>
    public static void Resize<TLaw>(NetworkMap map, Plane<float> target, TLaw law, (double Sides, double Ends) margin = default) where TLaw : struct, IDepthLaw
    {
        int width = map.Width;
        var source = map.Memory;
        var columns = Taps(width, target.Width, margin.Sides);
        var rows = Taps(map.Height, target.Height, margin.Ends);
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
                row[x] = law.Metres(above + (below - above) * fy);
            }
        });
    }

    private static (int First, int Second, float Fraction)[] Taps(int from, int to, double margin)
    {
        var taps = new (int, int, float)[to];
        double scale = from / (to + 2 * margin);
        for (int i = 0; i < to; i++)
        {
            double at = Math.Clamp((i + margin + 0.5) * scale - 0.5, 0, from - 1);
            int first = Math.Min((int)at, from - 1);
            taps[i] = (first, Math.Min(first + 1, from - 1), (float)(at - first));
        }
        return taps;
    }
}
