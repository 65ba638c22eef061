using System.Buffers.Binary;
using System.IO.Compression;

namespace MetricDepth.Imaging;

/// <summary>Pictures as PNG files (ISO/IEC 15948).</summary>
public static class Png
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    /// <summary>Writes 8-bit RGB.</summary>
    /// <param name="picture">BGR0.</param>
    /// <param name="stream">Where to.</param>
    public static void Write(Plane<uint> picture, Stream stream)
    {
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        (header[8], header[9]) = (8, 2); // bits a channel, RGB; the rest stays 0: deflate, filtered by row, not interlaced
        Chunk(stream, "IHDR"u8, header);

        using var data = new MemoryStream();
        using (var deflate = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new byte[1 + 3 * picture.Width];
            line[0] = 1; // filter "Sub": each byte less the one a pixel to the left
            for (int y = 0; y < picture.Height; y++)
            {
                uint left = 0;
                var row = picture.Row(y);
                for (int x = 0; x < row.Length; x++)
                {
                    uint p = row[x];
                    line[1 + 3 * x] = (byte)((p >> 16) - (left >> 16));
                    line[2 + 3 * x] = (byte)((p >> 8) - (left >> 8));
                    line[3 + 3 * x] = (byte)(p - left);
                    left = p;
                }
                deflate.Write(line);
            }
        }
        Chunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(content, Crc(type, uint.MaxValue)));
        stream.Write(number);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (byte b in bytes) crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        return crc;
    }

    private static uint CrcOfByte(int value)
    {
        uint crc = (uint)value;
        for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xEDB88320;
        return crc;
    }
}
