using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// Depth as a NumPy archive: <c>depth</c>, float32 of the shape (frames, H, W) in metres, 0 where there is none, and small arrays of
/// what else is known. Frames are packed side by side and added in order.
/// </summary>
internal sealed class NpzDepthWriter
{
    private readonly ZipWriter _zip;
    private readonly int _width, _height;
    private long _frames;

    /// <param name="stream">Where to; it must be able to seek.</param>
    /// <param name="width">Columns, px.</param>
    /// <param name="height">Rows, px.</param>
    public NpzDepthWriter(Stream stream, int width, int height)
    {
        (_zip, _width, _height) = (new(stream), width, height);
        _zip.Begin("depth.npy", Header());
    }

    /// <summary>Packs a frame; may be called from several threads, each with buffers of its own.</summary>
    /// <param name="depth">H×W, row-major, metres.</param>
    /// <param name="bytes">Scratch, four bytes a pixel.</param>
    /// <param name="packed">Holds the packed frame afterwards.</param>
    public static DeflatedPiece Pack(ReadOnlySpan<float> depth, Span<byte> bytes, MemoryStream packed)
    {
        LittleEndian.Write(depth, bytes);
        return DeflatedPiece.Pack(bytes[..(depth.Length * sizeof(float))], packed);
    }

    /// <summary>Adds a packed frame.</summary>
    public void Add(DeflatedPiece frame)
    {
        _zip.Add(frame);
        _frames++;
    }

    /// <summary>Ends the depth and adds the rest.</summary>
    /// <param name="others">Small arrays: name, header and bytes.</param>
    public void Complete(params IEnumerable<(string Name, NpyHeader Header, byte[] Bytes)> others)
    {
        _zip.End(Header());
        using var packed = new MemoryStream();
        foreach (var (name, header, bytes) in others)
        {
            byte[] head = Bytes(header, 0);
            _zip.Begin(name + ".npy", head);
            if (bytes.Length > 0) _zip.Add(DeflatedPiece.Pack(bytes, packed));
            _zip.End(head);
        }
        _zip.Complete();
    }

    private byte[] Header() => Bytes(NpyDepthWriter.Header(_frames, _width, _height), NpyDepthWriter.HeaderBytes);

    private static byte[] Bytes(NpyHeader header, int room)
    {
        using var stream = new MemoryStream();
        header.Write(stream, room);
        return stream.ToArray();
    }
}
