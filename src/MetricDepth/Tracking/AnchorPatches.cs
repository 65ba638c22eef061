using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Imaging;
using MetricDepth.Motion;

namespace MetricDepth.Tracking;

/// <summary>
/// The look of each point when it was first seen. Following a point from frame to frame adds up small errors; aligning each frame with
/// the first look again, under an affine map, takes them out (Shi and Tomasi, 1994, use the same map to notice them). Inverse
/// compositional, gain and offset projected out as in <see cref="KltTracker"/>. One slot per live point.
/// </summary>
internal sealed class AnchorPatches
{
    private const int Patch = KltTracker.Patch, Area = Patch * Patch, Parameters = 6;
    private const float Centre = (Patch - 1) / 2f;
    private const int MaxIterations = 8;

    /// <summary>The first look and the present one must be this alike (zero-mean normalised cross-correlation).</summary>
    private const float MinCorrelation = 0.7f;

    /// <summary>How far the first look may pull a point from where the last frame put it, px.</summary>
    private const float MaxPull = 1.5f;

    private readonly Stack<int> _free = [];
    private float[] _templates, _descents, _inverses;
    private Matrix2[] _maps;
    private int _used;

    public AnchorPatches(int slots)
    {
        _templates = new float[slots * Area];
        _descents = new float[slots * Area * Parameters];
        _inverses = new float[slots * Parameters * Parameters];
        _maps = new Matrix2[slots];
    }

    /// <summary>A slot for another point.</summary>
    public int Rent()
    {
        if (_free.TryPop(out int slot)) return slot;
        if (_used == _maps.Length)
        {
            int size = Math.Max(64, 2 * _used);
            Array.Resize(ref _templates, size * Area);
            Array.Resize(ref _descents, size * Area * Parameters);
            Array.Resize(ref _inverses, size * Parameters * Parameters);
            Array.Resize(ref _maps, size);
        }
        return _used++;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot) => _free.Push(slot);

    private readonly record struct Matrix2(float A, float B, float C, float D)
    {
        public float Determinant => A * D - B * C;

        public static Matrix2 operator *(Matrix2 m, Matrix2 n) =>
            new(m.A * n.A + m.B * n.C, m.A * n.B + m.B * n.D, m.C * n.A + m.D * n.C, m.C * n.B + m.D * n.D);

        public static Vector2 operator *(Matrix2 m, Vector2 v) => new(m.A * v.X + m.B * v.Y, m.C * v.X + m.D * v.Y);

        public Matrix2 Inverse
        {
            get
            {
                float i = 1 / Determinant;
                return new(D * i, -B * i, -C * i, A * i);
            }
        }
    }

    /// <summary>Remembers how a point looks; false where the patch cannot fix an affine map.</summary>
    public bool Remember(int slot, ImagePyramid.Level image, Vector2 at)
    {
        var template = _templates.AsSpan(slot * Area, Area);
        var descent = _descents.AsSpan(slot * Area * Parameters, Area * Parameters);
        _maps[slot] = new(1, 0, 0, 1);
        Span<float> gx = stackalloc float[Area], gy = stackalloc float[Area], shifted = stackalloc float[Area];
        var identity = _maps[slot];
        Sample(image, identity, at + new Vector2(0.5f, 0), gx);
        Sample(image, identity, at - new Vector2(0.5f, 0), shifted);
        for (int i = 0; i < Area; i++) gx[i] -= shifted[i];
        Sample(image, identity, at + new Vector2(0, 0.5f), gy);
        Sample(image, identity, at - new Vector2(0, 0.5f), shifted);
        for (int i = 0; i < Area; i++) gy[i] -= shifted[i];
        Sample(image, identity, at, template);

        var weights = KltTracker.PatchWeights;
        float mean = 0, variance = 0;
        for (int i = 0; i < Area; i++) mean += weights[i] * template[i];
        for (int i = 0; i < Area; i++)
        {
            template[i] -= mean;
            variance += weights[i] * template[i] * template[i];
        }
        if (variance < 0.5f) return false;
        for (int y = 0; y < Patch; y++)
            for (int x = 0; x < Patch; x++)
            {
                int i = y * Patch + x;
                float u = (x - Centre) / Centre, v = (y - Centre) / Centre;
                descent[i] = gx[i];
                descent[Area + i] = gy[i];
                descent[2 * Area + i] = gx[i] * u;
                descent[3 * Area + i] = gx[i] * v;
                descent[4 * Area + i] = gy[i] * u;
                descent[5 * Area + i] = gy[i] * v;
            }
        for (int p = 0; p < Parameters; p++)
        {
            var d = descent.Slice(p * Area, Area);
            float offset = 0, slope = 0;
            for (int i = 0; i < Area; i++)
            {
                offset += weights[i] * d[i];
                slope += weights[i] * d[i] * template[i];
            }
            slope /= variance;
            for (int i = 0; i < Area; i++) d[i] -= offset + slope * template[i];
        }
        return Invert(descent, weights, _inverses.AsSpan(slot * Parameters * Parameters, Parameters * Parameters));
    }

