using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>
/// Follows points from one picture to another: pyramidal Lucas-Kanade in the inverse compositional form (Baker and Matthews,
/// "Lucas-Kanade 20 years on", IJCV 2004), translation only. Gain and offset of the grey values are projected out of the
/// steepest-descent images (section 4.2 of its part 2), so a change of exposure costs nothing and moves nothing.
/// </summary>
internal static class KltTracker
{
    /// <summary>Side of the patch, px at each level.</summary>
    public const int Patch = 16;

    private const int Area = Patch * Patch;
    private const float Centre = (Patch - 1) / 2f;
    private const int Sampled = Patch + 2;
    private const float Converged = 0.01f;

    // a last step still under way is judged by the way back; a guess that did not settle is worse than the one it started from
    private static readonly Search Fine = new(12, HasToSettle: false), Coarse = new(20, HasToSettle: true);

    /// <summary>Distance from the picture's edge within which a patch does not lie in the picture, px.</summary>
    public const int Margin = Patch / 2 + 1;

    /// <summary>Distance from the picture's edge below which a point is given up, px.</summary>
    private const float Edge = 1;

    // levels on which a patch is kept inside the picture; above them a hanging patch is good enough for a guess, and a shifted one is not
    private const int InwardLevels = 2;

    /// <summary>Follows every point; each stands alone, so the result does not depend on how they are shared among threads.</summary>
    /// <param name="from">The picture the points are known in.</param>
    /// <param name="to">The picture to find them in.</param>
    /// <param name="points">Where they are in <paramref name="from"/>, px.</param>
    /// <param name="guesses">Where to look first in <paramref name="to"/>.</param>
    /// <param name="found">Receives where they are.</param>
    /// <param name="valid">Receives whether the point could be followed.</param>
    /// <param name="count">How many points there are.</param>
    /// <param name="checks">What a point has to pass; null: <see cref="KltChecks.Usual"/>.</param>
    public static void Track(ImagePyramid from, ImagePyramid to, Vector2[] points, Vector2[] guesses, Vector2[] found, bool[] valid, int count, KltChecks? checks = null)
    {
        var passes = checks ?? KltChecks.Usual;
        const int chunk = 32;
        Parallel.For(0, (count + chunk - 1) / chunk, c =>
        {
            Span<float> workspace = stackalloc float[Workspace.Floats];
            var space = new Workspace(workspace);
            int end = Math.Min(count, (c + 1) * chunk);
            for (int i = c * chunk; i < end; i++) valid[i] = TrackOne(from, to, points[i], guesses[i], passes, space, out found[i]);
        });
    }

    private static bool TrackOne(ImagePyramid from, ImagePyramid to, Vector2 start, Vector2 guess, KltChecks checks, in Workspace space, out Vector2 result)
    {
        int levels = Math.Min(from.LevelCount, to.LevelCount);
        var shift = guess - start;
        Vector2 p = start, inward = default;
        result = start;
        for (int l = levels - 1; l >= 0; l--)
        {
            float scale = 1f / (1 << l);
            // pixel centres: x at level l is (x0 + 0.5) / 2^l - 0.5
            var at = (start + new Vector2(0.5f)) * scale - new Vector2(0.5f);
            p = at + shift * scale;
            inward = l < InwardLevels ? Inward(from[l], at, p) : default;
            at += inward;
            p += inward;
            var search = l == 0 ? Fine : Coarse;
            if (!Prepare(from[l], at, l == 0 ? PatchWeights.Wide : PatchWeights.Coarse, space, out var h) || !Align(to[l], space, h, search, ref p))
            {
                if (l == 0) return false;
                continue;
            }
            shift = (p - at) / scale;
        }
        result = p - inward;
        if (!IsInside(from[0], result)) return false;
        if (checks == KltChecks.None) return true;
        if (Correlation(to[0], space, p) < checks.MinCorrelation) return false;
        var back = start + inward;
        return Prepare(to[0], p, PatchWeights.Wide, space, out var hBack) && Align(from[0], space, hBack, Fine, ref back)
            && Vector2.DistanceSquared(back, start + inward) <= checks.MaxRoundTrip * checks.MaxRoundTrip;
    }

