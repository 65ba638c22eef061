using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging.OpenExr;

/// <summary>
/// Reads the depth channel of EXR files, one after the other: NONE, RLE, ZIPS and ZIP, half, float and whole numbers. What a header
/// claims is held against the file's length before anything is allocated.
/// </summary>
internal sealed class ExrReader
{
    // No byte of zlib's stands for more than this many (RFC 1951: 258 bytes take at least 2 bits); EXR's runs for less.
    private const int LargestRatio = 1032;
    private const int BlockHeadBytes = 8;
    // A frame of 4K may be empty but for a corner; beyond that size the file must hold what it claims.
    private const long EmptyPixels = 4096L * 2304;
    private byte[] _packed = [], _shuffled = [], _raw = [];

    /// <summary>Reads the header alone, and whether the file can hold what it says.</summary>
    /// <exception cref="MetricDepthException"><c>ExrMalformed</c>, <c>ExrUnsupported</c>, <c>ExrNotDepth</c>, or it cannot be opened.</exception>
    public static ExrHeader ReadHeader(string path)
    {
        using var file = Open(path);
        var failures = new ExrFailures(path);
        try
        {
            var header = ExrHeader.Read(file, failures);
            ChooseChannel(header, failures);
            ThrowIfTooShort(header, file, failures);
            return header;
        }
        catch (IOException e)
        {
            throw failures.Malformed(e.Message, e);
        }
    }

    /// <summary>Reads the depth channel of one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="depth">H×W of the display window; 0 where the file has no pixels.</param>
    /// <returns>What its numbers are.</returns>
    /// <exception cref="MetricDepthException">As <see cref="ReadHeader"/>; or <c>SizesDiffer</c>.</exception>
    public ExrPixelType Read(string path, Plane<float> depth)
    {
        using var file = Open(path);
        var failures = new ExrFailures(path);
        try
        {
            var header = ExrHeader.Read(file, failures);
            ThrowIfSizesDiffer(path, header, depth.Width, depth.Height);
            ThrowIfTooShort(header, file, failures);
            int channel = ChooseChannel(header, failures);
            ReadBlocks(file, header, channel, depth, failures);
            return header.Channels[channel].Type;
        }
        catch (IOException e)
        {
            throw failures.Malformed(e.Message, e);
        }
    }