    private static bool Invert(Span<float> descent, ReadOnlySpan<float> weights, Span<float> inverse)
    {
        Span<double> h = stackalloc double[Parameters * Parameters], factor = stackalloc double[Parameters * Parameters], column = stackalloc double[Parameters];
        for (int p = 0; p < Parameters; p++)
            for (int q = 0; q <= p; q++)
            {
                double sum = 0;
                for (int i = 0; i < Area; i++) sum += weights[i] * descent[p * Area + i] * (double)descent[q * Area + i];
                h[p * Parameters + q] = h[q * Parameters + p] = sum;
            }
        // an edge fixes no full affine map: a little damping leaves what it does not fix as it was
        for (int p = 0; p < Parameters; p++) h[p * Parameters + p] *= p < 2 ? 1.001 : 1.02;
        for (int p = 0; p < Parameters; p++) h[p * Parameters + p] += 0.05;
        for (int p = 0; p < Parameters; p++)
        {
            h.CopyTo(factor);
            column.Clear();
            column[p] = 1;
            if (!NormalEquations.Solve(factor, column)) return false;
            for (int q = 0; q < Parameters; q++) inverse[q * Parameters + p] = (float)column[q];
        }
        for (int p = 0; p < Parameters; p++)
            for (int i = 0; i < Area; i++) descent[p * Area + i] *= weights[i];
        return true;
    }