    private static bool IsInside(ImagePyramid.Level level, Vector2 p) =>
        p.X >= Edge && p.Y >= Edge && p.X <= level.Width - 1 - Edge && p.Y <= level.Height - 1 - Edge;

    // near the picture's edge the patch beside the point speaks for it: what hangs over the edge is not the scene
    private static Vector2 Inward(ImagePyramid.Level level, Vector2 a, Vector2 b)
    {
        var low = Vector2.Max(default, new Vector2(Centre) - Vector2.Min(a, b));
        var high = Vector2.Max(default, Vector2.Max(a, b) - new Vector2(level.Width - 1 - Centre, level.Height - 1 - Centre));
        // never further than a patch: from there on it says nothing about the point
        return Vector2.Clamp(low - high, new(-Centre), new(Centre));
    }

    // the frame of the pyramid lets a patch hang over, but its centre has to stay near the picture
    private static bool CanSample(ImagePyramid.Level level, Vector2 p) =>
        p.X >= -8 && p.Y >= -8 && p.X < level.Width + 8 && p.Y < level.Height + 8;

    /// <summary>How long a level looks for the patch, and whether it has to have stopped moving by then.</summary>
    private readonly record struct Search(int MaxIterations, bool HasToSettle);

    /// <summary>The inverse of the 2×2 normal matrix.</summary>
    private readonly record struct Inverse2(float A, float B, float C);

    private readonly ref struct Workspace
    {
        public const int Floats = 4 * Area + Sampled * RowStride;
        public const int RowStride = 24;
        public readonly Span<float> Template, DescentX, DescentY, Scratch, Samples;

        public Workspace(Span<float> all)
        {
            Template = all[..Area];
            DescentX = all.Slice(Area, Area);
            DescentY = all.Slice(2 * Area, Area);
            Scratch = all.Slice(3 * Area, Area);
            Samples = all[(4 * Area)..];
        }
    }

