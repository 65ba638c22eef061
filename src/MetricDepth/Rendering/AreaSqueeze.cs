namespace MetricDepth.Rendering;

/// <summary>
/// Halves a picture by area: each pixel is the mean of the two it covers. One that was not seen does not take part, so holes
/// darken nothing; only where neither was seen is there a hole. Of an odd number the last stands alone.
/// </summary>
internal static class AreaSqueeze
{
    /// <summary>Two pixels into one.</summary>
    public static (uint Pixel, byte Hole) Merge(uint a, byte holeA, uint b, byte holeB) =>
        (holeA | holeB) == 0 ? (Mean(a, b), (byte)0)
        : holeA == 0 ? (a, (byte)0)
        : (b, holeB);

    /// <summary>A row to half its width, rounded up.</summary>
    public static void Row(ReadOnlySpan<uint> row, ReadOnlySpan<byte> holes, Span<uint> pixels, Span<byte> mask)
    {
        for (int x = 0; x < pixels.Length; x++)
        {
            int a = 2 * x, b = Math.Min(a + 1, row.Length - 1);
            (pixels[x], mask[x]) = Merge(row[a], holes[a], row[b], holes[b]);
        }
    }

    /// <summary>A second row into the first.</summary>
    public static void Onto(ReadOnlySpan<uint> row, ReadOnlySpan<byte> holes, Span<uint> pixels, Span<byte> mask)
    {
        for (int x = 0; x < pixels.Length; x++) (pixels[x], mask[x]) = Merge(pixels[x], mask[x], row[x], holes[x]);
    }

    // The mean of four bytes at once, halves rounded up.
    private static uint Mean(uint a, uint b) => (a | b) - (((a ^ b) & 0xFEFEFEFE) >> 1);
}
