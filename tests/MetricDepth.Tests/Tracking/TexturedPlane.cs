using System.Numerics;

namespace MetricDepth.Tests.Tracking;

/// <summary>A texture known at every point of the plane: a sum of waves, so that any shift or turn of it is exact.</summary>
internal sealed class TexturedPlane
{
    private readonly (float X, float Y, float Phase, float Size)[] _waves;

    public TexturedPlane(int seed)
    {
        var random = new Random(seed);
        _waves = Enumerable.Range(0, 60).Select(_ =>
        {
            double angle = random.NextDouble() * Math.PI, wavelength = 6 + 150 * Math.Pow(random.NextDouble(), 2);
            float k = (float)(2 * Math.PI / wavelength);
            return (k * (float)Math.Cos(angle), k * (float)Math.Sin(angle), (float)(random.NextDouble() * 2 * Math.PI), (float)(0.4 + Math.Sqrt(wavelength) / 7));
        }).ToArray();
    }

    public byte[] Draw(int width, int height, Func<Vector2, Vector2> toTexture, float gain = 1, float offset = 0)
    {
        var picture = new byte[width * height];
        Parallel.For(0, height, y =>
        {
            for (int x = 0; x < width; x++)
            {
                var p = toTexture(new(x, y));
                float v = 0;
                foreach (var w in _waves) v += w.Size * MathF.Sin(w.X * p.X + w.Y * p.Y + w.Phase);
                picture[y * width + x] = (byte)Math.Clamp(MathF.Round(128 + offset + gain * 14 * v), 0, 255);
            }
        });
        return picture;
    }
}
