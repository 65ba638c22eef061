using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// Depth as one NumPy array: float32 of the shape (frames, H, W), C order, metres, 0 where there is none. The number of frames is put
/// into the header at the end.
/// </summary>
internal sealed class NpyDepthWriter
{
    /// <summary>What the header takes: enough for any three numbers.</summary>
    public const int HeaderBytes = 128;

    private readonly Stream _stream;
    private readonly int _width, _height;
    private readonly long _start;

    /// <param name="stream">Where to; it must be able to seek.</param>
    /// <param name="width">Columns, px.</param>
    /// <param name="height">Rows, px.</param>
    public NpyDepthWriter(Stream stream, int width, int height)
    {
        (_stream, _width, _height, _start) = (stream, width, height, stream.Position);
        Header(0, width, height).Write(stream, HeaderBytes);
    }

    /// <summary>Frames written so far.</summary>
    public long Frames { get; private set; }

    /// <summary>The header for so many frames.</summary>
    public static NpyHeader Header(long frames, int width, int height) => new(NpyHeader.Float32, false, [frames, height, width]);

    /// <summary>Adds a frame.</summary>
    /// <param name="depth">H×W, row-major, metres; little-endian.</param>
    public void Write(ReadOnlySpan<byte> depth)
    {
        _stream.Write(depth);
        Frames++;
    }

    /// <summary>Puts the number of frames in its place.</summary>
    public void Complete()
    {
        long end = _stream.Position;
        _stream.Position = _start;
        Header(Frames, _width, _height).Write(_stream, HeaderBytes);
        _stream.Position = end;
    }
}