    /// <summary>Refuses a picture of another size than the first of its sequence.</summary>
    public static void ThrowIfSizesDiffer(string path, ExrHeader header, int width, int height)
    {
        var window = header.DisplayWindow;
        if (window.Width != width || window.Height != height)
            throw new MetricDepthException("SizesDiffer", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"'{path}' is {window.Width}x{window.Height} px, the first picture {width}x{height}. All pictures of a sequence need one size."));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        }
        catch (FileNotFoundException e)
        {
            throw MetricDepthException.FileNotFound(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("FileNotReadable", FailureKind.Storage, $"'{path}' cannot be read: {e.Message} Check its permissions.", e);
        }
    }

    // Z by itself or as a layer's, then luminance, red, and whatever is alone.
    private static int ChooseChannel(ExrHeader header, ExrFailures failures)
    {
        var channels = header.Channels;
        if (channels.Any(c => c.IsSubsampled)) throw failures.Unsupported("has channels of lower resolution");
        int found = Find("Z", whole: true);
        if (found < 0) found = Find("Z", whole: false);
        if (found < 0) found = Find("depth", whole: false);
        if (found < 0) found = Find("Y", whole: true);
        if (found < 0 && channels.Count == 1) found = 0;
        if (found < 0) found = Find("R", whole: true);
        if (found < 0)
            throw failures.NotDepth($"has the channels {string.Join(", ", channels.Take(12).Select(c => ExrHeader.Printable(c.Name)))}{(channels.Count > 12 ? " ..." : "")}, and which of them is depth is not known");
        return found;

        int Find(string name, bool whole)
        {
            for (int i = 0; i < channels.Count; i++)
                if (whole ? channels[i].Name == name : channels[i].ShortName.Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
            return -1;
        }
    }

    private static int BlockLines(ExrHeader header) => header.Compression == ExrCompression.Zip ? 16 : 1;

    private static int Ratio(ExrHeader header) => header.Compression == ExrCompression.None ? 1 : LargestRatio;

    private static void ThrowIfTooShort(ExrHeader header, Stream file, ExrFailures failures)
    {
        long lines = BlockLines(header);
        long blocks = (header.DataWindow.Height + lines - 1) / lines;
        long least = blocks * (sizeof(long) + BlockHeadBytes) + header.DataWindow.Height * header.LineBytes / Ratio(header);
        long left = file.Length - file.Position;
        if (least > left) throw failures.Malformed("it is shorter than its size claims, so it breaks off");
        if (header.DisplayWindow.Width * header.DisplayWindow.Height > Math.Max(EmptyPixels, left * LargestRatio / sizeof(float)))
            throw failures.Malformed("the picture that it claims to be a part of is absurdly large");
    }

    private void ReadBlocks(Stream file, ExrHeader header, int channel, Plane<float> depth, ExrFailures failures)
    {
        var data = header.DataWindow;
        int lines = BlockLines(header);
        int blocks = (int)((data.Height + lines - 1) / lines);
        var table = new byte[blocks * sizeof(long)];
        file.ReadExactly(table);
        if (!Covers(header)) depth.Span.Clear();
        // of a colour picture saved in grey all channels are the same, and only then is red depth
        int compared = header.Channels[channel].Name == "R" ? IndexOf(header, "G") : -1;
        Span<byte> head = stackalloc byte[BlockHeadBytes];
        var seen = new bool[blocks];
        for (int block = 0; block < blocks; block++)
        {
            long offset = BinaryPrimitives.ReadInt64LittleEndian(table.AsSpan(block * sizeof(long)));
            if (offset < 0 || offset > file.Length - BlockHeadBytes) throw failures.Malformed("its table of blocks points outside the file");
            file.Position = offset;
            file.ReadExactly(head);
            long y = (long)BinaryPrimitives.ReadInt32LittleEndian(head) - data.MinY;
            int size = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
            if (y < 0 || y >= data.Height || y % lines != 0 || seen[y / lines]) throw failures.Malformed("a block in it is not where it should be");
            seen[y / lines] = true;
            int count = (int)Math.Min(lines, data.Height - y);
            var raw = Unpack(file, header, size, count * header.LineBytes, failures);
            for (int line = 0; line < count; line++)
            {
                var row = raw.Slice((int)(line * header.LineBytes), (int)header.LineBytes);
                if (compared >= 0 && !ChannelBytes(row, header, channel).SequenceEqual(ChannelBytes(row, header, compared)))
                    throw failures.NotDepth("is a colour picture: red and green differ");
                Place(ChannelBytes(row, header, channel), header, channel, (int)y + line, depth);
            }
        }
    }

    private Span<byte> Unpack(Stream file, ExrHeader header, int size, long length, ExrFailures failures)
    {
        if (size < 0 || size > file.Length - file.Position || size > length || length / Ratio(header) > size)
            throw failures.Malformed("the length of a block in it is wrong");
        if (length > int.MaxValue / 2) throw failures.Unsupported("has lines of more than a gigabyte");
        var raw = Room(ref _raw, (int)length);
        if (size == length) // stored as it is where packing would not make it smaller
        {
            file.ReadExactly(raw);
            return raw;
        }
        var packed = Room(ref _packed, size);
        var shuffled = Room(ref _shuffled, (int)length);
        file.ReadExactly(packed);
        bool whole = header.Compression == ExrCompression.Rle ? ExrRle.Unpack(packed, shuffled) : header.Compression != ExrCompression.None && Inflate(size, shuffled, failures);
        if (!whole) throw failures.Malformed("a block in it does not unpack to its size");
        ExrShuffle.Undo(shuffled, raw);
        return raw;
    }

    private bool Inflate(int size, Span<byte> bytes, ExrFailures failures)
    {
        try
        {
            using var zlib = new ZLibStream(new MemoryStream(_packed, 0, size, writable: false), CompressionMode.Decompress);
            return zlib.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
        }
        catch (InvalidDataException e)
        {
            throw failures.Malformed("a block in it is damaged", e);
        }
    }

    private static Span<byte> ChannelBytes(Span<byte> row, ExrHeader header, int channel)
    {
        int before = 0;
        for (int i = 0; i < channel; i++) before += header.Channels[i].Bytes;
        int width = (int)header.DataWindow.Width;
        return row.Slice(before * width, header.Channels[channel].Bytes * width);
    }

    // Only what lies in the display window; the rest was rendered for filters that look beyond the border.
    private static void Place(ReadOnlySpan<byte> values, ExrHeader header, int channel, int line, Plane<float> depth)
    {
        ExrBox data = header.DataWindow, display = header.DisplayWindow;
        long y = (long)data.MinY + line - display.MinY;
        long left = Math.Max(data.MinX, display.MinX), right = Math.Min(data.MaxX, display.MaxX);
        if (y < 0 || y >= depth.Height || left > right) return;
        int bytes = header.Channels[channel].Bytes;
        var source = values.Slice((int)(left - data.MinX) * bytes, (int)(right - left + 1) * bytes);
        var row = depth.Row((int)y).Slice((int)(left - display.MinX), (int)(right - left + 1));
        switch (header.Channels[channel].Type)
        {
            case ExrPixelType.Float when BitConverter.IsLittleEndian:
                MemoryMarshal.Cast<byte, float>(source).CopyTo(row);
                break;
            case ExrPixelType.Float:
                for (int x = 0; x < row.Length; x++) row[x] = BinaryPrimitives.ReadSingleLittleEndian(source[(x * 4)..]);
                break;
            case ExrPixelType.Half:
                for (int x = 0; x < row.Length; x++) row[x] = (float)BinaryPrimitives.ReadHalfLittleEndian(source[(x * 2)..]);
                break;
            default:
                for (int x = 0; x < row.Length; x++) row[x] = BinaryPrimitives.ReadUInt32LittleEndian(source[(x * 4)..]);
                break;
        }
    }

    private static bool Covers(ExrHeader header) => header.DataWindow.MinX <= header.DisplayWindow.MinX && header.DataWindow.MinY <= header.DisplayWindow.MinY
        && header.DataWindow.MaxX >= header.DisplayWindow.MaxX && header.DataWindow.MaxY >= header.DisplayWindow.MaxY;

    private static int IndexOf(ExrHeader header, string name)
    {
        for (int i = 0; i < header.Channels.Count; i++)
            if (header.Channels[i].Name == name) return i;
        return -1;
    }

    private static Span<byte> Room(ref byte[] buffer, int length)
    {
        if (buffer.Length < length) buffer = new byte[length];
        return buffer.AsSpan(0, length);
    }
}
