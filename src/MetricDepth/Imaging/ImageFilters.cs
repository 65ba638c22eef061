namespace MetricDepth.Imaging;

/// <summary>Plain point and neighbourhood operations on pictures.</summary>
internal static class ImageFilters
{
    /// <summary>Brightness of BGR0 pixels: ITU-R BT.601 weights in 8-bit fixed point.</summary>
    public static void Luma(Plane<uint> color, Plane<byte> luma)
    {
        var from = color.Data;
        var to = luma.Data;
        for (int i = 0; i < to.Length; i++)
        {
            uint c = from[i];
            to[i] = (byte)((29 * (c & 255) + 150 * ((c >> 8) & 255) + 77 * ((c >> 16) & 255) + 128) >> 8);
        }
    }

    /// <summary>Mean absolute difference to the right and lower neighbour over a square window, clamped to the picture.</summary>
    /// <param name="luma">Brightness.</param>
    /// <param name="radius">Half the window's side, px.</param>
    /// <param name="texture">Receives the sum of both means, 0..510.</param>
    public static void Texture(Plane<byte> luma, int radius, Plane<float> texture)
    {
        int w = luma.Width, h = luma.Height;
        var columns = new int[w];
        // a window that slides down: rows enter below and leave above
        for (int y = -radius; y < h; y++)
        {
            if (y + radius < h) Add(y + radius, 1);
            if (y < 0) continue;
            if (y - radius - 1 >= 0) Add(y - radius - 1, -1);
            int rows = Math.Min(y + radius, h - 1) - Math.Max(y - radius, 0) + 1;
            int sum = 0;
            for (int x = 0; x < Math.Min(radius, w); x++) sum += columns[x];
            for (int x = 0; x < w; x++)
            {
                if (x + radius < w) sum += columns[x + radius];
                if (x - radius - 1 >= 0) sum -= columns[x - radius - 1];
                texture[x, y] = sum / (float)(rows * (Math.Min(x + radius, w - 1) - Math.Max(x - radius, 0) + 1));
            }
        }

        void Add(int y, int sign)
        {
            var here = luma.Row(y);
            var below = luma.Row(Math.Min(y + 1, h - 1));
            for (int x = 0; x < w; x++)
                columns[x] += sign * (Math.Abs(here[x] - here[Math.Min(x + 1, w - 1)]) + Math.Abs(here[x] - below[x]));
        }
    }
}
