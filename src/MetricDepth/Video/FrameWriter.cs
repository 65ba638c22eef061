namespace MetricDepth.Video;

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

    /// <summary>Prefer an encoder in hardware; not for <see cref="VideoCodec.Lossless"/>.</summary>
    public bool PrefersHardware { get; init; }

    /// <summary>Constant rate factor on x264's scale, 0 (best) to 51; null for 16, which looks lossless.</summary>
    public double? RateFactor { get; init; }

    /// <summary>Copy sound, in sync, from this clip; null for none.</summary>
    public VideoClip? AudioFrom { get; init; }

    /// <summary>How many frames will come: sound is cut there. Null if unknown: sound is copied to its own end.</summary>
    public long? FrameCount { get; init; }

    /// <summary>Matroska tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>How two eyes lie in the picture, for players; null for one picture.</summary>
    public StereoPacking? Packing { get; init; }

    /// <summary>What the picture shows, for players.</summary>
    public SpatialProjection Projection { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>
/// Encodes raw frames with an ffmpeg process into <c>name.partial</c>; <see cref="Complete"/> verifies the frame count and renames.
/// Disposing without completing kills the encoder and deletes the partial file.
/// </summary>
public sealed class FrameWriter : IDisposable
{
    private readonly FfmpegProcess _encoder;
    private readonly PartialFile _partial;
    private readonly int _frameBytes;
    private readonly FrameWriterOptions _options;
    private readonly string _container;
    private readonly CancellationToken _cancellation;

    private FrameWriter(FfmpegProcess encoder, PartialFile partial, FrameWriterOptions options, string container, CancellationToken cancellation)
    {
        _options = options;
        _container = container;
        _encoder = encoder;
        _partial = partial;
        _frameBytes = checked(options.Width * options.Height * options.Layout.BytesPerPixel());
        _cancellation = cancellation;
    }

    /// <summary>Starts encoding.</summary>
    /// <exception cref="MetricDepthException">The destination exists (and overwriting was not asked for), cannot be written, or ffmpeg is missing.</exception>
    /// <param name="destination">The final name.</param>
    /// <param name="options">What to write and how.</param>
    /// <param name="cancellation">Stops the encoder.</param>
    /// <param name="progress">Told which encoder was taken where there is a choice.</param>
    public static FrameWriter Open(
        string destination, FrameWriterOptions options, CancellationToken cancellation, IProgress<FrameProgress>? progress = null)
    {
        string container = EncoderArguments.Container(destination, options.Codec);
        var chosen = options.Codec == VideoCodec.Lossless ? null
            : EncoderSelection.Choose(options.Codec, options.PrefersHardware, options.Width, options.Height, progress, cancellation);
        var partial = PartialFile.Create(destination, options.Overwrite);
        try
        {
            var encoder = new FfmpegProcess(FfmpegProgram.Ffmpeg, EncoderArguments.For(options, container, partial.TemporaryPath, chosen), cancellation, feeds: true);
            return new(encoder, partial, options, container, cancellation);
        }
        catch
        {
            partial.Dispose();
            throw;
        }
    }

    /// <summary>Frames written so far.</summary>
    public long FramesWritten { get; private set; }

    /// <summary>Writes one frame.</summary>
    /// <exception cref="MetricDepthException">The encoder failed, for example for want of disk space.</exception>
    public void Write(ReadOnlySpan<byte> frame)
    {
        if (frame.Length != _frameBytes) throw new ArgumentException($"A frame has {_frameBytes} bytes, not {frame.Length}.", nameof(frame));
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            _encoder.Input.Write(frame);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
        FramesWritten++;
    }

    /// <summary>Finishes the file, verifies its frame count, and gives it its final name.</summary>
    /// <returns>The facts of the finished file.</returns>
    /// <exception cref="MetricDepthException">The encoder failed, or holds another number of frames than was written.</exception>
    public VideoClip Complete()
    {
        try
        {
            _encoder.Input.Dispose();
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
        int exit = _encoder.WaitForExit();
        _cancellation.ThrowIfCancellationRequested();
        // ffmpeg 5 ends with 0 although the last bytes did not reach the disk; only its words tell
        if (exit != 0 || IsDiskFull || _encoder.LastWords.Contains("Error closing file", StringComparison.Ordinal)) throw Failed(null);
        if (FramesWritten == 0)
            throw new MetricDepthException("NoFrames", FailureKind.InvalidData, $"There was no frame to write to '{_partial.FinalPath}'. Check the input's length.");
        if (_encoder.EncodedFrames != FramesWritten)
            throw new MetricDepthException("FrameCountMismatch", FailureKind.ExternalTool,
                $"'{_partial.FinalPath}' was not kept: {FramesWritten} frames were given to ffmpeg, {_encoder.EncodedFrames} were stored. Check the disk and run again.");
        SpatialMetadata.Put(_partial.TemporaryPath, _options, _container, _cancellation);
        var clip = _options.AudioFrom is { HasAudio: true }
            ? VideoProbe.Probe(_partial.TemporaryPath, _cancellation)
            : VideoProbe.ProbeWritten(_partial.TemporaryPath, EncoderArguments.StoredFormat(_options), _cancellation);
        _partial.Commit();
        return clip with { Path = _partial.FinalPath, FrameCount = FramesWritten };
    }

    /// <summary>The encoder's process id.</summary>
    internal int ProcessId => _encoder.Id;

    /// <summary>Stops the encoder; an incomplete file is deleted.</summary>
    public void Dispose()
    {
        _encoder.Dispose();
        _partial.Dispose();
    }

    private bool IsDiskFull =>
        _encoder.LastWords.Contains("No space left", StringComparison.Ordinal) || _encoder.LastWords.Contains("Disk quota exceeded", StringComparison.Ordinal);

    private Exception Failed(Exception? inner)
    {
        int exit = _encoder.WaitForExit();
        if (_cancellation.IsCancellationRequested) return new OperationCanceledException(_cancellation);
        string words = _encoder.LastWords;
        if (IsDiskFull)
            return new MetricDepthException("DiskFull", FailureKind.Storage,
                $"The disk of '{_partial.FinalPath}' is full. Free some space, or write elsewhere with -DestinationPath.", inner);
        return new MetricDepthException("EncodingFailed", FailureKind.ExternalTool,
            $"ffmpeg could not write '{_partial.FinalPath}' (exit code {exit}): {words.Split('\n').LastOrDefault(l => l.Length > 0) ?? "no reason given"}.", inner);
    }
}
