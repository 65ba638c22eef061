namespace MetricDepth.Video;

/// <summary>How frames are to be read.</summary>
public sealed record FrameReaderOptions
{
    /// <summary>The raw layout wanted.</summary>
    public PixelLayout Layout { get; init; } = PixelLayout.Bgr0;

    /// <summary>Resize to this width, px; null keeps the clip's.</summary>
    public int? Width { get; init; }

    /// <summary>Resize to this height, px; null keeps the clip's.</summary>
    public int? Height { get; init; }

    /// <summary>Resample to this rate; null keeps the clip's.</summary>
    public Rational? FrameRate { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>Raw frames of a video, decoded by an ffmpeg process: upright, square pixels, constant rate.</summary>
public sealed class FrameReader : IDisposable
{
    /// <summary>Starts decoding.</summary>
    /// <exception cref="MetricDepthException">ffmpeg is missing or cannot open the file.</exception>
    public static FrameReader Open(VideoClip clip, FrameReaderOptions options, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Frame width, px.</summary>
    public int Width { get; private init; }

    /// <summary>Frame height, px.</summary>
    public int Height { get; private init; }

    /// <summary>Bytes in one frame.</summary>
    public int FrameBytes { get; private init; }

    /// <summary>Reads the next frame; false at the end of the video.</summary>
    /// <param name="frame">Exactly <see cref="FrameBytes"/> bytes.</param>
    /// <exception cref="MetricDepthException">The file breaks off or is damaged.</exception>
    public bool Read(Span<byte> frame) => throw new NotImplementedException();

    /// <summary>Stops the decoder, at once if it still runs.</summary>
    public void Dispose() => throw new NotImplementedException();
}
