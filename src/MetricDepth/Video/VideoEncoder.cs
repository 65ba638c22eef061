using System.Globalization;

namespace MetricDepth.Video;

/// <summary>One of ffmpeg's encoders, and how a constant rate factor is said to it.</summary>
/// <param name="Name">ffmpeg's name of it.</param>
/// <param name="Codec">What it makes.</param>
/// <param name="IsHardware">Whether it needs a device that may be missing although ffmpeg knows the encoder.</param>
/// <param name="RateArguments">Its arguments for a constant rate factor on x264's scale, 0..51.</param>
internal sealed record VideoEncoder(string Name, VideoCodec Codec, bool IsHardware, Func<double, string[]> RateArguments)
{
    /// <summary>x264's constant rate factor that looks lossless.</summary>
    public const double DefaultRateFactor = 16;

    private const double LargestRateFactor = 51, LargestAv1Factor = 63;

    /// <summary>All of them; of one codec the one to be preferred first, hardware before software.</summary>
    public static readonly IReadOnlyList<VideoEncoder> All =
    [
        .. Hardware(VideoCodec.H264, "h264"),
        new("libx264", VideoCodec.H264, false, q => ["-preset", "fast", "-crf", Text(q)]),
        .. Hardware(VideoCodec.Hevc, "hevc"),
        // x265's factor looks as x264's two lower (its own default is 28 against 23, at lower quality)
        new("libx265", VideoCodec.Hevc, false, q => ["-preset", "fast", "-crf", Text(q + 2), "-x265-params", "log-level=error"]),
        .. Hardware(VideoCodec.Av1, "av1"),
        new("libsvtav1", VideoCodec.Av1, false, q => ["-preset", "8", "-crf", Text(Av1(q))]),
        new("libaom-av1", VideoCodec.Av1, false, q => ["-cpu-used", "6", "-row-mt", "1", "-b:v", "0", "-crf", Text(Av1(q))]),
        new("librav1e", VideoCodec.Av1, false, q => ["-speed", "8", "-qp", Text(Math.Round(q * 255 / LargestRateFactor))]),
    ];

    /// <summary>The pixel format that frames are handed over in.</summary>
    public string PixelFormat => Name.EndsWith("_qsv", StringComparison.Ordinal) ? "nv12" : UploadsFrames ? "vaapi" : "yuv420p";

    /// <summary>The pixel format that a reader of the file will see.</summary>
    public const string StoredFormat = "yuv420p";

    /// <summary>Arguments before the inputs.</summary>
    public string[] DeviceArguments => UploadsFrames ? ["-vaapi_device", "/dev/dri/renderD128"] : [];

    /// <summary>Turns RGB into what the encoder takes: even sides (4:2:0 needs them), BT.709, limited range.</summary>
    public string Filter => "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv" + (UploadsFrames ? ",format=nv12,hwupload" : "");

    private bool UploadsFrames => Name.EndsWith("_vaapi", StringComparison.Ordinal);

    /// <summary>The arguments that encode.</summary>
    public List<string> Arguments(double? rateFactor)
    {
        List<string> arguments = ["-vf", Filter, "-c:v", Name, .. RateArguments(rateFactor ?? DefaultRateFactor)];
        if (!UploadsFrames) arguments.AddRange(["-pix_fmt", PixelFormat]);
        arguments.AddRange(["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]);
        return arguments;
    }

    private static IEnumerable<VideoEncoder> Hardware(VideoCodec codec, string name)
    {
        yield return new(name + "_nvenc", codec, true, q => ["-preset", "p5", "-rc", "vbr", "-cq", Text(Math.Max(1, q + 3)), "-b:v", "0"]);
        yield return new(name + "_qsv", codec, true, q => ["-preset", "medium", "-global_quality", Text(Math.Max(1, Math.Round(q + 3)))]);
        yield return new(name + "_amf", codec, true, q => ["-quality", "balanced", "-rc", "cqp", "-qp_i", Text(Math.Round(q)), "-qp_p", Text(Math.Round(q + 2))]);
        yield return new(name + "_videotoolbox", codec, true, q => ["-q:v", Text(Math.Round(Math.Max(1, 100 - 1.9 * q)))]);
        yield return new(name + "_vaapi", codec, true, q => ["-rc_mode", "CQP", "-qp", Text(Math.Max(1, Math.Round(q + 2)))]);
    }

    private static double Av1(double factor) => Math.Round(Math.Min(LargestAv1Factor, factor * LargestAv1Factor / LargestRateFactor + 4));

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
