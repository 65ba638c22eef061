using System.Buffers.Binary;

namespace MetricDepth.Depth;

/// <summary>The first facts of a PNG file: signature and IHDR chunk (PNG specification, 5.2 and 11.2.2).</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, bool IsGray)
{
    private const int Length = 26;
    private static ReadOnlySpan<byte> Start => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R'];

    public bool IsDepth => IsGray && BitDepth == 16;

    /// <exception cref="MetricDepthException">It is no PNG.</exception>
    public static PngHeader Read(string path)
    {
        Span<byte> bytes = stackalloc byte[Length];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(bytes, Length, throwOnEndOfStream: false) < Length || !bytes.StartsWith(Start))
            throw new MetricDepthException("NotAPng", FailureKind.InvalidData, $"'{path}' is not a PNG file. Give 16-bit grey PNGs or a gray16 video.");
        return new(BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]), bytes[24], bytes[25] == 0);
    }
}