    /// <summary>Pulls a point to where the picture looks most like its first look; false (point untouched) where it no longer does.</summary>
    public bool Align(int slot, ImagePyramid.Level image, ref Vector2 point)
    {
        var map = _maps[slot];
        var p = point;
        Span<float> sample = stackalloc float[Area], step = stackalloc float[Parameters];
        var descent = _descents.AsSpan(slot * Area * Parameters, Area * Parameters);
        var inverse = _inverses.AsSpan(slot * Parameters * Parameters, Parameters * Parameters);
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            if (!Sample(image, map, p, sample)) return false;
            Project(descent, sample, inverse, step);
            var linear = new Matrix2(1 + step[2] / Centre, step[3] / Centre, step[4] / Centre, 1 + step[5] / Centre);
            if (!(linear.Determinant > 0.3f)) return false;
            map *= linear.Inverse;
            var move = map * new Vector2(step[0], step[1]);
            p -= move;
            if (!(Vector2.DistanceSquared(p, point) < MaxPull * MaxPull)) return false;
            if (move.LengthSquared() < 0.01f * 0.01f) break;
        }
        if (!IsPlausible(map) || !Sample(image, map, p, sample)
            || Correlation(_templates.AsSpan(slot * Area, Area), sample) < MinCorrelation) return false;
        _maps[slot] = map;
        point = p;
        return true;
    }

    // a patch seen at twice or half the size, or strongly squashed, no longer says where its centre is
    private static bool IsPlausible(Matrix2 m)
    {
        float size = m.A * m.A + m.B * m.B + m.C * m.C + m.D * m.D, det = m.Determinant;
        return det is > 0.4f and < 2.5f && size < 5f * det;
    }

    private static bool Sample(ImagePyramid.Level image, Matrix2 m, Vector2 p, Span<float> target)
    {
        float reachX = (MathF.Abs(m.A) + MathF.Abs(m.B)) * Centre, reachY = (MathF.Abs(m.C) + MathF.Abs(m.D)) * Centre;
        const int border = ImagePyramid.Border;
        if (!(p.X - reachX > 1 - border && p.Y - reachY > 1 - border
            && p.X + reachX < image.Width + border - 3 && p.Y + reachY < image.Height + border - 3)) return false;
        ref float data = ref MemoryMarshal.GetArrayDataReference(image.Data);
        ref float to = ref MemoryMarshal.GetReference(target);
        int stride = image.Stride;
        // coordinates within the framed picture are positive, so truncation is floor
        float x0 = p.X - (m.A + m.B) * Centre + border, y0 = p.Y - (m.C + m.D) * Centre + border;
        for (int row = 0; row < Patch; row++)
        {
            float x = x0 + m.B * row, y = y0 + m.D * row;
            for (int column = 0; column < Patch; column++)
            {
                int ix = (int)x, iy = (int)y;
                float fx = x - ix, fy = y - iy;
                ref float s = ref Unsafe.Add(ref data, iy * stride + ix);
                float top = s + fx * (Unsafe.Add(ref s, 1) - s);
                ref float below = ref Unsafe.Add(ref s, stride);
                float bottom = below + fx * (Unsafe.Add(ref below, 1) - below);
                to = top + fy * (bottom - top);
                to = ref Unsafe.Add(ref to, 1);
                x += m.A;
                y += m.C;
            }
        }
        return true;
    }

    private static void Project(ReadOnlySpan<float> descent, ReadOnlySpan<float> sample, ReadOnlySpan<float> inverse, Span<float> step)
    {
        ref float d = ref MemoryMarshal.GetReference(descent);
        ref float s = ref MemoryMarshal.GetReference(sample);
        Vector256<float> a = default, b = default, c = default, e = default, f = default, g = default;
        for (nuint i = 0; i < Area; i += 8)
        {
            var v = Vector256.LoadUnsafe(ref s, i);
            a += v * Vector256.LoadUnsafe(ref d, i);
            b += v * Vector256.LoadUnsafe(ref d, i + Area);
            c += v * Vector256.LoadUnsafe(ref d, i + 2 * Area);
            e += v * Vector256.LoadUnsafe(ref d, i + 3 * Area);
            f += v * Vector256.LoadUnsafe(ref d, i + 4 * Area);
            g += v * Vector256.LoadUnsafe(ref d, i + 5 * Area);
        }
        ReadOnlySpan<float> right = [Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(e), Vector256.Sum(f), Vector256.Sum(g)];
        for (int p = 0; p < Parameters; p++)
        {
            float sum = 0;
            for (int q = 0; q < Parameters; q++) sum += inverse[p * Parameters + q] * right[q];
            step[p] = sum;
        }
    }

    private static float Correlation(ReadOnlySpan<float> template, ReadOnlySpan<float> sample)
    {
        var weights = KltTracker.PatchWeights;
        float s = 0, ss = 0, st = 0, tt = 0;
        for (int i = 0; i < Area; i++)
        {
            float ks = weights[i] * sample[i];
            s += ks;
            ss += ks * sample[i];
            st += ks * template[i];
            tt += weights[i] * template[i] * template[i];
        }
        float product = (ss - s * s) * tt;
        return product <= 0 ? 0 : st / MathF.Sqrt(product);
    }
}
