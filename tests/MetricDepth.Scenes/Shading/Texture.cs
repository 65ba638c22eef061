using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Scenes.Shading;

/// <summary>
/// A square tiling picture with its mip levels. Texels hold the square root of linear light in a byte each, which spends the
/// bytes about where the eye needs them and costs one multiplication to undo.
/// </summary>
internal sealed class Texture
{
    private const int MaxTaps = 6;
    private readonly uint[][] _levels;
    private readonly int _log;

    /// <summary>Paints a 2^log × 2^log texture; the painter gets u, v in [0, 1) and gives display colour, 0..1 per channel.</summary>
    public Texture(int log, Func<float, float, Vector3> paint)
    {
        _log = log;
        int n = 1 << log;
        var top = new uint[n * n];
        Parallel.For(0, n, y =>
        {
            for (int x = 0; x < n; x++) top[y * n + x] = Pack(paint((x + 0.5f) / n, (y + 0.5f) / n) * 255);
        });
        _levels = new uint[log + 1][];
        _levels[0] = top;
        for (int i = 1; i <= log; i++) _levels[i] = Halve(_levels[i - 1], n >> (i - 1));
        var mean = Unpack(_levels[log][0]) * (1 / 255f);
        Mean = mean * mean;
    }

    /// <summary>Mean linear colour.</summary>
    public Vector4 Mean { get; }

    /// <summary>
    /// Linear colour at u, v (in tiles) averaged over a pixel's footprint, which is the parallelogram of the two derivatives:
    /// trilinear samples strung along its longer side (Heckbert, "Survey of Texture Mapping", 1986).
    /// </summary>
    public Vector4 Sample(float u, float v, Vector2 perX, Vector2 perY)
    {
        float n = 1 << _log;
        float lx = perX.Length() * n, ly = perY.Length() * n;
        var (major, along, across) = lx > ly ? (lx, perX, perY) : (ly, perY, perX);
        float area = MathF.Abs(along.X * across.Y - along.Y * across.X) * n * n;
        float minor = MathF.Max(area / MathF.Max(major, 1e-6f), 0.5f);
        int taps = Math.Clamp((int)MathF.Ceiling(major / minor - 0.25f), 1, MaxTaps);
        float level = Math.Clamp(MathF.Log2(MathF.Max(MathF.Max(minor, major / taps), 1f)), 0, _log - 0.001f);
        int whole = (int)level;
        float part = level - whole;
        Vector4 sum = default;
        for (int i = 0; i < taps; i++)
        {
            float at = (i + 0.5f) / taps - 0.5f, tu = u + along.X * at, tv = v + along.Y * at;
            var fine = Bilinear(whole, tu, tv);
            sum += part > 0.02f ? fine + (Bilinear(whole + 1, tu, tv) - fine) * part : fine;
        }
        sum *= 1f / (255 * taps);
        return sum * sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector4 Bilinear(int level, float u, float v)
    {
        var texels = _levels[level];
        int n = 1 << (_log - level), mask = n - 1;
        float x = u * n - 0.5f, y = v * n - 0.5f;
        float fx = MathF.Floor(x), fy = MathF.Floor(y);
        int x0 = (int)fx & mask, x1 = (x0 + 1) & mask, y0 = ((int)fy & mask) * n, y1 = (((int)fy + 1) & mask) * n;
        float ax = x - fx, ay = y - fy;
        var a = Unpack(texels[y0 + x0]);
        var b = Unpack(texels[y0 + x1]);
        var c = Unpack(texels[y1 + x0]);
        var d = Unpack(texels[y1 + x1]);
        a += (b - a) * ax;
        c += (d - c) * ax;
        return a + (c - a) * ay;
    }

    private static uint[] Halve(uint[] source, int n)
    {
        int m = n / 2;
        var result = new uint[m * m];
        for (int y = 0; y < m; y++)
            for (int x = 0; x < m; x++)
            {
                int i = 2 * y * n + 2 * x;
                Vector4 a = Unpack(source[i]), b = Unpack(source[i + 1]), c = Unpack(source[i + n]), d = Unpack(source[i + n + 1]);
                result[y * m + x] = Pack(Vector4.SquareRoot((a * a + b * b + c * c + d * d) * 0.25f).AsVector3());
            }
        return result;
    }

    private static uint Pack(Vector3 c)
    {
        c = Vector3.Clamp(c, Vector3.Zero, new(255)) + new Vector3(0.5f);
        return (uint)c.X | (uint)c.Y << 8 | (uint)c.Z << 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector4 Unpack(uint texel)
    {
        var bytes = Vector128.CreateScalarUnsafe(texel).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32()).AsVector4();
    }
}
