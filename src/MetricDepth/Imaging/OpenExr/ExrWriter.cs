using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MetricDepth.Imaging.OpenExr;

/// <summary>
/// Makes EXR files of one channel of 32-bit floating point (single part, scan lines, OpenEXR 2 file layout), packed with zlib in blocks
/// of sixteen lines. One writer serves one thread; its buffers are used again for the next picture.
/// </summary>
public sealed class ExrWriter
{
    // Z would say more plainly what it is, but Blender and viewers make a picture of colours or a luminance only. OpenCV opens both.
    private const string ChannelName = "Y";
    private const int BlockLines = 16;
    private const int BlockHeadBytes = 8;
    private readonly int _width, _height;
    private readonly byte[] _raw, _reordered, _shuffled;
    private readonly MemoryStream _file = new();
    private readonly byte[] _header;

    /// <summary>Makes a writer for pictures of one size.</summary>
    /// <param name="width">Columns, px.</param>
    /// <param name="height">Rows, px.</param>
    /// <param name="attributes">What the header says beyond what it must.</param>
    public ExrWriter(int width, int height, IReadOnlyList<ExrAttribute> attributes)
    {
        (_width, _height) = (width, height);
        int most = width * Math.Min(BlockLines, height) * sizeof(float);
        (_raw, _reordered, _shuffled) = (new byte[most], new byte[most], new byte[most]);
        _header = Header(attributes);
    }

    /// <summary>The most bytes that a file can take.</summary>
    public long LargestFile => _header.Length + Blocks * (sizeof(long) + BlockHeadBytes) + (long)_width * _height * sizeof(float);

    /// <summary>Packs one picture.</summary>
    /// <param name="values">H×W, row-major.</param>
    /// <returns>The file's bytes; good until the next call.</returns>
    public ReadOnlyMemory<byte> Encode(ReadOnlySpan<float> values)
    {
        if (values.Length != _width * _height) throw new ArgumentException($"The picture has {_width * _height} pixels, not {values.Length}.", nameof(values));
        int table = _header.Length;
        _file.SetLength(table + Blocks * sizeof(long));
        _file.Position = 0;
        _file.Write(_header);
        _file.Position = _file.Length;
        Span<byte> head = stackalloc byte[BlockHeadBytes];
        for (int block = 0, y = 0; y < _height; block++, y += BlockLines)
        {
            var lines = values.Slice(y * _width, Math.Min(BlockLines, _height - y) * _width);
            int length = lines.Length * sizeof(float);
            var raw = _raw.AsSpan(0, length);
            LittleEndian.Write(lines, raw);

            long start = _file.Position;
            _file.Write(head);
            ExrShuffle.Apply(raw, _reordered, _shuffled);
            using (var zlib = new ZLibStream(_file, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(_shuffled.AsSpan(0, length));
            // what does not become smaller is stored as it is, without reordering
            if (_file.Position - start - BlockHeadBytes >= length)
            {
                _file.Position = start + BlockHeadBytes;
                _file.Write(raw);
                _file.SetLength(_file.Position);
            }
            var bytes = _file.GetBuffer().AsSpan();
            BinaryPrimitives.WriteInt32LittleEndian(bytes[(int)start..], y);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[((int)start + 4)..], (int)(_file.Position - start) - BlockHeadBytes);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(table + block * sizeof(long))..], start);
        }
        return _file.GetBuffer().AsMemory(0, (int)_file.Length);
    }

    private int Blocks => (_height + BlockLines - 1) / BlockLines;

    private byte[] Header(IReadOnlyList<ExrAttribute> attributes)
    {
        var box = ExrAttribute.Integers(0, 0, _width - 1, _height - 1);
        byte[] channel = [.. Encoding.ASCII.GetBytes(ChannelName), 0, .. ExrAttribute.Integers((int)ExrPixelType.Float, 0, 1, 1), 0];
        ExrAttribute[] all =
        [
            new("channels", "chlist", channel),
            new("compression", "compression", [(byte)ExrCompression.Zip]),
            new("dataWindow", "box2i", box),
            new("displayWindow", "box2i", box),
            new("lineOrder", "lineOrder", [0]),
            ExrAttribute.Of("pixelAspectRatio", 1f),
            new("screenWindowCenter", "v2f", new byte[8]),
            ExrAttribute.Of("screenWindowWidth", 1f),
            .. attributes,
        ];
        using var header = new MemoryStream();
        header.Write([0x76, 0x2F, 0x31, 0x01, 2, 0, 0, 0]);
        foreach (var attribute in all) attribute.Write(header);
        header.WriteByte(0);
        return header.ToArray();
    }
}
