using System.IO.Compression;

namespace MetricDepth.Imaging;

/// <summary>A piece of a deflated stream that ends at a whole byte and refers to nothing before it, so that pieces made side by side can follow one another.</summary>
/// <param name="Packed">Its bytes as they are stored.</param>
/// <param name="Length">How many they stand for.</param>
/// <param name="Crc">The checksum of those.</param>
internal readonly record struct DeflatedPiece(ReadOnlyMemory<byte> Packed, long Length, uint Crc)
{
    /// <summary>Packs bytes.</summary>
    /// <param name="bytes">At least one.</param>
    /// <param name="buffer">Emptied first; holds the packed bytes afterwards.</param>
    public static DeflatedPiece Pack(ReadOnlySpan<byte> bytes, MemoryStream buffer)
    {
        buffer.SetLength(0);
        using var deflate = new DeflateStream(buffer, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(bytes);
        deflate.Flush(); // ends at a byte, in a block that is not the last
        return new(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), bytes.Length, Crc32.Append(bytes));
    }
}
