using System.Buffers.Binary;
using System.Globalization;
using MetricDepth.Imaging;

namespace MetricDepth.Depth.Import;

/// <summary>The first facts of a PNG file: signature and IHDR chunk (PNG specification, 5.2 and 11.2.2).</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, bool IsGray)
{
    private const int Length = 26;
    private const long MaxPixels = 1L << 28;
    // No byte of zlib's stands for more than this many (RFC 1951).
    private const long LargestRatio = 1032;

    /// <summary>The format's first bytes.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public bool IsDepth => IsGray && BitDepth == 16;

    /// <exception cref="MetricDepthException">It is no PNG, or cannot be as large as it says.</exception>
    public static PngHeader Read(string path)
    {
        Span<byte> bytes = stackalloc byte[Length];
        using var file = File.OpenRead(path);
        if (file.ReadAtLeast(bytes, Length, throwOnEndOfStream: false) < Length || !bytes.StartsWith(Signature) || !bytes[8..].StartsWith("\0\0\0\rIHDR"u8))
            throw new MetricDepthException("NotAPng", FailureKind.InvalidData, $"'{path}' is not a PNG file. Give 16-bit grey PNGs, or depth of another kind that Import-DepthVideo takes.");
        long width = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]);
        if (width is < 1 or > Plane<float>.MaxSide || height is < 1 or > Plane<float>.MaxSide || width * height > Math.Min(MaxPixels, file.Length * LargestRatio))
            throw new MetricDepthException("SizeOutOfRange", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"'{path}' claims {width}x{height} px, which it cannot hold. Replace it, or leave it out."));
        return new((int)width, (int)height, bytes[24], bytes[25] == 0);
    }
}
