using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Video;

/// <summary>A box of an MP4 file (ISO/IEC 14496-12) that lies in memory.</summary>
/// <param name="Type">Four characters.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="DataStart">Where its data begin.</param>
/// <param name="End">Just behind it.</param>
internal readonly record struct Mp4Box(string Type, int Start, int DataStart, int End)
{
    /// <summary>Bytes before the data of a box that is shorter than 4 GiB.</summary>
    public const int HeadBytes = 8;

    private const int LongHeadBytes = 16;

    /// <summary>The boxes that lie one behind another in a range of bytes.</summary>
    /// <returns>Null where one is damaged or reaches out of the range.</returns>
    public static List<Mp4Box>? Children(ReadOnlySpan<byte> bytes, int start, int end)
    {
        List<Mp4Box> boxes = [];
        while (start < end)
        {
            if (end - start < HeadBytes) return null;
            long size = BinaryPrimitives.ReadUInt32BigEndian(bytes[start..]);
            int head = HeadBytes;
            if (size == 1)
            {
                head = LongHeadBytes;
                if (end - start < head) return null;
                size = BinaryPrimitives.ReadInt64BigEndian(bytes[(start + HeadBytes)..]);
            }
            if (size < head || size > end - start) return null;
            boxes.Add(new(Encoding.Latin1.GetString(bytes.Slice(start + 4, 4)), start, start + head, start + (int)size));
            start += (int)size;
        }
        return boxes;
    }

    /// <summary>Writes a box.</summary>
    public static void Write(ArrayBufferWriter<byte> writer, string type, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(4), HeadBytes + data.Length);
        writer.Advance(4);
        Encoding.Latin1.GetBytes(type, writer.GetSpan(4));
        writer.Advance(4);
        writer.Write(data);
    }
}
