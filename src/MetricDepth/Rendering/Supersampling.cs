namespace MetricDepth.Rendering;

/// <summary>Makes one pixel of the mean of the samples in it.</summary>
/// <param name="factor">Samples a pixel in each direction.</param>
internal sealed class Supersampling(int factor)
{
    /// <summary>Averages samples into pixels.</summary>
    /// <param name="samples">The view, <c>factor</c> times as wide and high.</param>
    /// <param name="view">Receives colour (the mean of what was seen), inverse depth (of the nearest thing seen) and holes (where less than half was).</param>
    /// <param name="covered">Receives how much of each pixel was seen, 0..255; W×H without padding.</param>
    public void Reduce(ViewImage samples, ViewImage view, Span<byte> covered)
    {
        int all = factor * factor;
        for (int y = 0; y < view.Height; y++)
            for (int x = 0; x < view.Width; x++)
            {
                uint blue = 0, green = 0, red = 0, seen = 0;
                float nearest = 0;
                for (int j = 0; j < factor; j++)
                {
                    int from = (y * factor + j) * samples.Stride + x * factor;
                    var colors = samples.Color.AsSpan(from, factor);
                    var holes = samples.Holes.AsSpan(from, factor);
                    var depths = samples.InverseDepth.AsSpan(from, factor);
                    for (int i = 0; i < colors.Length; i++)
                    {
                        if (holes[i] != 0) continue;
                        uint c = colors[i];
                        (blue, green, red, seen) = (blue + (c & 255), green + (c >> 8 & 255), red + (c >> 16 & 255), seen + 1);
                        nearest = Math.Max(nearest, depths[i]);
                    }
                }
                int at = y * view.Stride + x;
                uint half = seen / 2;
                view.Color[at] = seen == 0 ? 0 : (red + half) / seen << 16 | (green + half) / seen << 8 | (blue + half) / seen;
                view.InverseDepth[at] = 2 * seen < all ? 0 : nearest;
                view.Holes[at] = 2 * seen < all ? byte.MaxValue : (byte)0;
                covered[y * view.Width + x] = (byte)(seen * 255 / all);
            }
    }
}
