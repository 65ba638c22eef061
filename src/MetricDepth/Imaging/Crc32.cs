using System.Buffers.Binary;

namespace MetricDepth.Imaging;

/// <summary>
/// The checksum of PNG and zip (CRC-32, ISO 3309: polynomial 0xEDB88320, least significant bit first), eight bytes at a time, and
/// that of two pieces of data from the checksums of each.
/// </summary>
public static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of what went before, continued.</summary>
    /// <param name="bytes">What follows.</param>
    /// <param name="before">The checksum so far; 0 at the beginning.</param>
    public static uint Append(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        uint[] table = Table;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint a = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc, b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = table[7 * 256 + (byte)a] ^ table[6 * 256 + (byte)(a >> 8)] ^ table[5 * 256 + (byte)(a >> 16)] ^ table[4 * 256 + (a >> 24)]
                ^ table[3 * 256 + (byte)b] ^ table[2 * 256 + (byte)(b >> 8)] ^ table[256 + (byte)(b >> 16)] ^ table[b >> 24];
        }
        foreach (byte value in bytes) crc = table[(byte)(crc ^ value)] ^ crc >> 8;
        return ~crc;
    }

    /// <summary>
    /// The checksum of one piece of data followed by another: the first one's is multiplied by x^(8·length) modulo the polynomial,
    /// which is what that many zero bytes would do to it (Mark Adler's argument for zlib's crc32_combine).
    /// </summary>
    /// <param name="first">The checksum of the first piece.</param>
    /// <param name="second">The checksum of the second piece.</param>
    /// <param name="secondLength">Bytes of the second piece.</param>
    public static uint Combine(uint first, uint second, long secondLength)
    {
        uint power = 1u << 31; // x^0: the highest bit is the constant term
        uint square = 1u << 23; // x^8, one byte
        for (long n = secondLength; n > 0; n >>= 1)
        {
            if ((n & 1) != 0) power = Multiply(power, square);
            square = Multiply(square, square);
        }
        return Multiply(first, power) ^ second;
    }

    // a·b modulo the polynomial.
    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = 1u << 31; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) product ^= b;
            b = (b & 1) == 0 ? b >> 1 : b >> 1 ^ Polynomial;
        }
        return product;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Slices * 256];
        for (int i = 0; i < 256; i++)
        {
            uint crc = (uint)i;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ Polynomial;
            table[i] = crc;
        }
        for (int i = 256; i < table.Length; i++) table[i] = table[(byte)table[i - 256]] ^ table[i - 256] >> 8;
        return table;
    }
}
