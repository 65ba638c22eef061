using MetricDepth.Imaging;

namespace MetricDepth.Tests.Scenes;

/// <summary>Measures of how alike two pictures are.</summary>
internal static class Picture
{
    /// <summary>Bilinear colour (blue, green, red) between pixel centres.</summary>
    public static (double B, double G, double R) At(Plane<uint> picture, double x, double y)
    {
        int x0 = Math.Clamp((int)x, 0, picture.Width - 2), y0 = Math.Clamp((int)y, 0, picture.Height - 2);
        double ax = x - x0, ay = y - y0, b = 0, g = 0, r = 0;
        for (int j = 0; j < 2; j++)
            for (int i = 0; i < 2; i++)
            {
                double w = (i == 0 ? 1 - ax : ax) * (j == 0 ? 1 - ay : ay);
                uint p = picture[x0 + i, y0 + j];
                b += w * (p & 255);
                g += w * (p >> 8 & 255);
                r += w * (p >> 16 & 255);
            }
        return (b, g, r);
    }

    /// <summary>Blue, green, red of a pixel.</summary>
    public static (double B, double G, double R) Channels(uint pixel) => (pixel & 255, pixel >> 8 & 255, pixel >> 16 & 255);

    /// <summary>Whether depth around a place is smooth, so that a bilinear sample there mixes only one surface.</summary>
    public static bool IsInside(Plane<float> depth, double x, double y)
    {
        if (!(x >= 1 && y >= 1 && x < depth.Width - 2 && y < depth.Height - 2)) return false;
        float min = float.MaxValue, max = 0;
        for (int j = -1; j <= 2; j++)
            for (int i = -1; i <= 2; i++)
            {
                float z = depth[(int)x + i, (int)y + j];
                min = Math.Min(min, z);
                max = Math.Max(max, z);
            }
        return max < 1.05f * min;
    }
}

/// <summary>Peak signal to noise over the pixels given to it: 10 log10(255² / mean squared difference), all three channels.</summary>
internal sealed class PsnrSum
{
    private double _squares;

    public long Pixels { get; private set; }

    public double Psnr => 10 * Math.Log10(255 * 255.0 * 3 * Pixels / _squares);

    public void Add((double B, double G, double R) a, (double B, double G, double R) b)
    {
        _squares += (a.B - b.B) * (a.B - b.B) + (a.G - b.G) * (a.G - b.G) + (a.R - b.R) * (a.R - b.R);
        Pixels++;
    }
}
