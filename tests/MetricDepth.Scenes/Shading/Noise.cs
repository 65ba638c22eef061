namespace MetricDepth.Scenes.Shading;

/// <summary>Seeded lattice noise that repeats after a whole number of cells, so that textures tile without a seam.</summary>
internal static class Noise
{
    private const int Directions = 32;
    private static readonly float[] Slopes = MakeSlopes();

    /// <summary>A number in [0, 1) that depends on nothing but its arguments.</summary>
    public static float Hash(int x, int y, int seed)
    {
        uint h = (uint)x * 0x9E3779B1u ^ (uint)y * 0x85EBCA77u ^ (uint)seed * 0xC2B2AE3Du;
        h ^= h >> 15;
        h *= 0x2C1B3C6Du;
        h ^= h >> 12;
        h *= 0x297A2D39u;
        h ^= h >> 15;
        return (h >> 8) * (1f / (1 << 24));
    }

    /// <summary>Smooth noise in about [-1, 1], one cell per unit, repeating after <paramref name="px"/> by <paramref name="py"/> cells.</summary>
    public static float Smooth(float x, float y, int px, int py, int seed)
    {
        int ix = (int)MathF.Floor(x), iy = (int)MathF.Floor(y);
        float fx = x - ix, fy = y - iy;
        int x0 = Wrap(ix, px), x1 = Wrap(ix + 1, px), y0 = Wrap(iy, py), y1 = Wrap(iy + 1, py);
        float sx = fx * fx * fx * (fx * (fx * 6 - 15) + 10), sy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
        float a = Slope(x0, y0, seed, fx, fy), b = Slope(x1, y0, seed, fx - 1, fy);
        float c = Slope(x0, y1, seed, fx, fy - 1), d = Slope(x1, y1, seed, fx - 1, fy - 1);
        return 1.5f * (a + (b - a) * sx + ((c + (d - c) * sx) - (a + (b - a) * sx)) * sy);
    }

    /// <summary>Octaves of smooth noise, each twice as fine and <paramref name="gain"/> times as strong; u, v in [0, 1) is one tile.</summary>
    public static float Octaves(float u, float v, int cellsU, int cellsV, int octaves, int seed, float gain = 0.5f)
    {
        float sum = 0, strength = 1;
        for (int i = 0; i < octaves; i++)
        {
            sum += strength * Smooth(u * cellsU, v * cellsV, cellsU, cellsV, seed + i * 101);
            strength *= gain;
            cellsU *= 2;
            cellsV *= 2;
        }
        return sum;
    }

    /// <summary>Cellular noise: distances to the nearest and second nearest feature point, and a number in [0, 1) that names the cell.</summary>
    public static (float Nearest, float Second, float Cell) Cells(float u, float v, int cells, int seed)
    {
        float x = u * cells, y = v * cells, f1 = 9, f2 = 9, name = 0;
        int ix = (int)MathF.Floor(x), iy = (int)MathF.Floor(y);
        for (int j = -1; j <= 1; j++)
            for (int i = -1; i <= 1; i++)
            {
                int cx = Wrap(ix + i, cells), cy = Wrap(iy + j, cells);
                float dx = ix + i + Hash(cx, cy, seed) - x, dy = iy + j + Hash(cx, cy, seed + 7) - y, d = dx * dx + dy * dy;
                if (d < f1) (f2, f1, name) = (f1, d, Hash(cx, cy, seed + 13));
                else if (d < f2) f2 = d;
            }
        return (MathF.Sqrt(f1), MathF.Sqrt(f2), name);
    }

    private static float Slope(int x, int y, int seed, float dx, float dy)
    {
        int i = (int)(Hash(x, y, seed) * Directions) * 2;
        return Slopes[i] * dx + Slopes[i + 1] * dy;
    }

    private static float[] MakeSlopes()
    {
        var slopes = new float[2 * Directions];
        for (int i = 0; i < Directions; i++) (slopes[2 * i + 1], slopes[2 * i]) = MathF.SinCos((i + 0.5f) * 2 * MathF.PI / Directions);
        return slopes;
    }

    private static int Wrap(int i, int n) => (i %= n) < 0 ? i + n : i;
}