    /// <summary>Samples the template and its steepest-descent images, orthogonal (under the weights) to the template and to a constant.</summary>
    private static bool Prepare(ImagePyramid.Level level, Vector2 at, ReadOnlySpan<float> weights, in Workspace space, out Inverse2 inverse)
    {
        inverse = default;
        if (!CanSample(level, at)) return false;
        SampleFrame(level, at, space.Samples);
        ref float s = ref MemoryMarshal.GetReference(space.Samples);
        ref float t = ref MemoryMarshal.GetReference(space.Template);
        ref float dx = ref MemoryMarshal.GetReference(space.DescentX);
        ref float dy = ref MemoryMarshal.GetReference(space.DescentY);
        ref float w = ref MemoryMarshal.GetReference(weights);
        var half = Vector256.Create(0.5f);
        Vector256<float> sumT = default, sumTt = default, sumX = default, sumY = default, sumXt = default, sumYt = default;
        for (int y = 0; y < Patch; y++)
            for (int x = 0; x < Patch; x += 8)
            {
                nuint mid = (nuint)((y + 1) * Workspace.RowStride + x + 1), i = (nuint)(y * Patch + x);
                var v = Vector256.LoadUnsafe(ref s, mid);
                var gx = (Vector256.LoadUnsafe(ref s, mid + 1) - Vector256.LoadUnsafe(ref s, mid - 1)) * half;
                var gy = (Vector256.LoadUnsafe(ref s, mid + Workspace.RowStride) - Vector256.LoadUnsafe(ref s, mid - Workspace.RowStride)) * half;
                v.StoreUnsafe(ref t, i);
                gx.StoreUnsafe(ref dx, i);
                gy.StoreUnsafe(ref dy, i);
                var k = Vector256.LoadUnsafe(ref w, i);
                var kv = k * v;
                sumT += kv;
                sumTt += kv * v;
                sumX += k * gx;
                sumY += k * gy;
                sumXt += kv * gx;
                sumYt += kv * gy;
            }
        // the weights sum to 1, so the sums are means
        float mean = Vector256.Sum(sumT), meanX = Vector256.Sum(sumX), meanY = Vector256.Sum(sumY);
        float variance = Vector256.Sum(sumTt) - mean * mean;
        if (variance < 0.5f) return false;
        float slopeX = (Vector256.Sum(sumXt) - meanX * mean) / variance, slopeY = (Vector256.Sum(sumYt) - meanY * mean) / variance;
        var vMean = Vector256.Create(mean);
        Vector256<float> vMeanX = Vector256.Create(meanX), vMeanY = Vector256.Create(meanY), vSlopeX = Vector256.Create(slopeX), vSlopeY = Vector256.Create(slopeY);
        Vector256<float> hxx = default, hxy = default, hyy = default;
        for (nuint i = 0; i < Area; i += 8)
        {
            var v = Vector256.LoadUnsafe(ref t, i) - vMean;
            var k = Vector256.LoadUnsafe(ref w, i);
            var gx = Vector256.LoadUnsafe(ref dx, i) - vMeanX - vSlopeX * v;
            var gy = Vector256.LoadUnsafe(ref dy, i) - vMeanY - vSlopeY * v;
            var kx = k * gx;
            var ky = k * gy;
            hxx += kx * gx;
            hxy += kx * gy;
            hyy += ky * gy;
            v.StoreUnsafe(ref t, i);
            kx.StoreUnsafe(ref dx, i);
            ky.StoreUnsafe(ref dy, i);
        }
        float a = Vector256.Sum(hxx), b = Vector256.Sum(hxy), c = Vector256.Sum(hyy);
        float det = a * c - b * b, trace = a + c;
        // the smaller eigenvalue is about det / trace: below half a squared grey level per pixel the patch does not hold the point
        if (!(det > 0.5f * trace) || trace <= 0) return false;
        inverse = new(c / det, b / det, a / det);
        return true;
    }

    private static bool Align(ImagePyramid.Level level, in Workspace space, Inverse2 h, Search search, ref Vector2 p)
    {
        for (int i = 0; i < search.MaxIterations; i++)
        {
            if (!CanSample(level, p)) return false;
            var g = Project(level, p, space);
            var step = new Vector2(h.A * g.X - h.B * g.Y, h.C * g.Y - h.B * g.X);
            p -= step;
            float d = step.LengthSquared();
            if (!(d < Patch * Patch)) return false;
            if (d < Converged * Converged) return true;
        }
        return !search.HasToSettle;
    }

    /// <summary>Bilinear samples of the patch around <paramref name="p"/>, projected on the steepest-descent images as they are made.</summary>
    private static Vector2 Project(ImagePyramid.Level level, Vector2 p, in Workspace space)
    {
        ref float source = ref Corner(level, p, Centre, out var w00, out var w10, out var w01, out var w11);
        ref float dx = ref MemoryMarshal.GetReference(space.DescentX);
        ref float dy = ref MemoryMarshal.GetReference(space.DescentY);
        Vector256<float> gx0 = default, gy0 = default, gx1 = default, gy1 = default;
        nuint at = 0, stride = (nuint)level.Stride;
        for (nuint i = 0; i < Area; i += Patch, at += stride)
        {
            var v0 = Vector256.LoadUnsafe(ref source, at) * w00 + Vector256.LoadUnsafe(ref source, at + 1) * w10
                + Vector256.LoadUnsafe(ref source, at + stride) * w01 + Vector256.LoadUnsafe(ref source, at + stride + 1) * w11;
            var v1 = Vector256.LoadUnsafe(ref source, at + 8) * w00 + Vector256.LoadUnsafe(ref source, at + 9) * w10
                + Vector256.LoadUnsafe(ref source, at + stride + 8) * w01 + Vector256.LoadUnsafe(ref source, at + stride + 9) * w11;
            gx0 += v0 * Vector256.LoadUnsafe(ref dx, i);
            gy0 += v0 * Vector256.LoadUnsafe(ref dy, i);
            gx1 += v1 * Vector256.LoadUnsafe(ref dx, i + 8);
            gy1 += v1 * Vector256.LoadUnsafe(ref dy, i + 8);
        }
        return new(Vector256.Sum(gx0 + gx1), Vector256.Sum(gy0 + gy1));
    }

