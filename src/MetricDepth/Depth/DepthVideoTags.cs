using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Depth;

/// <summary>The facts of a depth video that have no place in pixels, as Matroska tags (DESIGN §3).</summary>
internal static class DepthVideoTags
{
    public const string Version = "METRICDEPTH_VERSION";
    private const string CurrentVersion = "1";
    private const string MaxDepth = "METRICDEPTH_MAX_DEPTH";
    public const string HorizontalFov = "METRICDEPTH_HORIZONTAL_FOV";
    public const string FovSource = "METRICDEPTH_FOV_SOURCE";
    private const string VerticalFov = "METRICDEPTH_VERTICAL_FOV";
    private const string Estimator = "METRICDEPTH_ESTIMATOR";
    private const string Scale = "METRICDEPTH_SCALE";
    private const string Color = "METRICDEPTH_COLOR";
    private const string Confidence = "METRICDEPTH_CONFIDENCE";
    private const string Unit = "METRICDEPTH_DEPTH_UNIT";
    private const string Offset = "METRICDEPTH_DEPTH_OFFSET";
    private const string Spacing = "METRICDEPTH_DEPTH_SPACING";
    private const string InverseSpacing = "Inverse";
    private const string FrameRate = "METRICDEPTH_FRAME_RATE";
    private const string DepthSuffix = "_depth.mkv";

    public static Dictionary<string, string> Write(DepthVideo video) => new(Facts(video)) { [Version] = CurrentVersion };

    /// <summary>The tags of a file in another format that holds a depth video's depth; they do not say that it is a depth video.</summary>
    /// <param name="video">The depth video's facts, with the path that the file gets (or the folder, of a file a frame).</param>
    /// <param name="rate">Frames a second, for files that hold no rate.</param>
    /// <param name="encoding">How its numbers become metres; null where they are metres.</param>
    public static Dictionary<string, string> WriteExport(DepthVideo video, Rational rate, DepthEncoding? encoding)
    {
        var tags = Facts(video with { ConfidencePath = null });
        tags[FrameRate] = rate.ToString();
        if (encoding is { } e)
        {
            tags[Unit] = Format(e.Unit);
            if (e.Offset != 0) tags[Offset] = Format(e.Offset);
            if (e.IsInverse) tags[Spacing] = InverseSpacing;
        }
        return tags;
    }

    /// <summary>How the numbers of a file become metres, as its tags say; null if they do not, or make no sense.</summary>
    /// <param name="tags">Matroska tags, or texts of a PNG file.</param>
    public static DepthEncoding? ReadEncoding(IReadOnlyDictionary<string, string> tags)
    {
        if (Number(tags, Unit) is not { } unit || !(unit > 0 && double.IsFinite(unit))) return null;
        double offset = Number(tags, Offset) ?? 0;
        return double.IsFinite(offset) ? new(unit, offset, tags.GetValueOrDefault(Spacing) == InverseSpacing) : null;
    }

    /// <summary>What the tags of a file in another format say; the rest is as if there were no tags.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="tags">Matroska tags, texts of a PNG file, or attributes of an EXR file.</param>
    public static (DepthVideo Video, double? MaxDepth, Rational? FrameRate) ReadExport(string path, IReadOnlyDictionary<string, string> tags)
    {
        var clip = new VideoClip { Path = path, Width = 0, Height = 0, FrameRate = default, Tags = tags };
        double? maxDepth = Number(tags, MaxDepth);
        return (Interpret(clip, maxDepth ?? DepthVideo.DefaultMaxDepth) with { Tags = new Dictionary<string, string>(), ConfidencePath = null }, maxDepth,
            Rational.TryParse(tags.GetValueOrDefault(FrameRate), out var rate) ? rate : null);
    }

