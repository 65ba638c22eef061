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
/// compositional, gain and offset projected out as in <see cref="KltTracker"/>. One slot per point, rented and given back.
/// </summary>
internal sealed class AnchorPatches
{
    private const int Patch = KltTracker.Patch, Area = Patch * Patch, Parameters = 6;
    private const float Centre = (Patch - 1) / 2f;
    private const int MaxIterations = 8;

    /// <summary>The first look and the present one must be this alike (zero-mean normalised cross-correlation).</summary>
    private const float MinCorrelation = 0.7f;

    /// <summary>How alike a point must be that was out of sight; and by how much more than any other place in reach.</summary>
    private const float MinReturn = 0.9f, MinLead = 0.06f, MaxReturnSplit = 0.12f;

    /// <summary>How far from the start the way back may end, px.</summary>
    private const float MaxRoundTrip = 0.3f;

    // places are searched in steps of two pixels
    private const float MaxReturnPull = 3;

    /// <summary>How far the first look may pull a point from where the last frame put it, px.</summary>
    private const float MaxPull = 1.5f;

    /// <summary>
    /// How far quarters of the patch may want to go their own ways, px, in the mean of the last few frames. Two surfaces in one
    /// patch move apart; before the point is given up, its innermost pixels are asked alone.
    /// </summary>
    private const float MaxSplit = 0.2f, MaxTightSplit = 0.3f;

    private const float SplitMemory = 0.5f;

    // per slot: the template, its gradients, and for each weighting what follows from it
    private const int GradientX = Area, GradientY = 2 * Area, Wide = 3 * Area, Tight = Wide + LensFloats, SlotFloats = Tight + LensFloats;

    // per weighting: the inverse of the normal matrix, what projects gain and offset out, and the template's mean
    private const int Offsets = Parameters * Parameters, Slopes = Offsets + Parameters, Mean = Slopes + Parameters, LensFloats = Mean + 1;

