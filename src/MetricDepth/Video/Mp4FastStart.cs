using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Video;

/// <summary>
/// Moves the index (<c>moov</c>) of a finished MP4 file, which ffmpeg writes last, to its front, where players want it, and puts boxes
/// into the video's sample entry on the way. The media data are moved back inside the file, from its end to its beginning.
/// </summary>
internal static class Mp4FastStart
{
    private const int LargestIndex = 1 << 28, ChunkBytes = 1 << 20, LongHead = 16;

    /// <summary>Does it.</summary>
    /// <param name="path">The file; damaged when this is stopped half-way, so it should not have its final name yet.</param>
    /// <param name="addition">Boxes for the video's sample entry.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="MetricDepthException">The file is not an MP4 file as ffmpeg writes it.</exception>
    public static void MoveIndexToFront(string path, byte[] addition, CancellationToken cancellation)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var boxes = TopLevel(stream, path);
        var index = boxes.LastOrDefault(b => b.Type == "moov");
        // everything that chunk offsets point into lies between the file type and the index
        if (boxes is not [{ Type: "ftyp" } type, ..] || index != boxes[^1] || index.Length > LargestIndex) throw Malformed(path, "its index is not at its end");
        var moov = new byte[index.Length];
        stream.Position = index.Start;
        stream.ReadExactly(moov);
        byte[] made = Rewrite(moov, addition, path);
        MoveBack(stream, type.Length, index.Start, made.Length, cancellation);
        stream.Position = type.Length;
        stream.Write(made);
        stream.SetLength(index.Start + made.Length);
    }

    // The index is as much longer as the boxes in it, and eight bytes an offset where four no longer reach.
    private static byte[] Rewrite(byte[] moov, byte[] addition, string path)
    {
        foreach (bool wide in (bool[])[false, true])
        {
            var sized = new Mp4Index(addition, 0, wide);
            if (sized.Rewrite(moov) is not { } first) throw Malformed(path, "its index is damaged");
            if (!sized.IsAdded) throw Malformed(path, "it holds no H.264, HEVC or AV1 video");
            var moved = new Mp4Index(addition, first.Length, wide);
            byte[] made = moved.Rewrite(moov)!;
            if (!moved.Overflows) return made;
        }
        throw Malformed(path, "its index is damaged");
    }

    private static void MoveBack(FileStream stream, long start, long end, long distance, CancellationToken cancellation)
    {
        var buffer = new byte[ChunkBytes];
        while (end > start)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(buffer.Length, end - start);
            end -= count;
            stream.Position = end;
            stream.ReadExactly(buffer, 0, count);
            stream.Position = end + distance;
            stream.Write(buffer, 0, count);
        }
    }

    private static List<(string Type, long Start, long Length)> TopLevel(FileStream stream, string path)
    {
        List<(string Type, long Start, long Length)> boxes = [];
        Span<byte> head = stackalloc byte[LongHead];
        for (long start = 0; start < stream.Length;)
        {
            stream.Position = start;
            int got = stream.ReadAtLeast(head, LongHead, throwOnEndOfStream: false);
            if (got < Mp4Box.HeadBytes) throw Malformed(path, "it breaks off");
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length == 1 && got == LongHead) length = BinaryPrimitives.ReadInt64BigEndian(head[Mp4Box.HeadBytes..]);
            if (length < Mp4Box.HeadBytes || length > stream.Length - start) throw Malformed(path, "it breaks off");
            boxes.Add((Encoding.Latin1.GetString(head.Slice(4, 4)), start, length));
            start += length;
        }
        return boxes;
    }

    private static MetricDepthException Malformed(string path, string why) => new("Mp4Malformed", FailureKind.InvalidData,
        $"The stereo boxes cannot be put into '{path}': {why}. Update ffmpeg, or give a -DestinationPath that ends in .mkv.");
}
