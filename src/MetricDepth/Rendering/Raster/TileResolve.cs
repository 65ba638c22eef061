using System.Runtime.CompilerServices;

namespace MetricDepth.Rendering.Raster;

/// <summary>Turns a finished tile into pixels: colour is sampled once for each pixel seen, between the source's pixels.</summary>
internal static class TileResolve
{
    private const int One = 256;

    /// <summary>Writes a tile's part of the view.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(RasterTile tile, SourceImage source, ViewImage view)
    {
        int width = source.Width, height = source.Height;
        for (int y = tile.Top; y < tile.Bottom; y++)
            for (int x = tile.Left; x < tile.Right; x++)
            {
                int from = tile.Index(x, y), to = y * view.Stride + x;
                float w = tile.W[from];
                view.InverseDepth[to] = w;
                view.Holes[to] = w > 0 ? (byte)0 : (byte)255;
                view.Color[to] = 0;
                if (!(w > 0)) continue;
                float sourceY = tile.Y[from];
                bool alone = sourceY < 0;
                if (alone) sourceY = -1 - sourceY;
                int px = Math.Clamp((int)MathF.Round(tile.X[from] * One), 0, (width - 1) * One);
                int py = Math.Clamp((int)MathF.Round(sourceY * One), 0, (height - 1) * One);
                int fx = px & (One - 1), fy = py & (One - 1), at = (py >> 8) * width + (px >> 8);
                int right = fx == 0 ? 0 : 1, down = fy == 0 ? 0 : width;
                int wb, wc, wd;
                if (alone) (wb, wc, wd) = fx >= fy ? (fx - fy, 0, fy) : (0, fy - fx, fx);
                else
                {
                    wd = (fx * fy + One / 2) / One;
                    (wb, wc) = (fx - wd, fy - wd);
                }
                int wa = One - wb - wc - wd;
                uint a = source.Color[at], b = source.Color[at + right], c = source.Color[at + down], d = source.Color[at + right + down];
                uint result = 0;
                for (int shift = 0; shift < 24; shift += 8)
                    result |= (uint)((int)(a >> shift & 255) * wa + (int)(b >> shift & 255) * wb + (int)(c >> shift & 255) * wc
                        + (int)(d >> shift & 255) * wd + One / 2) / One << shift;
                view.Color[to] = result;
            }
    }
}
