using System.Buffers;
using System.Numerics;

namespace MetricDepth.Estimation.DepthAnything;

/// <summary>
/// Brings a network's map to the frame's size, bilinearly, with the corners' pixel centres on each other (<c>align_corners</c>):
/// pixel i lies at <c>i·(from − 1)/(to − 1)</c>. One object serves any number of threads.
/// </summary>
public sealed class AlignedResize
{
    private readonly int sourceWidth, sourceHeight;
    private readonly (int First, int Second, float Fraction)[] columns, rows;

    /// <summary>Prepares for maps of one size.</summary>
    /// <param name="sourceWidth">Width of the network's map, px.</param>
    /// <param name="sourceHeight">Height of the network's map, px.</param>
    /// <param name="width">Width wanted, px.</param>
    /// <param name="height">Height wanted, px.</param>
    public AlignedResize(int sourceWidth, int sourceHeight, int width, int height)
    {
        (this.sourceWidth, this.sourceHeight, Width, Height) = (sourceWidth, sourceHeight, width, height);
        columns = Taps(sourceWidth, width);
        rows = Taps(sourceHeight, height);
    }

    /// <summary>Width of the result, px.</summary>
    public int Width { get; }

    /// <summary>Height of the result, px.</summary>
    public int Height { get; }

    /// <summary>Resizes one map.</summary>
    /// <param name="map">The network's map, row-major, of the size this was made for.</param>
    /// <param name="result">Receives <see cref="Width"/> × <see cref="Height"/> numbers, row-major.</param>
    public void Run(ReadOnlySpan<float> map, Span<float> result)
    {
        if (result.Length != Width * Height) throw new ArgumentException($"The result has {Width}×{Height} numbers, not {result.Length}.", nameof(result));
        Rows(map, 0, result);
    }

    /// <summary>Makes some rows of the resized map, so that nobody has to hold one that is only looked at once.</summary>
    /// <param name="map">The network's map, row-major, of the size this was made for.</param>
    /// <param name="firstRow">The first row wanted.</param>
    /// <param name="result">Receives whole rows of <see cref="Width"/> numbers, as many as fit.</param>
    public void Rows(ReadOnlySpan<float> map, int firstRow, Span<float> result)
    {
        if (map.Length != sourceWidth * sourceHeight) throw new ArgumentException($"A map has {sourceWidth}×{sourceHeight} numbers, not {map.Length}.", nameof(map));
        int count = result.Length / Width;
        float[] scratch = ArrayPool<float>.Shared.Rent(2 * Width);
        // a row of the map is widened once, and serves all rows of the result that lie beside it
        Span<float> upper = scratch.AsSpan(0, Width), lower = scratch.AsSpan(Width, Width);
        int upperIs = -1, lowerIs = -1;
        for (int y = 0; y < count; y++)
        {
            var (first, second, fraction) = rows[firstRow + y];
            if (upperIs != first && lowerIs == first)
            {
                var other = upper;
                upper = lower;
                lower = other;
                (upperIs, lowerIs) = (lowerIs, upperIs);
            }
            if (upperIs != first) Widen(map.Slice((upperIs = first) * sourceWidth, sourceWidth), upper);
            if (lowerIs != second) Widen(map.Slice((lowerIs = second) * sourceWidth, sourceWidth), lower);
            Blend(upper, lower, fraction, result.Slice(y * Width, Width));
        }
        ArrayPool<float>.Shared.Return(scratch);
    }

    private void Widen(ReadOnlySpan<float> row, Span<float> wide)
    {
        for (int x = 0; x < wide.Length; x++)
        {
            var (first, second, fraction) = columns[x];
            float left = row[first];
            wide[x] = left + (row[second] - left) * fraction;
        }
    }

    private static void Blend(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, float fraction, Span<float> row)
    {
        int x = 0;
        for (; x <= row.Length - Vector<float>.Count; x += Vector<float>.Count)
        {
            var above = new Vector<float>(upper[x..]);
            (above + (new Vector<float>(lower[x..]) - above) * fraction).CopyTo(row[x..]);
        }
        for (; x < row.Length; x++) row[x] = upper[x] + (lower[x] - upper[x]) * fraction;
    }

    private static (int First, int Second, float Fraction)[] Taps(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        var taps = new (int, int, float)[to];
        double scale = to > 1 ? (from - 1) / (double)(to - 1) : 0;
        for (int i = 0; i < to; i++)
        {
            double at = i * scale;
            int first = Math.Min((int)at, from - 1);
            taps[i] = (first, Math.Min(first + 1, from - 1), (float)(at - first));
        }
        return taps;
    }
}
