using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging;

/// <summary>
/// Smooths planes without crossing the edges of a colour picture: weighted least squares, solved as one-dimensional tridiagonal
/// systems along rows and columns in turn (Min, Choi, Lu, Ham, Sohn, Do: Fast Global Image Smoothing Based on Weighted Least
/// Squares, 2014). The cost per pixel is constant, however far it reaches. One instance serves one thread at a time.
/// </summary>
internal sealed class EdgeAwareSmoother
{
    private const int Iterations = 3;

    private readonly int _width, _height;
    private readonly float[] _toRight, _below;   // edge weights 0..1 towards x+1 and y+1
    private readonly float[] _factor;            // c' of the Thomas algorithm

    public EdgeAwareSmoother(int width, int height)
    {
        (_width, _height) = (width, height);
        _toRight = new float[width * height];
        _below = new float[width * height];
        _factor = new float[width * height];
    }

    /// <summary>Takes the picture whose edges hold.</summary>
    /// <param name="guide">BGR0.</param>
    /// <param name="range">Colour difference at which the weight falls to 1/e.</param>
    public void SetGuide(Plane<uint> guide, float range)
    {
        Span<float> weight = stackalloc float[256];
        for (int i = 0; i < 256; i++) weight[i] = MathF.Max(1e-4f, MathF.Exp(-i / range));
        var g = guide.Data;
        for (int y = 0; y < _height; y++)
            for (int x = 0, i = y * _width; x < _width; x++, i++)
            {
                _toRight[i] = x + 1 < _width ? weight[Difference(g[i], g[i + 1])] : 0;
                _below[i] = y + 1 < _height ? weight[Difference(g[i], g[i + _width])] : 0;
            }
    }

    /// <summary>Smooths planes in place, all with the same weights.</summary>
    /// <param name="strength">Reach; the square of it in pixels, about.</param>
    /// <param name="planes">H×W values each.</param>
    public void Smooth(float strength, params ReadOnlySpan<Plane<float>> planes)
    {
        for (int t = 1; t <= Iterations; t++)
        {
            // the paper's equation 10: later passes are weaker, so that streaks vanish
            float lambda = 1.5f * strength * MathF.Pow(4, Iterations - t) / (MathF.Pow(4, Iterations) - 1);
            Rows(lambda, planes);
            Columns(lambda, planes);
        }
    }

    private void Rows(float lambda, ReadOnlySpan<Plane<float>> planes)
    {
        int w = _width;
        for (int y = 0; y < _height; y++)
        {
            var edge = _toRight.AsSpan(y * w, w);
            var factor = _factor.AsSpan(0, w);
            float a = 0;   // -lambda * weight to the left
            float previous = 0;
            for (int x = 0; x < w; x++)
            {
                float c = -lambda * edge[x];
                float n = 1 / (1 - a - c - a * previous);
                previous = factor[x] = c * n;
                foreach (var p in planes)
                {
                    ref float v = ref p.Data[y * w + x];
                    v = x == 0 ? v * n : (v - a * p.Data[y * w + x - 1]) * n;
                }
                a = c;
            }
            foreach (var p in planes)
            {
                var row = p.Row(y);
                float next = row[w - 1];
                for (int x = w - 2; x >= 0; x--) row[x] = next = row[x] - factor[x] * next;
            }
        }
    }

    private void Columns(float lambda, ReadOnlySpan<Plane<float>> planes)
    {
        int w = _width, h = _height, lanes = Vector<float>.Count;
        for (int y = 0; y < h; y++)
        {
            int row = y * w, above = row - w, x = 0;
            for (; x + lanes <= w; x += lanes)
            {
                var a = y == 0 ? Vector<float>.Zero : new Vector<float>(_below, above + x) * -lambda;
                var c = new Vector<float>(_below, row + x) * -lambda;
                var before = y == 0 ? Vector<float>.Zero : new Vector<float>(_factor, above + x);
                var n = Vector<float>.One / (Vector<float>.One - a - c - a * before);
                (c * n).CopyTo(_factor, row + x);
                foreach (var p in planes)
                {
                    var v = new Vector<float>(p.Data, row + x);
                    if (y > 0) v -= a * new Vector<float>(p.Data, above + x);
                    (v * n).CopyTo(p.Data, row + x);
                }
            }
            for (; x < w; x++)
            {
                float a = y == 0 ? 0 : -lambda * _below[above + x], c = -lambda * _below[row + x];
                float n = 1 / (1 - a - c - a * (y == 0 ? 0 : _factor[above + x]));
                _factor[row + x] = c * n;
                foreach (var p in planes)
                    p.Data[row + x] = (p.Data[row + x] - (y == 0 ? 0 : a * p.Data[above + x])) * n;
            }
        }
        for (int y = h - 2; y >= 0; y--)
        {
            var factor = _factor.AsSpan(y * w, w);
            foreach (var p in planes)
            {
                var here = p.Row(y);
                var below = p.Row(y + 1);
                int x = 0;
                for (; x + lanes <= w; x += lanes)
                    (new Vector<float>(here[x..]) - new Vector<float>(factor[x..]) * new Vector<float>(below[x..])).CopyTo(here[x..]);
                for (; x < w; x++) here[x] -= factor[x] * below[x];
            }
        }
    }

    /// <summary>The largest difference of the three channels.</summary>
    private static int Difference(uint a, uint b) => Math.Max(Math.Max(
        Math.Abs((int)(a & 255) - (int)(b & 255)),
        Math.Abs((int)((a >> 8) & 255) - (int)((b >> 8) & 255))),
        Math.Abs((int)((a >> 16) & 255) - (int)((b >> 16) & 255)));
}
