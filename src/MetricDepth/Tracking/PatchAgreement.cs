using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Tracking;

/// <summary>How well two aligned patches agree, as a whole and in their parts.</summary>
/// <param name="Correlation">Weighted zero-mean normalised cross-correlation.</param>
/// <param name="Split">How far the quarter that disagrees most would move from where the whole lies, px, to first order.</param>
internal readonly record struct PatchAgreement(float Correlation, float Split)
{
    private const int Patch = KltTracker.Patch, Area = Patch * Patch, Half = Patch / 2;

    // a quarter without texture has no opinion: this share of the whole patch's texture holds it back
    private const float Damping = 0.02f, LeastDamping = 0.1f;

    /// <summary>Compares a sample with a template.</summary>
    /// <param name="anchor">The template and, further on, its gradients.</param>
    /// <param name="gradientX">Where the horizontal gradient lies.</param>
    /// <param name="gradientY">Where the vertical gradient lies.</param>
    /// <param name="sample">The patch to compare.</param>
    /// <param name="weights">How much each pixel counts.</param>
    /// <param name="templateMean">The template's weighted mean.</param>
    public static PatchAgreement Measure(ReadOnlySpan<float> anchor, int gradientX, int gradientY, ReadOnlySpan<float> sample, ReadOnlySpan<float> weights, float templateMean)
    {
        ref float t = ref MemoryMarshal.GetReference(anchor);
        ref float s = ref MemoryMarshal.GetReference(sample);
        ref float w = ref MemoryMarshal.GetReference(weights);
        var tMean = Vector256.Create(templateMean);
        Vector256<float> sum = default, sumSs = default, sumSt = default, sumTt = default;
        for (nuint i = 0; i < Area; i += 8)
        {
            var v = Vector256.LoadUnsafe(ref s, i);
            var k = Vector256.LoadUnsafe(ref w, i);
            var kv = k * v;
            var u = Vector256.LoadUnsafe(ref t, i) - tMean;
            sum += kv;
            sumSs += kv * v;
            sumSt += kv * u;
            sumTt += k * u * u;
        }
        float mean = Vector256.Sum(sum), ss = Vector256.Sum(sumSs) - mean * mean, st = Vector256.Sum(sumSt), tt = Vector256.Sum(sumTt);
        if (!(ss * tt > 0) || st <= 0) return default;

        // the sample's grey values as the template's would be
        Vector256<float> gain = Vector256.Create(st / ss), offset = Vector256.Create(mean * st / ss - templateMean);
        Span<Part> parts = stackalloc Part[4];
        float texture = 0;
        for (int q = 0; q < parts.Length; q++)
        {
            Vector256<float> xx = default, xy = default, yy = default, x = default, y = default;
            nuint first = (nuint)((q >> 1) * Half * Patch + (q & 1) * Half);
            for (nuint i = first; i < first + Half * Patch; i += Patch)
            {
                var k = Vector256.LoadUnsafe(ref w, i);
                var e = Vector256.LoadUnsafe(ref s, i) * gain - offset - Vector256.LoadUnsafe(ref t, i);
                var gx = Vector256.LoadUnsafe(ref t, i + (nuint)gradientX);
                var gy = Vector256.LoadUnsafe(ref t, i + (nuint)gradientY);
                var kx = k * gx;
                var ky = k * gy;
                xx += kx * gx;
                xy += kx * gy;
                yy += ky * gy;
                x += kx * e;
                y += ky * e;
            }
            parts[q] = new(Vector256.Sum(xx), Vector256.Sum(xy), Vector256.Sum(yy), Vector256.Sum(x), Vector256.Sum(y));
            texture += parts[q].Xx + parts[q].Yy;
        }
        float damping = Damping * texture + LeastDamping, split = 0;
        foreach (var part in parts) split = MathF.Max(split, part.Shift(damping));
        return new(st / MathF.Sqrt(ss * tt), split);
    }

    private readonly record struct Part(float Xx, float Xy, float Yy, float X, float Y)
    {
        public float Shift(float damping)
        {
            float a = Xx + damping, c = Yy + damping, det = a * c - Xy * Xy;
            float x = (c * X - Xy * Y) / det, y = (a * Y - Xy * X) / det;
            return MathF.Sqrt(x * x + y * y);
        }
    }
}
