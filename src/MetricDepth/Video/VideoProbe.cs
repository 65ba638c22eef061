using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MetricDepth.Video;

/// <summary>Reads the facts of video files with ffprobe.</summary>
public static class VideoProbe
{
    private const long MaxPixels = 1L << 28;
    private const int MaxReportBytes = 16 << 20;

    /// <summary>Two rates that differ by less than this are one constant rate: containers round their average.</summary>
    private const double ConstantRateTolerance = 0.002;

    private static ExpectedFile? _expected;

    /// <summary>
    /// Begins to read the facts of a file that <see cref="Probe"/> is about to be asked for, while the caller does something else.
    /// One file is expected at a time; whatever is wrong with it, <see cref="Probe"/> will say.
    /// </summary>
    public static void Expect(string path, CancellationToken cancellation = default)
    {
        var file = new FileInfo(path);
        if (file.Exists)
            Interlocked.Exchange(ref _expected, new(file.FullName, file.Length, file.LastWriteTimeUtc, Task.Run(() => ProbeNow(file.FullName, cancellation), cancellation)));
    }

    /// <summary>Reads the facts of one file.</summary>
    /// <exception cref="MetricDepthException">The file is missing, is not a video, has no frames or absurd dimensions; or ffmpeg is missing.</exception>
    public static VideoClip Probe(string path, CancellationToken cancellation = default)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new MetricDepthException("NotAVideo", FailureKind.InvalidArgument, $"'{path}' is a folder. Give a video file, or a wildcard such as '*.mp4'.");
        if (!File.Exists(full))
            throw MetricDepthException.FileNotFound(path);
        if (Volatile.Read(ref _expected) is { } expected && expected.Is(full) && Interlocked.CompareExchange(ref _expected, null, expected) == expected)
            return expected.Clip.GetAwaiter().GetResult();
        return ProbeNow(full, cancellation);
    }

    private static VideoClip ProbeNow(string path, CancellationToken cancellation)
    {
        using var report = ReadReport(path, [], cancellation);
        return Interpret(path, report.RootElement);
    }

    // A file as it was when its probe began.
    private sealed record ExpectedFile(string Path, long Length, DateTime Written, Task<VideoClip> Clip)
    {
        public bool Is(string path) => path == Path && new FileInfo(path) is var file && (file.Length, file.LastWriteTimeUtc) == (Length, Written);
    }

    /// <summary>
    /// Reads the facts of a file that we wrote, from its headers alone: no frame is decoded, which with a large lossless picture
    /// takes most of a probe's time. Sound must not be in it, for how late the picture starts after it is not told by headers.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelFormat">ffmpeg's name of the stored pixel format, which only frames tell.</param>
    /// <param name="cancellation">Stops probing.</param>
    internal static VideoClip ProbeWritten(string path, string pixelFormat, CancellationToken cancellation)
    {
        using var report = ReadReport(path, ["-nofind_stream_info"], cancellation);
        var clip = Interpret(path, report.RootElement);
        return clip with { Source = clip.Source with { PixelFormat = pixelFormat } };
    }

    private static JsonDocument ReadReport(string path, string[] options, CancellationToken cancellation)
    {
        using var probe = new FfmpegProcess(FfmpegProgram.Ffprobe,
            ["-v", "error", "-show_streams", "-show_format", "-of", "json", .. options, "-i", FfmpegProgram.FileUrl(path)], cancellation);
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int n; (n = probe.Output.Read(buffer)) > 0;)
        {
            text.Write(buffer, 0, n);
            if (text.Length > MaxReportBytes) throw NotAVideo(path, "its headers are larger than any video's");
        }
        int exit = probe.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (exit != 0) throw NotAVideo(path, LastLine(probe.LastWords, path));
        try
        {
            return JsonDocument.Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
        }
        catch (JsonException e)
        {
            throw NotAVideo(path, "ffprobe's report cannot be read: " + e.Message);
        }
    }

    private static VideoClip Interpret(string path, JsonElement report)
    {
        var streams = report.TryGetProperty("streams", out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : Array.Empty<JsonElement>();
        var videos = streams.Where(s => Text(s, "codec_type") == "video" && !IsCoverPicture(s)).ToArray();
        if (videos.Length == 0) throw NotAVideo(path, "it holds no video stream");
        var video = videos[0];
        var format = report.TryGetProperty("format", out var f) ? f : default;

        var (width, height) = ShownSize(video, path);
        var (rate, variable) = FrameRate(video, path);
        double? duration = Number(video, "duration") ?? Number(format, "duration");
        bool counted = long.TryParse(Text(video, "nb_frames"), NumberStyles.None, CultureInfo.InvariantCulture, out long frames) && !variable;
        long? count = counted ? frames : duration is { } d && d > 0 ? (long)Math.Round(d * rate.Value) : null;
        if (counted && frames == 0) throw NotAVideo(path, "it holds no frames");

        var tags = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        AddTags(format, tags);
        AddTags(video, tags);
        double start = (Number(video, "start_time") ?? 0) - (Number(format, "start_time") ?? 0);
        return new VideoClip
        {
            Path = path,
            Width = width,
            Height = height,
            FrameRate = rate,
            FrameCount = count,
            Duration = duration is { } seconds && seconds > 0 && seconds < 1e9 ? TimeSpan.FromSeconds(seconds) : null,
            HasAudio = streams.Any(s => Text(s, "codec_type") == "audio"),
            Codec = Text(video, "codec_name") ?? "",
            IsVariableFrameRate = variable,
            Tags = tags,
            Source = new(Text(video, "pix_fmt") ?? "", (int)(Number(video, "index") ?? 0), Math.Max(0, start),
                IsCodedAsShown(video, width, height), Text(video, "color_space") is null or "unknown"),
        };
    }

    private static bool IsCoverPicture(JsonElement stream) =>
        stream.TryGetProperty("disposition", out var d) && d.TryGetProperty("attached_pic", out var p) && p.ValueKind == JsonValueKind.Number && p.GetInt32() == 1;

    private static (int Width, int Height) ShownSize(JsonElement video, string path)
    {
        double width = Number(video, "width") ?? 0, height = Number(video, "height") ?? 0;
        if (Rational.TryParse(Text(video, "sample_aspect_ratio"), out var aspect) && aspect.Value is > 0.01 and < 100)
            width = Math.Max(1, Math.Round(width * aspect.Value));
        if (IsTurned(video)) (width, height) = (height, width);
        if (!(width >= 1 && height >= 1 && width <= Imaging.Plane<byte>.MaxSide && height <= Imaging.Plane<byte>.MaxSide && width * height <= MaxPixels))
            throw NotAVideo(path, string.Create(CultureInfo.InvariantCulture, $"its size {width}x{height} is outside 1x1 to {Imaging.Plane<byte>.MaxSide} px a side"));
        return ((int)width, (int)height);
    }

    private static bool IsCodedAsShown(JsonElement video, int width, int height) =>
        Number(video, "width") == width && Number(video, "height") == height && !IsTurned(video);

    private static bool IsTurned(JsonElement video)
    {
        if (!video.TryGetProperty("side_data_list", out var list) || list.ValueKind != JsonValueKind.Array) return false;
        foreach (var side in list.EnumerateArray())
            if (Number(side, "rotation") is { } degrees)
                return (int)Math.Abs(Math.Round(degrees / 90)) % 2 == 1;
        return false;
    }

    private static (Rational Rate, bool Variable) FrameRate(JsonElement video, string path)
    {
        bool hasBase = Rational.TryParse(Text(video, "r_frame_rate"), out var steady);
        bool hasAverage = Rational.TryParse(Text(video, "avg_frame_rate"), out var average);
        if (!hasBase && !hasAverage) throw NotAVideo(path, "it has no frame rate");
        if (!hasAverage) return (steady, false);
        if (!hasBase) return (average, false);
        double ratio = steady.Value / average.Value;
        if (Math.Abs(ratio - 1) < ConstantRateTolerance) return (steady, false);
        // uneven times: the container's tick rate when it is a plausible frame rate, otherwise the average made round
        if (ratio is > 1 and < 2 && steady.Value <= 120) return (steady, true);
        return Rational.TryFrom(average.Value, out var round) ? (round, true) : throw NotAVideo(path, "its frame rate is absurd");
    }

    private static void AddTags(JsonElement owner, Dictionary<string, string> tags)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty("tags", out var t) || t.ValueKind != JsonValueKind.Object) return;
        foreach (var tag in t.EnumerateObject())
            if (tag.Value.ValueKind == JsonValueKind.String)
                tags[tag.Name.ToUpperInvariant()] = tag.Value.GetString()!;
    }

    private static string? Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.String ? v.GetString() : null;

    private static double? Number(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out var v)) return null;
        if (v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out double n)) return n;
        return v.ValueKind == JsonValueKind.String && double.TryParse(v.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out n) && double.IsFinite(n) ? n : null;
    }

    private static string LastLine(string words, string path)
    {
        string line = words.Split('\n').LastOrDefault(l => l.Length > 0) ?? "ffprobe gave no reason";
        return line.Replace(FfmpegProgram.FileUrl(path) + ": ", "", StringComparison.Ordinal);
    }

    private static MetricDepthException NotAVideo(string path, string why) =>
        new("NotAVideo", FailureKind.InvalidData, $"'{path}' cannot be read as a video: {why}. {InsteadOf(Path.GetExtension(path))}");

    // what people give by mistake most often are other files that these commands make
    private static string InsteadOf(string extension) => extension.ToLowerInvariant() switch
    {
        ".json" => "Give the video itself; a camera path goes with it as -CameraPath, tracks as -Tracks.",
        ".npz" or ".npy" or ".exr" => "If it holds depth, Import-DepthVideo makes a depth video of it.",
        _ => "Check that it plays, or convert it with ffmpeg first.",
    };
}