    private static Dictionary<string, string> Facts(DepthVideo video)
    {
        var tags = new Dictionary<string, string>
        {
            [MaxDepth] = Format(video.MaxDepth),
            [Scale] = video.Scale.ToString(),
        };
        if (video.HorizontalFov is { } h) tags[HorizontalFov] = Format(h);
        if (video.VerticalFov is { } v) tags[VerticalFov] = Format(v);
        if (video.FieldOfViewSource != FieldOfViewSource.None) tags[FovSource] = video.FieldOfViewSource.ToString();
        if (video.Estimator is { } e) tags[Estimator] = e;
        if (video.ColorPath is { } c) tags[Color] = Relative(video.Path, c);
        if (video.ConfidencePath is { } confidence) tags[Confidence] = Relative(video.Path, confidence);
        return tags;
    }

    public static DepthVideo Read(VideoClip clip)
    {
        double maxDepth = Number(clip, MaxDepth) ?? DepthVideo.DefaultMaxDepth;
        if (!(maxDepth > 0 && maxDepth <= 1e6))
            throw new MetricDepthException("DepthTagsMalformed", FailureKind.InvalidData,
                $"'{clip.Path}' says its largest depth is {Format(maxDepth)} m. The file is damaged; make it anew with ConvertTo-MetricDepth.");
        return Interpret(clip, maxDepth);
    }

    private static DepthVideo Interpret(VideoClip clip, double maxDepth)
    {
        return new(clip)
        {
            MaxDepth = maxDepth,
            HorizontalFov = Angle(Number(clip, HorizontalFov)),
            VerticalFov = Angle(Number(clip, VerticalFov)),
            FieldOfViewSource = Enum.TryParse<FieldOfViewSource>(clip.Tags.GetValueOrDefault(FovSource), out var source) && Enum.IsDefined(source) ? source : FieldOfViewSource.None,
            Estimator = clip.Tags.GetValueOrDefault(Estimator),
            Scale = Enum.TryParse<DepthScale>(clip.Tags.GetValueOrDefault(Scale), out var scale) && Enum.IsDefined(scale) ? scale : DepthScale.Metric,
            ColorPath = FindColor(clip),
            ConfidencePath = FindConfidence(clip),
        };
    }

    /// <summary>The named colour video where it exists, else the one whose name the depth video's continues.</summary>
    private static string? FindColor(VideoClip clip)
    {
        if (FindNamed(clip, Color) is { } named) return named;
        if (!clip.Path.EndsWith(DepthSuffix, StringComparison.OrdinalIgnoreCase)) return null;
        string stem = clip.Path[..^DepthSuffix.Length];
        return File.Exists(stem) ? stem : null;
    }

    /// <summary>
    /// The named confidence video, else (both were renamed, or the depth is not of our making) the one whose name continues the depth
    /// video's. Depth of ours that names none has none: what lies beside it belongs to a depth video that it replaced.
    /// </summary>
    private static string? FindConfidence(VideoClip clip)
    {
        if (FindNamed(clip, Confidence) is { } named) return named;
        if (clip.Tags.ContainsKey(Version) && !clip.Tags.ContainsKey(Confidence)) return null;
        string beside = OutputName.ConfidenceVideo(clip.Path);
        return File.Exists(beside) ? beside : null;
    }

    private static string? FindNamed(VideoClip clip, string tag)
    {
        if (clip.Tags.GetValueOrDefault(tag) is not { Length: > 0 } named || named.IndexOf('\0') >= 0) return null;
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(clip.Path)!, named));
        return File.Exists(path) ? path : null;
    }

    /// <summary>Just the name for a neighbour, so that the two can be moved together.</summary>
    private static string Relative(string depthPath, string otherPath)
    {
        string full = Path.GetFullPath(otherPath);
        return Path.GetDirectoryName(full) == Path.GetDirectoryName(Path.GetFullPath(depthPath)) ? Path.GetFileName(full) : full;
    }

    private static double? Angle(double? degrees) => degrees is > 0 and < 180 ? degrees : null;

    private static double? Number(VideoClip clip, string tag) => Number(clip.Tags, tag);

    private static double? Number(IReadOnlyDictionary<string, string> tags, string tag) =>
        double.TryParse(tags.GetValueOrDefault(tag), NumberStyles.Float, CultureInfo.InvariantCulture, out double v) ? v : null;

    public static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
