namespace MetricDepth.Imaging;

/// <summary>Draws lines and discs with soft edges into a BGR0 picture; positions in px, pixel centres at integers, what lies outside is left out.</summary>
/// <param name="picture">The picture drawn into.</param>
internal readonly struct Canvas(Plane<uint> picture)
{
    /// <summary>A line with round ends.</summary>
    /// <param name="x0">Column of one end, px.</param>
    /// <param name="y0">Row of one end, px.</param>
    /// <param name="x1">Column of the other end, px.</param>
    /// <param name="y1">Row of the other end, px.</param>
    /// <param name="radius">Half its thickness, px.</param>
    /// <param name="colour">BGR0.</param>
    /// <param name="opacity">0..1.</param>
    public void Line(float x0, float y0, float x1, float y1, float radius, uint colour, float opacity = 1)
    {
        float dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy, reach = radius + 0.5f;
        if (!float.IsFinite(square)) return;
        int top = Least(MathF.Min(y0, y1) - reach), bottom = Most(MathF.Max(y0, y1) + reach, picture.Height);
        for (int y = top; y <= bottom; y++)
        {
            // only the stretch of the line near this row, or long slanted lines would cost their bounding box
            var (from, to) = Near(y, reach);
            int left = Least(from - reach), right = Most(to + reach, picture.Width);
            var row = picture.Row(y);
            for (int x = left; x <= right; x++)
            {
                float px = x - x0, py = y - y0;
                float along = square > 0 ? Math.Clamp((px * dx + py * dy) / square, 0, 1) : 0;
                float ex = px - along * dx, ey = py - along * dy;
                float cover = MathF.Min(1, reach - MathF.Sqrt(ex * ex + ey * ey));
                if (cover > 0) row[x] = Blend(row[x], colour, cover * opacity);
            }
        }

        (float From, float To) Near(int y, float reach)
        {
            if (MathF.Abs(dy) < 1e-6f) return (MathF.Min(x0, x1), MathF.Max(x0, x1));
            float a = x0 + dx * Math.Clamp((y - reach - y0) / dy, 0, 1), b = x0 + dx * Math.Clamp((y + reach - y0) / dy, 0, 1);
            return (MathF.Min(a, b), MathF.Max(a, b));
        }
    }

    /// <summary>A filled disc.</summary>
    public void Disc(float x, float y, float radius, uint colour, float opacity = 1) => Line(x, y, x, y, radius, colour, opacity);

    /// <summary>The outline of a circle.</summary>
    public void Circle(float x, float y, float radius, float thickness, uint colour)
    {
        float reach = radius + thickness + 0.5f;
        if (!float.IsFinite(x + y)) return;
        for (int v = Least(y - reach), bottom = Most(y + reach, picture.Height); v <= bottom; v++)
            for (int u = Least(x - reach), right = Most(x + reach, picture.Width); u <= right; u++)
            {
                float cover = MathF.Min(1, thickness + 0.5f - MathF.Abs(MathF.Sqrt((u - x) * (u - x) + (v - y) * (v - y)) - radius));
                if (cover > 0) picture[u, v] = Blend(picture[u, v], colour, cover);
            }
    }

    /// <summary>A filled rectangle.</summary>
    public void Fill(int left, int top, int width, int height, uint colour, float opacity = 1)
    {
        int right = Math.Min(left + width, picture.Width), bottom = Math.Min(top + height, picture.Height);
        for (int y = Math.Max(0, top); y < bottom; y++)
            for (int x = Math.Max(0, left); x < right; x++) picture[x, y] = Blend(picture[x, y], colour, opacity);
    }

    private static int Least(float v) => v > 0 ? (int)MathF.Min(int.MaxValue / 2, MathF.Ceiling(v)) : 0;

    private static int Most(float v, int size) => v < size - 1 ? (int)MathF.Max(-1, MathF.Floor(v)) : size - 1;

    private static uint Blend(uint under, uint over, float opacity)
    {
        uint a = (uint)(opacity * 256 + 0.5f), b = 256 - a;
        // two channels at once: neither product reaches the other's bits
        uint redBlue = ((over & 0xFF00FF) * a + (under & 0xFF00FF) * b) >> 8 & 0xFF00FF;
        uint green = ((over & 0x00FF00) * a + (under & 0x00FF00) * b) >> 8 & 0x00FF00;
        return redBlue | green;
    }
}
