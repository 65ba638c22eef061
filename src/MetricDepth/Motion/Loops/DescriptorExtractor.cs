using System.Numerics;
using System.Runtime.CompilerServices;
using MetricDepth.Imaging;

namespace MetricDepth.Motion.Loops;

/// <summary>
/// Describes tracked points: pairs of smoothed samples around the point are compared (Calonder et al., "BRIEF", ECCV 2010), turned to
/// where the brightness of the patch has its weight (Rublee et al., "ORB", ICCV 2011). The patch is as large as the point is near, so that
/// it covers the same piece of the scene from everywhere. Smoothing is the mean of a box that grows with the patch, from a summed area table.
/// </summary>
internal sealed class DescriptorExtractor
{
    private const int Directions = 32;
    private const int Seed = 7;

    // share of the patch's radius that a sample's box reaches to each side
    private const float BoxShare = 0.16f;
    private static readonly Vector2[][] Pattern = MakePattern();

    private readonly int _width, _height;
    private readonly uint[] _sums;

    public DescriptorExtractor(int width, int height)
    {
        (_width, _height) = (width, height);
        _sums = new uint[(width + 1) * (height + 1)];
    }

    /// <summary>Takes a picture: H×W grey.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(Plane<byte> picture)
    {
        int stride = _width + 1;
        for (int y = 0; y < _height; y++)
        {
            var row = picture.Row(y);
            uint sum = 0;
            // differences of sums stay right when the sums themselves wrap round
            for (int x = 0; x < _width; x++) _sums[(y + 1) * stride + x + 1] = _sums[y * stride + x + 1] + (sum += row[x]);
        }
    }

    /// <summary>Describes one point of the picture loaded.</summary>
    /// <param name="point">Where, px.</param>
    /// <param name="radius">Radius of the patch, px.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PlaceDescriptor Describe(Vector2 point, float radius)
    {
        var pattern = Pattern[Direction(point, radius)];
        int half = Math.Max(1, (int)MathF.Round(radius * BoxShare));
        Span<ulong> words = stackalloc ulong[4];
        for (int i = 0; i < PlaceDescriptor.Bits; i++)
        {
            Vector2 p = point + pattern[2 * i] * radius, q = point + pattern[2 * i + 1] * radius;
            if (Mean(p, half) < Mean(q, half)) words[i >> 6] |= 1UL << (i & 63);
        }
        return new(words[0], words[1], words[2], words[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Direction(Vector2 point, float radius)
    {
        // a disc of 7×7 boxes
        float step = radius / 3.5f;
        int half = Math.Max(1, (int)(step * 0.5f));
        float mx = 0, my = 0;
        for (int v = -3; v <= 3; v++)
            for (int u = -3; u <= 3; u++)
            {
                if (u * u + v * v > 11) continue;
                float mean = Mean(point + new Vector2(u * step, v * step), half);
                mx += u * mean;
                my += v * mean;
            }
        float turn = MathF.Atan2(my, mx) / (2 * MathF.PI) * Directions;
        return ((int)MathF.Round(turn) + Directions) % Directions;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Mean(Vector2 at, int half)
    {
        int x = Math.Clamp((int)MathF.Round(at.X), 0, _width - 1), y = Math.Clamp((int)MathF.Round(at.Y), 0, _height - 1);
        int x0 = Math.Max(0, x - half), x1 = Math.Min(_width, x + half + 1), y0 = Math.Max(0, y - half), y1 = Math.Min(_height, y + half + 1);
        int stride = _width + 1;
        uint sum = _sums[y1 * stride + x1] - _sums[y1 * stride + x0] - _sums[y0 * stride + x1] + _sums[y0 * stride + x0];
        return sum / (float)((x1 - x0) * (y1 - y0));
    }

    // pairs drawn from one normal distribution about the centre (the best of those tried in the BRIEF paper), in all directions
    private static Vector2[][] MakePattern()
    {
        var random = new Random(Seed);
        var base0 = new Vector2[2 * PlaceDescriptor.Bits];
        for (int i = 0; i < base0.Length;)
        {
            double u = 1 - random.NextDouble(), v = random.NextDouble(), r = 0.42 * Math.Sqrt(-2 * Math.Log(u));
            if (r <= 0.95) base0[i++] = new((float)(r * Math.Cos(2 * Math.PI * v)), (float)(r * Math.Sin(2 * Math.PI * v)));
        }
        return [.. Enumerable.Range(0, Directions).Select(d =>
        {
            var (sine, cosine) = MathF.SinCos(2 * MathF.PI * d / Directions);
            return base0.Select(p => new Vector2(cosine * p.X - sine * p.Y, sine * p.X + cosine * p.Y)).ToArray();
        })];
    }
}
