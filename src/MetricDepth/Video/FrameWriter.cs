namespace MetricDepth.Video;

/// <summary>How pixels are stored.</summary>
public enum VideoCodec
{
    /// <summary>FFV1 level 3, RGB (or grey for grey layouts), sliced: every bit is kept.</summary>
    Lossless,
    /// <summary>H.264, 4:2:0, visually lossless: plays everywhere.</summary>
    Compressed,
}

/// <summary>What to write and how.</summary>
public sealed record FrameWriterOptions
{
    /// <summary>Frame width, px.</summary>
    public required int Width { get; init; }

    /// <summary>Frame height, px.</summary>
    public required int Height { get; init; }

    /// <summary>Exact frame rate.</summary>
    public required Rational FrameRate { get; init; }

    /// <summary>The raw layout that frames come in.</summary>
    public PixelLayout Layout { get; init; } = PixelLayout.Bgr0;

    /// <summary>How pixels are stored.</summary>
    public VideoCodec Codec { get; init; } = VideoCodec.Lossless;

    /// <summary>Copy sound, in sync, from this clip; null for none.</summary>
    public VideoClip? AudioFrom { get; init; }

    /// <summary>Matroska tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Matroska StereoMode of the picture as ffmpeg names it (<c>left_right</c>, <c>top_bottom</c>, <c>anaglyph_cyan_red</c>); null for none.</summary>
    public string? StereoMode { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>
/// Encodes raw frames with an ffmpeg process into <c>name.partial</c>; <see cref="Complete"/> verifies the frame count and renames.
/// Disposing without completing kills the encoder and deletes the partial file.
/// </summary>
public sealed class FrameWriter : IDisposable
{
    /// <summary>Starts encoding.</summary>
    /// <exception cref="MetricDepthException">The destination exists (and overwriting was not asked for), cannot be written, or ffmpeg is missing.</exception>
    public static FrameWriter Open(string destination, FrameWriterOptions options, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Frames written so far.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Writes one frame.</summary>
    public void Write(ReadOnlySpan<byte> frame) => throw new NotImplementedException();

    /// <summary>Finishes the file, verifies its frame count, and gives it its final name.</summary>
    /// <returns>The facts of the finished file.</returns>
    public VideoClip Complete() => throw new NotImplementedException();

    /// <summary>Stops the encoder; an incomplete file is deleted.</summary>
    public void Dispose() => throw new NotImplementedException();
}
