using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MetricDepth.Imaging;

/// <summary>Pictures as PNG files (ISO/IEC 15948).</summary>
public static class Png
{
    private const byte Gray = 0, Rgb = 2;

    /// <summary>Writes 16-bit grey.</summary>
    /// <param name="picture">0..65535.</param>
    /// <param name="texts">Keywords and what they say; keywords are ASCII, 1 to 79 characters (ISO/IEC 15948, 11.3.4).</param>
    /// <param name="stream">Where to.</param>
    public static void WriteGray16(Plane<ushort> picture, IReadOnlyDictionary<string, string> texts, Stream stream)
    {
        Begin(stream, picture.Width, picture.Height, bits: 16, Gray);
        foreach (var (keyword, text) in texts) Text(stream, keyword, text);
        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = new byte[1 + 2 * picture.Width];
            line[0] = 2; // filter "Up": each byte less the one above
            for (int y = 0; y < picture.Height; y++)
            {
                var row = picture.Row(y);
                ReadOnlySpan<ushort> above = y > 0 ? picture.Row(y - 1) : new ushort[row.Length];
                for (int x = 0; x < row.Length; x++)
                {
                    line[1 + 2 * x] = (byte)((row[x] >> 8) - (above[x] >> 8));
                    line[2 + 2 * x] = (byte)(row[x] - above[x]);
                }
                deflate.Write(line);
            }
        }
        Chunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(stream, "IEND"u8, []);
    }

    /// <summary>Writes 8-bit RGB.</summary>
    /// <param name="picture">BGR0.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="compression">How hard to try: of a photograph, the fastest takes a fifth of the time and a third more room.</param>
    public static void Write(Plane<uint> picture, Stream stream, CompressionLevel compression = CompressionLevel.Optimal)
    {
        Begin(stream, picture.Width, picture.Height, bits: 8, Rgb);

        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, compression, leaveOpen: true))
        {
            var line = new byte[1 + 3 * picture.Width];
            line[0] = 2; // filter "Up": each byte less the one above
            ReadOnlySpan<uint> above = new uint[picture.Width];
            for (int y = 0; y < picture.Height; y++)
            {
                var row = picture.Row(y);
                for (int x = 0; x < row.Length; x++)
                {
                    uint p = row[x], q = above[x];
                    line[1 + 3 * x] = (byte)((p >> 16) - (q >> 16));
                    line[2 + 3 * x] = (byte)((p >> 8) - (q >> 8));
                    line[3 + 3 * x] = (byte)(p - q);
                }
                deflate.Write(line);
                above = row;
            }
        }
        Chunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Begin(Stream stream, int width, int height, byte bits, byte colors)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9]) = (bits, colors); // the rest stays 0: deflate, filtered by row, not interlaced
        Chunk(stream, "IHDR"u8, header);
    }

    /// <summary>A text: Latin-1 as every reader knows it where ASCII is enough, otherwise UTF-8, not compressed.</summary>
    private static void Text(Stream stream, string keyword, string text)
    {
        byte[] key = Encoding.ASCII.GetBytes(keyword);
        if (Ascii.IsValid(text)) Chunk(stream, "tEXt"u8, [.. key, 0, .. Encoding.ASCII.GetBytes(text)]);
        else Chunk(stream, "iTXt"u8, [.. key, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Append(content, Crc32.Append(type)));
        stream.Write(number);
    }
}
