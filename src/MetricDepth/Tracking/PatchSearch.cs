using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>
/// Looks for a patch around the place where it is expected: correlation of the patch at half size with every place in reach, in the
/// picture at half size. Gives the best few places; who asks has to look closer.
/// </summary>
internal static class PatchSearch
{
    /// <summary>Places given at most.</summary>
    public const int MaxPlaces = 3;

    /// <summary>How far from the expected place is looked, px.</summary>
    public const int Reach = 2 * Steps;

    private const int Steps = 7, Side = 6, Area = Side * Side, Window = 2 * Steps + Side, Offsets = 2 * Steps + 1;

    // a place that is not this alike at half size is not worth a closer look
    private const float MinCorrelation = 0.7f;

    /// <summary>Searches.</summary>
    /// <param name="half">The picture at half size.</param>
    /// <param name="template">The patch at full size.</param>
    /// <param name="expected">Where its centre should be, px at full size.</param>
    /// <param name="alongX">Where a step of one patch pixel to the right leads in the picture.</param>
    /// <param name="alongY">Where a step of one patch pixel down leads.</param>
    /// <param name="places">Receives the best places, px at full size, best first.</param>
    /// <returns>How many there are.</returns>
    public static int Find(ImagePyramid.Level half, ReadOnlySpan<float> template, Vector2 expected, Vector2 alongX, Vector2 alongY, Span<Vector2> places)
    {
        Span<float> small = stackalloc float[Area], window = stackalloc float[Window * Window], scores = stackalloc float[Offsets * Offsets];
        float norm = Halve(template, small);
        if (norm <= 0 || !Sample(half, expected, alongX, alongY, window)) return 0;
        for (int y = 0; y < Offsets; y++)
            for (int x = 0; x < Offsets; x++)
                scores[y * Offsets + x] = Correlation(window[(y * Window + x)..], small, norm);
        int n = 0;
        while (n < MaxPlaces)
        {
            int best = 0;
            for (int i = 1; i < scores.Length; i++)
                if (scores[i] > scores[best]) best = i;
            if (scores[best] < MinCorrelation) break;
            int bx = best % Offsets, by = best / Offsets;
            places[n++] = expected + (alongX * (bx - Steps) + alongY * (by - Steps)) * 2;
            for (int y = Math.Max(0, by - 1); y <= Math.Min(Offsets - 1, by + 1); y++)
                for (int x = Math.Max(0, bx - 1); x <= Math.Min(Offsets - 1, bx + 1); x++) scores[y * Offsets + x] = -1;
        }
        return n;
    }

    // the pyramid's filter, [1 3 3 1]/8, which leaves the innermost pixels; their mean comes off
    private static float Halve(ReadOnlySpan<float> template, Span<float> small)
    {
        const int patch = KltTracker.Patch;
        ReadOnlySpan<float> filter = [1 / 8f, 3 / 8f, 3 / 8f, 1 / 8f];
        float mean = 0, norm = 0;
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                float sum = 0;
                for (int j = 0; j < 4; j++)
                    for (int i = 0; i < 4; i++) sum += filter[j] * filter[i] * template[(2 * y + 1 + j) * patch + 2 * x + 1 + i];
                small[y * Side + x] = sum;
                mean += sum / Area;
            }
        foreach (ref float v in small)
        {
            v -= mean;
            norm += v * v;
        }
        return norm;
    }

    private static bool Sample(ImagePyramid.Level half, Vector2 expected, Vector2 alongX, Vector2 alongY, Span<float> window)
    {
        const float centre = (Window - 1) / 2f;
        // half-size pixels along the patch's axes
        var corner = (expected + new Vector2(0.5f)) / 2 - new Vector2(0.5f) - (alongX + alongY) * centre;
        var reach = (Vector2.Abs(alongX) + Vector2.Abs(alongY)) * centre;
        var middle = corner + (alongX + alongY) * centre;
        const int border = ImagePyramid.Border - 2;
        if (!(middle.X - reach.X > -border && middle.Y - reach.Y > -border
            && middle.X + reach.X < half.Width + border - 2 && middle.Y + reach.Y < half.Height + border - 2)) return false;
        ReadOnlySpan<float> data = half.Data;
        for (int y = 0; y < Window; y++)
            for (int x = 0; x < Window; x++)
            {
                var p = corner + alongX * x + alongY * y + new Vector2(ImagePyramid.Border);
                int ix = (int)p.X, iy = (int)p.Y, at = iy * half.Stride + ix;
                float fx = p.X - ix, fy = p.Y - iy;
                float top = data[at] + fx * (data[at + 1] - data[at]), bottom = data[at + half.Stride] + fx * (data[at + half.Stride + 1] - data[at + half.Stride]);
                window[y * Window + x] = top + fy * (bottom - top);
            }
        return true;
    }

    private static float Correlation(ReadOnlySpan<float> window, ReadOnlySpan<float> small, float norm)
    {
        float s = 0, ss = 0, st = 0;
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
            {
                float v = window[y * Window + x];
                s += v;
                ss += v * v;
                st += v * small[y * Side + x];
            }
        float variance = ss - s * s / Area;
        return variance <= 0.01f ? -1 : st / MathF.Sqrt(variance * norm);
    }
}