    /// <summary>Weighted correlation of the template with the patch around <paramref name="p"/>.</summary>
    private static float Correlation(ImagePyramid.Level level, in Workspace space, Vector2 p)
    {
        ref float source = ref Corner(level, p, Centre, out var w00, out var w10, out var w01, out var w11);
        ref float t = ref MemoryMarshal.GetReference(space.Template);
        ref float w = ref MemoryMarshal.GetReference(PatchWeights.Wide);
        Vector256<float> s = default, ss = default, st = default, tt = default;
        for (int y = 0; y < Patch; y++)
            for (int x = 0; x < Patch; x += 8)
            {
                nuint at = (nuint)(y * level.Stride + x), below = at + (nuint)level.Stride, i = (nuint)(y * Patch + x);
                var v = Vector256.LoadUnsafe(ref source, at) * w00 + Vector256.LoadUnsafe(ref source, at + 1) * w10
                    + Vector256.LoadUnsafe(ref source, below) * w01 + Vector256.LoadUnsafe(ref source, below + 1) * w11;
                var k = Vector256.LoadUnsafe(ref w, i);
                var template = Vector256.LoadUnsafe(ref t, i);
                var kv = k * v;
                s += kv;
                ss += kv * v;
                st += kv * template;
                tt += k * template * template;
            }
        // the template already has mean 0
        float mean = Vector256.Sum(s);
        float product = (Vector256.Sum(ss) - mean * mean) * Vector256.Sum(tt);
        return product <= 0 ? 0 : Vector256.Sum(st) / MathF.Sqrt(product);
    }

    private static void SampleFrame(ImagePyramid.Level level, Vector2 p, Span<float> samples)
    {
        ref float source = ref Corner(level, p, Centre + 1, out var w00, out var w10, out var w01, out var w11);
        ref float target = ref MemoryMarshal.GetReference(samples);
        for (int y = 0; y < Sampled; y++)
            for (int x = 0; x < Workspace.RowStride; x += 8)
            {
                nuint at = (nuint)(y * level.Stride + x), below = at + (nuint)level.Stride;
                var v = Vector256.LoadUnsafe(ref source, at) * w00 + Vector256.LoadUnsafe(ref source, at + 1) * w10
                    + Vector256.LoadUnsafe(ref source, below) * w01 + Vector256.LoadUnsafe(ref source, below + 1) * w11;
                v.StoreUnsafe(ref target, (nuint)(y * Workspace.RowStride + x));
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float Corner(ImagePyramid.Level level, Vector2 p, float centre,
        out Vector256<float> w00, out Vector256<float> w10, out Vector256<float> w01, out Vector256<float> w11)
    {
        float x = p.X - centre, y = p.Y - centre;
        int ix = (int)MathF.Floor(x), iy = (int)MathF.Floor(y);
        float fx = x - ix, fy = y - iy;
        w00 = Vector256.Create((1 - fx) * (1 - fy));
        w10 = Vector256.Create(fx * (1 - fy));
        w01 = Vector256.Create((1 - fx) * fy);
        w11 = Vector256.Create(fx * fy);
        return ref level.Data[level.Origin + iy * level.Stride + ix];
    }
}
