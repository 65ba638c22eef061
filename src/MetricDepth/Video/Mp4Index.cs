using System.Buffers;
using System.Buffers.Binary;

namespace MetricDepth.Video;

/// <summary>Writes the box <c>moov</c> anew: boxes added to the video's sample entry, and every chunk moved by a number of bytes.</summary>
/// <param name="addition">Boxes for the video's sample entry.</param>
/// <param name="shift">How far the media data move, bytes.</param>
/// <param name="wide">Whether chunk offsets take eight bytes (<c>co64</c>) instead of four (<c>stco</c>).</param>
internal sealed class Mp4Index(byte[] addition, long shift, bool wide)
{
    // A video's sample entry has 78 bytes of fields before its boxes (ISO/IEC 14496-12, 12.1.3); the codec's own box comes first.
    private const int SampleEntryFields = 78, TableHead = 8, HandlerTypeAt = 8;
    private static readonly string[] CodecBoxes = ["avcC", "hvcC", "av1C"];
    private static readonly string[] Containers = ["moov", "mdia", "minf", "stbl"];

    /// <summary>Whether a chunk offset does not fit into four bytes after the move.</summary>
    public bool Overflows { get; private set; }

    /// <summary>Whether the boxes found their place.</summary>
    public bool IsAdded { get; private set; }

    /// <summary>The box anew, head and all; null when it is damaged.</summary>
    public byte[]? Rewrite(ReadOnlySpan<byte> moov)
    {
        if (Mp4Box.Children(moov, 0, moov.Length) is not [{ Type: "moov" } box]) return null;
        var writer = new ArrayBufferWriter<byte>(moov.Length + addition.Length);
        return RewriteBox(moov, box, isVideo: false, writer) ? writer.WrittenSpan.ToArray() : null;
    }

    private bool RewriteBox(ReadOnlySpan<byte> bytes, Mp4Box box, bool isVideo, ArrayBufferWriter<byte> writer)
    {
        if (Containers.Contains(box.Type)) return RewriteChildren(bytes, box, isVideo, writer);
        switch (box.Type)
        {
            case "trak": return RewriteChildren(bytes, box, IsVideoTrack(bytes, box), writer);
            case "stsd" when isVideo: return RewriteDescription(bytes, box, writer);
            case "stco" or "co64": return RewriteOffsets(bytes, box, writer);
            default:
                writer.Write(bytes[box.Start..box.End]);
                return true;
        }
    }

    private bool RewriteChildren(ReadOnlySpan<byte> bytes, Mp4Box box, bool isVideo, ArrayBufferWriter<byte> writer)
    {
        if (Mp4Box.Children(bytes, box.DataStart, box.End) is not { } children) return false;
        var inner = new ArrayBufferWriter<byte>();
        foreach (var child in children)
            if (!RewriteBox(bytes, child, isVideo, inner)) return false;
        Mp4Box.Write(writer, box.Type, inner.WrittenSpan);
        return true;
    }

    private static bool IsVideoTrack(ReadOnlySpan<byte> bytes, Mp4Box track)
    {
        foreach (var media in Mp4Box.Children(bytes, track.DataStart, track.End) ?? [])
            if (media.Type == "mdia")
                foreach (var handler in Mp4Box.Children(bytes, media.DataStart, media.End) ?? [])
                    if (handler.Type == "hdlr" && handler.End - handler.DataStart >= HandlerTypeAt + 4)
                        return bytes.Slice(handler.DataStart + HandlerTypeAt, 4).SequenceEqual("vide"u8);
        return false;
    }

    private bool RewriteDescription(ReadOnlySpan<byte> bytes, Mp4Box box, ArrayBufferWriter<byte> writer)
    {
        if (box.End - box.DataStart < TableHead || Mp4Box.Children(bytes, box.DataStart + TableHead, box.End) is not { } entries) return false;
        var table = new ArrayBufferWriter<byte>();
        table.Write(bytes.Slice(box.DataStart, TableHead));
        foreach (var entry in entries)
        {
            int fieldsEnd = entry.DataStart + SampleEntryFields;
            if (fieldsEnd > entry.End || Mp4Box.Children(bytes, fieldsEnd, entry.End) is not { } children) return false;
            var inner = new ArrayBufferWriter<byte>();
            inner.Write(bytes[entry.DataStart..fieldsEnd]);
            bool added = false;
            foreach (var child in children)
            {
                inner.Write(bytes[child.Start..child.End]);
                if (added || !CodecBoxes.Contains(child.Type)) continue;
                inner.Write(addition);
                added = IsAdded = true;
            }
            Mp4Box.Write(table, entry.Type, inner.WrittenSpan);
        }
        Mp4Box.Write(writer, "stsd", table.WrittenSpan);
        return true;
    }

    private bool RewriteOffsets(ReadOnlySpan<byte> bytes, Mp4Box box, ArrayBufferWriter<byte> writer)
    {
        int width = box.Type == "stco" ? 4 : 8;
        if (box.End - box.DataStart < TableHead) return false;
        long count = BinaryPrimitives.ReadUInt32BigEndian(bytes[(box.DataStart + 4)..]);
        if (count * width > box.End - box.DataStart - TableHead) return false;
        bool widen = wide || width == 8;
        var table = new byte[TableHead + count * (widen ? 8 : 4)];
        bytes.Slice(box.DataStart, TableHead).CopyTo(table);
        for (int i = 0; i < count; i++)
        {
            var from = bytes[(box.DataStart + TableHead + i * width)..];
            long offset = (width == 4 ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadInt64BigEndian(from)) + shift;
            if (widen)
            {
                BinaryPrimitives.WriteInt64BigEndian(table.AsSpan(TableHead + i * 8), offset);
                continue;
            }
            if (offset > uint.MaxValue) Overflows = true;
            BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan(TableHead + i * 4), (uint)offset);
        }
        Mp4Box.Write(writer, widen ? "co64" : "stco", table);
        return true;
    }
}
