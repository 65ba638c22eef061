using System.Globalization;

namespace MetricDepth.Video;

/// <summary>The ffmpeg arguments that store frames.</summary>
internal static class EncoderArguments
{
    /// <summary>The muxer for a file name.</summary>
    /// <exception cref="MetricDepthException">The container cannot hold the codec.</exception>
    public static string Container(string destination, VideoCodec codec) => (Path.GetExtension(destination).ToUpperInvariant(), codec) switch
    {
        (".MKV", _) => "matroska",
        (".MP4", not VideoCodec.Lossless) => "mp4",
        (".MOV", VideoCodec.H264 or VideoCodec.Hevc) => "mov",
        (".MOV", VideoCodec.Av1) => throw new MetricDepthException("ContainerUnsuitable", FailureKind.InvalidArgument,
            $"'{Path.GetFileName(destination)}' cannot hold AV1. Give a name that ends in .mp4 or .mkv."),
        (".MP4" or ".MOV", _) => throw new MetricDepthException("ContainerUnsuitable", FailureKind.InvalidArgument,
            $"'{Path.GetFileName(destination)}' cannot hold lossless video. Give a name that ends in .mkv."),
        _ => throw new MetricDepthException("ContainerUnknown", FailureKind.InvalidArgument,
            $"'{Path.GetFileName(destination)}' does not end in .mkv{(codec == VideoCodec.Lossless ? "" : ", .mp4 or .mov")}. Give a name that does."),
    };

    /// <summary>The whole command line.</summary>
    /// <param name="options">What to write.</param>
    /// <param name="container">The muxer.</param>
    /// <param name="path">Where to.</param>
    /// <param name="encoder">The encoder; null for lossless.</param>
    public static List<string> For(FrameWriterOptions options, string container, string path, VideoEncoder? encoder = null)
    {
        List<string> arguments =
        [
            "-hide_banner", "-loglevel", "error", "-nostats", "-progress", "pipe:2", "-y", .. encoder?.DeviceArguments ?? [],
            "-f", "rawvideo", "-pix_fmt", RawFormat(options.Layout),
            "-video_size", string.Create(CultureInfo.InvariantCulture, $"{options.Width}x{options.Height}"),
            // a queue gives ffmpeg a thread that reads the next frame while this one is encoded
            "-framerate", options.FrameRate.ToString(), "-thread_queue_size", "2", "-i", "pipe:0",
        ];
        if (options.AudioFrom is { HasAudio: true } sound)
        {
            // raw frames start at 0: leave out the sound from before the first frame
            if (sound.Source.StartSeconds > 0.001)
                arguments.AddRange(["-ss", sound.Source.StartSeconds.ToString("0.######", CultureInfo.InvariantCulture)]);
            // -shortest would also cut the picture where the sound is the shorter one, as it is by a few milliseconds in many clips
            if (options.FrameCount is { } frames)
                arguments.AddRange(["-t", (frames / options.FrameRate.Value).ToString("0.######", CultureInfo.InvariantCulture)]);
            arguments.AddRange(["-i", FfmpegProgram.FileUrl(sound.Path), "-map", "0:v:0", "-map", "1:a", "-c:a", "copy"]);
        }
        arguments.AddRange(encoder?.Arguments(options.RateFactor) ?? Lossless(options));
        if (encoder is not null && FramePacking.Arguments(encoder, options.Packing) is { } packing) arguments.AddRange(packing);
        // Apple's players and headsets know HEVC in MP4 by this name only
        if (options.Codec == VideoCodec.Hevc && container is "mp4" or "mov") arguments.AddRange(["-tag:v", "hvc1"]);
        arguments.AddRange(["-fps_mode", "passthrough", "-map_metadata", "-1"]);
        foreach (var (name, value) in options.Tags) arguments.AddRange(["-metadata", name + "=" + value]);
        arguments.AddRange(SpatialMetadata.Arguments(options, container));
        arguments.AddRange(["-f", container, FfmpegProgram.FileUrl(path)]);
        return arguments;
    }

    /// <summary>ffmpeg's name of the pixel format that the file will have.</summary>
    public static string StoredFormat(FrameWriterOptions options) => options.Codec == VideoCodec.Lossless ? RawFormat(options.Layout) : VideoEncoder.StoredFormat;

    private static string RawFormat(PixelLayout layout) => layout switch
    {
        PixelLayout.Gray8 => "gray",
        PixelLayout.Gray16 => "gray16le",
        _ => "bgr0",
    };

    /// <summary>Every frame a key frame (seekable), slices so that all cores decode, a checksum per slice.</summary>
    private static List<string> Lossless(FrameWriterOptions options)
    {
        // a picture one pixel wide or high cannot be sliced, which level 3 insists on; of one two pixels wide or high, ffmpeg 5.1 brings back
        // another picture without a word
        if (options.Width < 3 || options.Height < 3) return ["-c:v", "ffv1", "-level", "1", "-g", "1"];
        int slices = options.Width >= 256 && options.Height >= 256 ? 16 : 4;
        return ["-c:v", "ffv1", "-level", "3", "-g", "1", "-slices", slices.ToString(CultureInfo.InvariantCulture), "-slicecrc", "1"];
    }
}
