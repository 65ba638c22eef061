using System.Globalization;

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

    /// <summary>Leave out so many frames at the beginning, at the rate read.</summary>
    public long FirstFrame { get; init; }

    /// <summary>
    /// Jump to <see cref="FirstFrame"/> by its time instead of decoding up to it. Where frames come at uneven times or are
    /// resampled, they are decoded all the same.
    /// </summary>
    public bool Seek { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>Raw frames of a video, decoded by an ffmpeg process: upright, square pixels, constant rate.</summary>
public sealed class FrameReader : IDisposable
{
    private readonly FfmpegProcess _decoder;
    private readonly CancellationToken _cancellation;
    private readonly string _path;
    private readonly long _expectedFrames;
    private readonly bool _startsLate;
    private bool _ended;

    private FrameReader(FfmpegProcess decoder, string path, long expectedFrames, bool startsLate, CancellationToken cancellation)
    {
        _startsLate = startsLate;
        _expectedFrames = expectedFrames;
        _decoder = decoder;
        _path = path;
        _cancellation = cancellation;
    }

    /// <summary>Starts decoding.</summary>
    /// <exception cref="MetricDepthException">ffmpeg is missing or cannot open the file.</exception>
    public static FrameReader Open(VideoClip clip, FrameReaderOptions options, CancellationToken cancellation)
    {
        int width = options.Width ?? clip.Width, height = options.Height ?? clip.Height;
        var decoder = new FfmpegProcess(FfmpegProgram.Ffmpeg, Arguments(clip, options, width, height), cancellation);
        return new(decoder, clip.Path, ExpectedFrames(clip, options), startsLate: options.FirstFrame > 0, cancellation)
        {
            Width = width,
            Height = height,
            FrameBytes = checked(width * height * options.Layout.BytesPerPixel()),
        };
    }

    /// <summary>Frame width, px.</summary>
    public int Width { get; private init; }

    /// <summary>Frame height, px.</summary>
    public int Height { get; private init; }

    /// <summary>Bytes in one frame.</summary>
    public int FrameBytes { get; private init; }

    /// <summary>Frames read so far.</summary>
    public long FramesRead { get; private set; }

    /// <summary>Reads the next frame; false at the end of the video. In BGR0 the fourth byte is undefined.</summary>
    /// <param name="frame">Exactly <see cref="FrameBytes"/> bytes.</param>
    /// <exception cref="MetricDepthException">The file breaks off or is damaged.</exception>
    public bool Read(Span<byte> frame)
    {
        if (frame.Length != FrameBytes) throw new ArgumentException($"A frame has {FrameBytes} bytes, not {frame.Length}.", nameof(frame));
        if (_ended) return false;
        int got = _decoder.Output.ReadAtLeast(frame, FrameBytes, throwOnEndOfStream: false);
        _cancellation.ThrowIfCancellationRequested();
        if (got == FrameBytes)
        {
            FramesRead++;
            return true;
        }
        _ended = true;
        int exit = _decoder.WaitForExit();
        _cancellation.ThrowIfCancellationRequested();
        if (got > 0 || exit != 0 || (FramesRead == 0 && !_startsLate) || BreaksOff) throw Damaged();
        return false;
    }

    /// <summary>ffmpeg ends well on a file that was cut short; its complaint together with missing frames tells.</summary>
    private bool BreaksOff => FramesRead + 1 < _expectedFrames * 0.98 && _decoder.LastWords.Length > 0;

    /// <summary>The decoder's process id.</summary>
    internal int ProcessId => _decoder.Id;

    /// <summary>Stops the decoder, at once if it still runs.</summary>
    public void Dispose() => _decoder.Dispose();

    /// <summary>Frames to come; 0 when the container does not tell.</summary>
    private static long ExpectedFrames(VideoClip clip, FrameReaderOptions options)
    {
        double scale = (options.FrameRate ?? clip.FrameRate).Value / clip.FrameRate.Value;
        return Math.Min(options.MaxFrames ?? long.MaxValue, (long)((clip.FrameCount ?? 0) * scale) - options.FirstFrame);
    }

    private static List<string> Arguments(VideoClip clip, FrameReaderOptions options, int width, int height)
    {
        var arguments = new List<string> { "-nostdin", "-hide_banner", "-loglevel", "error" };
        var rate = options.FrameRate ?? clip.FrameRate;
        bool resampled = clip.IsVariableFrameRate || rate != clip.FrameRate;
        bool seeks = options is { Seek: true, FirstFrame: > 0 } && !resampled;
        // half a frame early, so that rounded times do not matter; ffmpeg decodes from the key frame before and drops what is earlier
        if (seeks)
            arguments.AddRange(["-ss", (clip.Source.StartSeconds + (options.FirstFrame - 0.5) / rate.Value).ToString("0.######", CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-i", FfmpegProgram.FileUrl(clip.Path)]);
        arguments.AddRange(["-map", string.Create(CultureInfo.InvariantCulture, $"0:{clip.Source.StreamIndex}"), "-an", "-sn", "-dn"]);
        var filters = new List<string>();
        if (resampled) filters.Add($"fps={rate}");
        if (options.FirstFrame > 0 && !seeks) filters.Add(string.Create(CultureInfo.InvariantCulture, $"trim=start_frame={options.FirstFrame}"));
        bool resized = width != clip.Width || height != clip.Height || !clip.Source.IsCodedAsShown;
        bool assumeHd = options.Layout == PixelLayout.Bgr0 && clip.Source.IsMatrixUnknown && clip.Height >= 720 && !IsRgb(clip.Source.PixelFormat);
        if (resized || assumeHd)
        {
            // Area averaging when shrinking keeps matching free of aliases. Without a change of size the plain converter is taken: exact
            // rounding would triple the cost of decoding to move values by one. Players take HD without a matrix tag to be BT.709.
            string flags = !resized ? "bicubic" : (width < clip.Width ? "area" : "bicubic") + "+accurate_rnd+full_chroma_int";
            string matrix = assumeHd ? ":in_color_matrix=bt709" : "";
            filters.Add(string.Create(CultureInfo.InvariantCulture, $"scale={width}:{height}:flags={flags}{matrix}"));
        }
        if (filters.Count > 0) arguments.AddRange(["-vf", string.Join(',', filters)]);
        if (options.MaxFrames is { } max) arguments.AddRange(["-frames:v", max.ToString(CultureInfo.InvariantCulture)]);
        arguments.AddRange(["-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", RawFormat(options.Layout, clip.Source.PixelFormat), "pipe:1"]);
        return arguments;
    }

    /// <summary>The stored format itself where it has our layout, so that nothing is converted.</summary>
    private static string RawFormat(PixelLayout layout, string stored) => layout switch
    {
        PixelLayout.Gray8 => "gray",
        PixelLayout.Gray16 => "gray16le",
        _ => stored == "bgra" ? "bgra" : "bgr0",
    };

    private static bool IsRgb(string format) => format.Contains("rgb", StringComparison.Ordinal) || format.Contains("bgr", StringComparison.Ordinal)
        || format.StartsWith("gbr", StringComparison.Ordinal) || format.StartsWith("gray", StringComparison.Ordinal) || format.StartsWith("pal", StringComparison.Ordinal);

    private MetricDepthException Damaged()
    {
        string reason = _decoder.LastWords.Split('\n').LastOrDefault(l => l.Length > 0) ?? "the data breaks off";
        return new("VideoDamaged", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
            $"'{_path}' cannot be decoded after frame {FramesRead}: {reason}. Convert it anew, or give -MaxFrames {FramesRead} to use what is sound."));
    }
}
