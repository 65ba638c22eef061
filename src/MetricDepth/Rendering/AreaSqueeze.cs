namespace MetricDepth.Rendering;

/// <summary>
/// Halves a picture by area: each pixel is the mean of the two it covers. One that is neither seen nor filled does not take part,
/// so holes darken nothing. The mask is white only where neither was seen. Of an odd number the last stands alone.
/// </summary>
internal static class AreaSqueeze
{
    // Neighbours whose depths differ by more than this factor lie on different surfaces; their mean would be on neither.
    private const float SameSurface = 1.05f;

    /// <summary>A row to half its width, rounded up.</summary>
    public static void Row(SqueezedRow row, Span<uint> pixels, Span<byte> mask)
    {
        int last = row.Color.Length - 1;
        for (int x = 0; x < pixels.Length; x++)
        {
            int a = 2 * x, b = Math.Min(a + 1, last);
            pixels[x] = Merge(row.Color[a], row.IsDrawn(a), row.Color[b], row.IsDrawn(b));
            mask[x] = (byte)(row.Holes[a] & row.Holes[b]);
        }
    }

    /// <summary>Two rows into one.</summary>
    public static void Rows(SqueezedRow upper, SqueezedRow lower, Span<uint> pixels, Span<byte> mask)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            pixels[x] = Merge(upper.Color[x], upper.IsDrawn(x), lower.Color[x], lower.IsDrawn(x));
            mask[x] = (byte)(upper.Holes[x] & lower.Holes[x]);
        }
    }

    /// <summary>A row of inverse depth to half its width: the mean on one surface, the nearer of two.</summary>
    public static void DepthRow(ReadOnlySpan<float> row, Span<float> squeezed)
    {
        for (int x = 0; x < squeezed.Length; x++) squeezed[x] = MergeDepth(row[2 * x], row[Math.Min(2 * x + 1, row.Length - 1)]);
    }

    /// <summary>Two rows of inverse depth into one.</summary>
    public static void DepthRows(ReadOnlySpan<float> upper, ReadOnlySpan<float> lower, Span<float> squeezed)
    {
        for (int x = 0; x < squeezed.Length; x++) squeezed[x] = MergeDepth(upper[x], lower[x]);
    }

    private static uint Merge(uint a, bool drawnA, uint b, bool drawnB) => drawnA == drawnB ? Mean(a, b) : drawnA ? a : b;

    private static float MergeDepth(float a, float b) => Math.Max(a, b) <= Math.Min(a, b) * SameSurface ? (a + b) / 2 : Math.Max(a, b);

    // The mean of four bytes at once, halves rounded up.
    private static uint Mean(uint a, uint b) => (a | b) - (((a ^ b) & 0xFEFEFEFE) >> 1);
}
