namespace MetricDepth.Imaging.OpenExr;

/// <summary>
/// EXR's run lengths: a signed byte n, then one byte to be repeated n + 1 times, or, where n is negative, −n bytes as they are.
/// </summary>
internal static class ExrRle
{
    /// <summary>Unpacks; false if the bytes do not fill the result exactly.</summary>
    public static bool Unpack(ReadOnlySpan<byte> packed, Span<byte> bytes)
    {
        while (packed.Length > 0)
        {
            int n = (sbyte)packed[0];
            int count = n < 0 ? -n : n + 1;
            int taken = n < 0 ? count : 1;
            if (taken > packed.Length - 1 || count > bytes.Length) return false;
            if (n < 0) packed.Slice(1, count).CopyTo(bytes);
            else bytes[..count].Fill(packed[1]);
            packed = packed[(1 + taken)..];
            bytes = bytes[count..];
        }
        return bytes.IsEmpty;
    }
}