    private static readonly Vector256<float> LeftColumns = (Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) - Vector256.Create(Centre)) / Centre;
    private static readonly Vector256<float> RightColumns = LeftColumns + Vector256.Create(8 / Centre);

    private readonly Stack<int> _free = [];
    private float[] _slots;
    private Affine[] _maps;
    private bool[] _isTight;
    private float[] _splits;
    private int _used;

    public AnchorPatches(int slots)
    {
        _slots = new float[slots * SlotFloats];
        _maps = new Affine[slots];
        _isTight = new bool[slots];
        _splits = new float[slots];
    }

    /// <summary>The linear part of the map from the first look to the present one.</summary>
    private readonly record struct Affine(float A, float B, float C, float D)
    {
        public float Determinant => A * D - B * C;

        public static Affine operator *(Affine m, Affine n) =>
            new(m.A * n.A + m.B * n.C, m.A * n.B + m.B * n.D, m.C * n.A + m.D * n.C, m.C * n.B + m.D * n.D);

        public static Vector2 operator *(Affine m, Vector2 v) => new(m.A * v.X + m.B * v.Y, m.C * v.X + m.D * v.Y);

        public Affine Inverse
        {
            get
            {
                float i = 1 / Determinant;
                return new(D * i, -B * i, -C * i, A * i);
            }
        }

        /// <summary>How far the patch reaches from its centre, px.</summary>
        public Vector2 Reach => new Vector2(MathF.Abs(A) + MathF.Abs(B), MathF.Abs(C) + MathF.Abs(D)) * Centre;

        // a patch seen at twice or half the size, or strongly squashed, no longer says where its centre is
        public bool IsPlausible
        {
            get
            {
                float size = A * A + B * B + C * C + D * D, det = Determinant;
                return det is > 0.4f and < 2.5f && size < 5f * det;
            }
        }
    }

    /// <summary>A slot for another point.</summary>
    public int Rent()
    {
        if (_free.TryPop(out int slot)) return slot;
        if (_used == _maps.Length)
        {
            int size = Math.Max(64, 2 * _used);
            Array.Resize(ref _slots, checked(size * SlotFloats));
            Array.Resize(ref _maps, size);
            Array.Resize(ref _isTight, size);
            Array.Resize(ref _splits, size);
        }
        return _used++;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot) => _free.Push(slot);

    /// <summary>Remembers how a point looks; false where the patch cannot fix an affine map.</summary>
    public bool Remember(int slot, ImagePyramid.Level image, Vector2 at)
    {
        var all = _slots.AsSpan(slot * SlotFloats, SlotFloats);
        Span<float> template = all[..Area], gx = all.Slice(GradientX, Area), gy = all.Slice(GradientY, Area), shifted = stackalloc float[Area];
        var identity = _maps[slot] = new(1, 0, 0, 1);
        var half = new Vector2(0.5f, 0);
        if (!Sample(image, identity, at + half, gx) || !Sample(image, identity, at - half, shifted)) return false;
        for (int i = 0; i < Area; i++) gx[i] -= shifted[i];
        half = new(0, 0.5f);
        if (!Sample(image, identity, at + half, gy) || !Sample(image, identity, at - half, shifted)) return false;
        for (int i = 0; i < Area; i++) gy[i] -= shifted[i];
        if (!Sample(image, identity, at, template)) return false;

        _isTight[slot] = false;
        _splits[slot] = 0;
        return Prepare(all, Wide);
    }

    /// <summary>Derives what a weighting needs; false where the patch holds too little.</summary>
    private static bool Prepare(Span<float> slot, int at)
    {
        var weights = WeightsOf(at);
        var lens = slot.Slice(at, LensFloats);
        Span<float> template = slot[..Area], offsets = lens.Slice(Offsets, Parameters), slopes = lens.Slice(Slopes, Parameters);
        float mean = 0, variance = 0;
        for (int i = 0; i < Area; i++) mean += weights[i] * template[i];
        for (int i = 0; i < Area; i++) variance += weights[i] * (template[i] - mean) * (template[i] - mean);
        if (variance < 0.5f) return false;
        lens[Mean] = mean;
        Span<double> h = stackalloc double[Parameters * Parameters], factor = stackalloc double[Parameters * Parameters], column = stackalloc double[Parameters];
        Span<float> d = stackalloc float[Parameters];
        h.Clear();
        offsets.Clear();
        slopes.Clear();
        for (int i = 0; i < Area; i++)
        {
            Descents(slot, i, d);
            for (int p = 0; p < Parameters; p++)
            {
                float k = weights[i] * d[p];
                offsets[p] += k;
                slopes[p] += k * (template[i] - mean);
                for (int q = 0; q <= p; q++) h[p * Parameters + q] += k * (double)d[q];
            }
        }
        // the weights sum to 1: what a constant and the template explain comes off
        for (int p = 0; p < Parameters; p++)
            for (int q = 0; q <= p; q++)
            {
                double v = h[p * Parameters + q] - offsets[p] * (double)offsets[q] - slopes[p] * (double)slopes[q] / variance;
                h[p * Parameters + q] = h[q * Parameters + p] = v;
            }
        for (int p = 0; p < Parameters; p++) slopes[p] /= variance;
        // an edge fixes no full affine map: a little damping leaves what it does not fix as it was
        for (int p = 0; p < Parameters; p++) h[p * Parameters + p] = h[p * Parameters + p] * (p < 2 ? 1.001 : 1.02) + 0.05;
        for (int p = 0; p < Parameters; p++)
        {
            h.CopyTo(factor);
            column.Clear();
            column[p] = 1;
            if (!NormalEquations.Solve(factor, column)) return false;
            for (int q = 0; q < Parameters; q++) lens[q * Parameters + p] = (float)column[q];
        }
        return true;
    }

    // steepest-descent images of shift and linear map; the map acts on coordinates that run from -1 to 1
    private static void Descents(ReadOnlySpan<float> slot, int i, Span<float> d)
    {
        float gx = slot[GradientX + i], gy = slot[GradientY + i], u = (i % Patch - Centre) / Centre, v = (i / Patch - Centre) / Centre;
        (d[0], d[1], d[2], d[3], d[4], d[5]) = (gx, gy, gx * u, gx * v, gy * u, gy * v);
    }

    /// <summary>Whether the patch was last seen to hold two surfaces: a place that no surface owns is not worth looking for.</summary>
    public bool IsSplit(int slot) => _splits[slot] > (_isTight[slot] ? MaxTightSplit : MaxSplit);

    /// <summary>Whether the first look can be compared at a place: it must lie in the picture.</summary>
    public bool Fits(int slot, ImagePyramid.Level image, Vector2 at)
    {
        var reach = _maps[slot].Reach;
        return at.X >= reach.X && at.Y >= reach.Y && at.X <= image.Width - 1 - reach.X && at.Y <= image.Height - 1 - reach.Y;
    }

    private static ReadOnlySpan<float> WeightsOf(int lens) => lens == Wide ? PatchWeights.Wide : PatchWeights.Tight;

    /// <summary>Pulls a point to where the picture looks most like its first look; false (point untouched) where it no longer does.</summary>
    public bool Align(int slot, ImagePyramid.Level image, ref Vector2 point)
    {
        var map = _maps[slot];
        var p = point;
        int lens = _isTight[slot] ? Tight : Wide;
        Span<float> sample = stackalloc float[Area];
        if (!Descend(slot, lens, image, MaxPull, ref map, ref p, sample)) return false;
        var agreement = Agreement(slot, lens, sample);
        if (agreement.Correlation < MinCorrelation) return false;
        _splits[slot] += SplitMemory * (agreement.Split - _splits[slot]);
        if (IsSplit(slot))
        {
            if (_isTight[slot] || !Prepare(_slots.AsSpan(slot * SlotFloats, SlotFloats), Tight)) return false;
            _isTight[slot] = true;
            _splits[slot] = 0;
        }
        _maps[slot] = map;
        point = p;
        return true;
    }

    /// <summary>
    /// Looks for a point that went out of sight around where it is expected. It counts as found only where it looks nearly as it did
    /// first, no other place in reach does, and the way back from there ends where it began.
    /// </summary>
    public bool Find(int slot, ImagePyramid image, Vector2 expected, out Vector2 found)
    {
        found = expected;
        if (image.LevelCount < 2) return false;
        var last = _maps[slot];
        Span<Vector2> places = stackalloc Vector2[PatchSearch.MaxPlaces];
        int count = PatchSearch.Find(image[1], _slots.AsSpan(slot * SlotFloats, Area), expected, new(last.A, last.C), new(last.B, last.D), places);
        int lens = _isTight[slot] ? Tight : Wide;
        Span<float> sample = stackalloc float[Area];
        float best = 0;
        var bestMap = last;
        for (int i = 0; i < count; i++)
        {
            var map = last;
            var p = places[i];
            if (!Descend(slot, lens, image[0], MaxReturnPull, ref map, ref p, sample)) continue;
            var agreement = Agreement(slot, lens, sample);
            bool same = Vector2.DistanceSquared(p, found) < 1;
            // two places that look alike: nobody knows which it is
            if (i > 0 && !same && best > 0 && MathF.Min(agreement.Correlation, best) > MathF.Max(agreement.Correlation, best) - MinLead) return false;
            if (agreement.Correlation <= best) continue;
            best = agreement.Correlation;
            (found, bestMap) = (p, map);
            if (agreement.Split > MaxReturnSplit || RoundTrip(slot, lens, sample) > MaxRoundTrip) best = MathF.Min(best, MinReturn - 0.001f);
        }
        if (best < MinReturn) return false;
        _maps[slot] = bestMap;
        _splits[slot] = 0;
        return true;
    }

    // one step of the way back: the template is looked for in the sample, with the sample's own gradients
    private float RoundTrip(int slot, int lens, ReadOnlySpan<float> sample)
    {
        ReadOnlySpan<float> all = _slots.AsSpan(slot * SlotFloats, SlotFloats);
        var weights = WeightsOf(lens);
        float mean = 0, ss = 0, st = 0;
        for (int i = 0; i < Area; i++) mean += weights[i] * sample[i];
        for (int i = 0; i < Area; i++)
        {
            ss += weights[i] * (sample[i] - mean) * (sample[i] - mean);
            st += weights[i] * (sample[i] - mean) * (all[i] - all[lens + Mean]);
        }
        float gain = st / ss, xx = 0, xy = 0, yy = 0, x = 0, y = 0;
        for (int row = 1; row < Patch - 1; row++)
            for (int column = 1; column < Patch - 1; column++)
            {
                int i = row * Patch + column;
                float gx = gain * (sample[i + 1] - sample[i - 1]) / 2, gy = gain * (sample[i + Patch] - sample[i - Patch]) / 2;
                float e = all[i] - all[lens + Mean] - gain * (sample[i] - mean), w = weights[i];
                xx += w * gx * gx;
                xy += w * gx * gy;
                yy += w * gy * gy;
                x += w * gx * e;
                y += w * gy * e;
            }
        float det = xx * yy - xy * xy;
        return det <= 0 ? float.PositiveInfinity : new Vector2(yy * x - xy * y, xx * y - xy * x).Length() / det;
    }

    // Gauss-Newton from a place and a map; leaves the patch found in the sample
    private bool Descend(int slot, int lens, ImagePyramid.Level image, float maxPull, ref Affine map, ref Vector2 p, Span<float> sample)
    {
        var start = p;
        Span<float> step = stackalloc float[Parameters];
        ReadOnlySpan<float> all = _slots.AsSpan(slot * SlotFloats, SlotFloats);
        for (int iteration = 0; iteration < MaxIterations; iteration++)
        {
            if (!Sample(image, map, p, sample)) return false;
            Project(all, lens, sample, step);
            var linear = new Affine(1 + step[2] / Centre, step[3] / Centre, step[4] / Centre, 1 + step[5] / Centre);
            if (!(linear.Determinant > 0.3f)) return false;
            map *= linear.Inverse;
            var move = map * new Vector2(step[0], step[1]);
            p -= move;
            if (!(Vector2.DistanceSquared(p, start) < maxPull * maxPull)) return false;
            if (move.LengthSquared() < 0.01f * 0.01f) break;
        }
        return map.IsPlausible && Sample(image, map, p, sample);
    }

    private PatchAgreement Agreement(int slot, int lens, ReadOnlySpan<float> sample)
    {
        ReadOnlySpan<float> all = _slots.AsSpan(slot * SlotFloats, SlotFloats);
        return PatchAgreement.Measure(all, GradientX, GradientY, sample, WeightsOf(lens), all[lens + Mean]);
    }

    private static bool Sample(ImagePyramid.Level image, Affine m, Vector2 p, Span<float> target)
    {
        const int border = ImagePyramid.Border;
        var reach = m.Reach;
        if (!(p.X - reach.X > 1 - border && p.Y - reach.Y > 1 - border
            && p.X + reach.X < image.Width + border - 3 && p.Y + reach.Y < image.Height + border - 3)) return false;
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

    private static void Project(ReadOnlySpan<float> slot, int at, ReadOnlySpan<float> sample, Span<float> step)
    {
        ref float all = ref MemoryMarshal.GetReference(slot);
        ref float s = ref MemoryMarshal.GetReference(sample);
        ref float w = ref MemoryMarshal.GetReference(WeightsOf(at));
        Vector256<float> sum = default, sumT = default, x = default, y = default, xu = default, yu = default, xv = default, yv = default;
        float row = -1;
        for (nuint i = 0; i < Area; row += 1 / Centre)
        {
            var v = Vector256.Create(row);
            for (int side = 0; side < 2; side++, i += 8)
            {
                var u = side == 0 ? LeftColumns : RightColumns;
                var k = Vector256.LoadUnsafe(ref w, i) * Vector256.LoadUnsafe(ref s, i);
                var kx = k * Vector256.LoadUnsafe(ref all, i + GradientX);
                var ky = k * Vector256.LoadUnsafe(ref all, i + GradientY);
                sum += k;
                sumT += k * Vector256.LoadUnsafe(ref all, i);
                x += kx;
                y += ky;
                xu += kx * u;
                yu += ky * u;
                xv += kx * v;
                yv += ky * v;
            }
        }
        var lens = slot.Slice(at, LensFloats);
        float constant = Vector256.Sum(sum), along = Vector256.Sum(sumT) - lens[Mean] * constant;
        Span<float> right = [Vector256.Sum(x), Vector256.Sum(y), Vector256.Sum(xu), Vector256.Sum(xv), Vector256.Sum(yu), Vector256.Sum(yv)];
        for (int p = 0; p < Parameters; p++) right[p] -= lens[Offsets + p] * constant + lens[Slopes + p] * along;
        for (int p = 0; p < Parameters; p++)
        {
            float total = 0;
            for (int q = 0; q < Parameters; q++) total += lens[p * Parameters + q] * right[q];
            step[p] = total;
        }
    }
}
