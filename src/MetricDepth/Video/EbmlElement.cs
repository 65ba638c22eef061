using System.Buffers;
using System.Buffers.Binary;

namespace MetricDepth.Video;

/// <summary>An element of a Matroska file (EBML, RFC 8794) that lies in memory.</summary>
/// <param name="Id">Its id, with the marker bits.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="DataStart">Where its data begin.</param>
/// <param name="DataLength">Bytes of data; −1 where the length is not known.</param>
internal readonly record struct EbmlElement(uint Id, int Start, int DataStart, long DataLength)
{
    private const int LongestLength = 8;

    /// <summary>Just behind it.</summary>
    public long End => DataStart + DataLength;

    /// <summary>Reads the head of the element at a position; null when it does not lie in the bytes given.</summary>
    public static EbmlElement? Read(ReadOnlySpan<byte> bytes, int start)
    {
        if ((uint)start >= (uint)bytes.Length || bytes[start] < 0x10) return null;
        int idBytes = int.LeadingZeroCount(bytes[start]) - 23;
        if (start + idBytes >= bytes.Length) return null;
        uint id = 0;
        for (int i = 0; i < idBytes; i++) id = id << 8 | bytes[start + i];
        int lengthStart = start + idBytes, lengthBytes = int.LeadingZeroCount(bytes[lengthStart]) - 23;
        if (lengthBytes > LongestLength || lengthStart + lengthBytes > bytes.Length) return null;
        ulong length = bytes[lengthStart] & (0xFFu >> lengthBytes);
        for (int i = 1; i < lengthBytes; i++) length = length << 8 | bytes[lengthStart + i];
        bool unknown = length == (1UL << (7 * lengthBytes)) - 1;
        return new(id, start, lengthStart + lengthBytes, unknown ? -1 : (long)length);
    }

    /// <summary>The elements that lie one behind another in a range of bytes; ends early where one is damaged or reaches out of it.</summary>
    public static List<EbmlElement> Children(ReadOnlySpan<byte> bytes, int start, int end)
    {
        List<EbmlElement> children = [];
        while (Read(bytes[..end], start) is { } element && element.DataLength >= 0 && element.End <= end)
        {
            children.Add(element);
            start = (int)element.End;
        }
        return children;
    }

    /// <summary>Writes an element whose length takes eight bytes, or as many as asked for.</summary>
    public static void Write(ArrayBufferWriter<byte> writer, uint id, ReadOnlySpan<byte> data, int lengthBytes = LongestLength)
    {
        Span<byte> word = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(word, id);
        writer.Write(word[(int.LeadingZeroCount((int)id) / 8)..4]);
        BinaryPrimitives.WriteUInt64BigEndian(word, (uint)data.Length | 1UL << (7 * lengthBytes));
        writer.Write(word[(8 - lengthBytes)..]);
        writer.Write(data);
    }
}
