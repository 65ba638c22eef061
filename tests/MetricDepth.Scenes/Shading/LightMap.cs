using System.Numerics;

namespace MetricDepth.Scenes.Shading;

/// <summary>The light that falls on one face, on a grid: irradiance / π, so that times albedo it is what leaves the face.</summary>
internal sealed class LightMap(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public Vector4[] Data { get; } = new Vector4[width * height];

    /// <summary>Bilinear light at s, t in 0..1.</summary>
    public Vector4 Sample(double s, double t)
    {
        float x = Math.Clamp((float)s * Width - 0.5f, 0, Width - 1), y = Math.Clamp((float)t * Height - 0.5f, 0, Height - 1);
        int x0 = (int)x, y0 = (int)y, x1 = Math.Min(x0 + 1, Width - 1), y1 = Math.Min(y0 + 1, Height - 1);
        float ax = x - x0, ay = y - y0;
        var a = Vector4.Lerp(Data[y0 * Width + x0], Data[y0 * Width + x1], ax);
        var b = Vector4.Lerp(Data[y1 * Width + x0], Data[y1 * Width + x1], ax);
        return Vector4.Lerp(a, b, ay);
    }
}
