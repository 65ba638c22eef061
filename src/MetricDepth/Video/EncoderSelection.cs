using System.Collections.Concurrent;
using System.Globalization;

namespace MetricDepth.Video;

/// <summary>Which encoder to use for a codec: what ffmpeg has been built with, and what works on this machine.</summary>
internal sealed class EncoderSelection
{
    // What the programs said, by path: they do not change while we run.
    private static readonly ConcurrentDictionary<string, string[]> Built = new();
    private static readonly ConcurrentDictionary<(string Program, string Encoder, int Width, int Height), string> Trials = new();

    /// <summary>The names of all encoders that ffmpeg has been built with.</summary>
    public required IReadOnlyCollection<string> Available { get; init; }

    /// <summary>Encodes a tiny clip with an encoder; empty when that works, else ffmpeg's reason.</summary>
    public required Func<VideoEncoder, string> Try { get; init; }

    /// <summary>The encoder for frames of a size, on this machine.</summary>
    /// <param name="codec">What to make; not <see cref="VideoCodec.Lossless"/>.</param>
    /// <param name="hardware">Whether a hardware encoder is wanted.</param>
    /// <param name="width">Frame width, px: hardware has limits.</param>
    /// <param name="height">Frame height, px.</param>
    /// <param name="progress">Told which encoder was taken.</param>
    /// <param name="cancellation">Stops trying.</param>
    public static VideoEncoder Choose(
        VideoCodec codec, bool hardware, int width, int height, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        string program = FfmpegProgram.Ffmpeg;
        return new EncoderSelection
        {
            Available = Built.GetOrAdd(program, p => ListEncoders(p, cancellation)),
            Try = e => Trials.GetOrAdd((program, e.Name, width, height), _ => Encode(program, e, width, height, cancellation)),
        }.Choose(codec, hardware, progress);
    }

    /// <summary>
    /// Hardware when it is wanted, or when there is nothing else, and only if it really encodes; else software. Software of
    /// which there is a choice is tried too, for not each takes every size.
    /// </summary>
    /// <exception cref="MetricDepthException">No encoder for the codec works.</exception>
    public VideoEncoder Choose(VideoCodec codec, bool hardware, IProgress<FrameProgress>? progress)
    {
        var built = VideoEncoder.All.Where(e => e.Codec == codec && Available.Contains(e.Name)).ToList();
        if (built.Count == 0) throw Missing(codec);
        var failures = new List<string>();
        foreach (var encoder in built.OrderBy(e => e.IsHardware != hardware))
        {
            // software that is there works; trying it costs more than it tells, unless there is another to fall back to
            string reason = !encoder.IsHardware && built.Count(e => !e.IsHardware) == 1 ? "" : Try(encoder);
            if (reason.Length > 0)
            {
                failures.Add($"{encoder.Name}: {reason}");
                continue;
            }
            Report(encoder, hardware, failures, progress);
            return encoder;
        }
        throw new MetricDepthException("EncoderNotWorking", FailureKind.MissingDependency,
            $"None of ffmpeg's {codec} encoders works here for this size ({string.Join("; ", failures)}). Give another -Codec; {WhatThereIs()}.");
    }

    private static void Report(VideoEncoder encoder, bool hardware, List<string> failures, IProgress<FrameProgress>? progress)
    {
        if (hardware && !encoder.IsHardware)
            progress?.Report(FrameProgress.Warning(failures.Count == 0
                ? $"This ffmpeg has no hardware encoder for {encoder.Codec}; {encoder.Name} encodes in software."
                : $"No hardware encoder for {encoder.Codec} works on this machine; {encoder.Name} encodes in software. ({string.Join("; ", failures)})"));
        else
            progress?.Report(FrameProgress.Verbose($"Encoding with {encoder.Name}."));
    }

    private MetricDepthException Missing(VideoCodec codec) => new("EncoderMissing", FailureKind.MissingDependency,
        $"This ffmpeg has no encoder for {codec} (it would need one of {string.Join(", ", VideoEncoder.All.Where(e => e.Codec == codec).Select(e => e.Name))}). "
        + $"Install a fuller ffmpeg, or give another -Codec; {WhatThereIs()}.");

    private string WhatThereIs()
    {
        var codecs = VideoEncoder.All.Where(e => Available.Contains(e.Name)).GroupBy(e => e.Codec)
            .Select(g => $"{g.Key} ({string.Join(", ", g.Select(e => e.Name))})");
        return $"it has Lossless (ffv1){string.Concat(codecs.Select(c => ", " + c))}";
    }

    private static string[] ListEncoders(string program, CancellationToken cancellation)
    {
        using var process = new FfmpegProcess(program, ["-hide_banner", "-loglevel", "error", "-encoders"], cancellation);
        using var reader = new StreamReader(process.Output);
        // " V....D libx264              libx264 H.264 / AVC …"
        string[] names = [.. reader.ReadToEnd().Split('\n').Where(l => l.StartsWith(" V", StringComparison.Ordinal))
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 1).Select(w => w[1])];
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return names;
    }

    private static string Encode(string program, VideoEncoder encoder, int width, int height, CancellationToken cancellation)
    {
        List<string> arguments =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", .. encoder.DeviceArguments,
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"color=black:size={width}x{height}:rate=25,format=bgr0"), "-frames:v", "2",
            .. encoder.Arguments(null), "-f", "null", "-",
        ];
        using var process = new FfmpegProcess(program, arguments, cancellation);
        int exit = process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (exit == 0) return "";
        string[] words = process.LastWords.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"exit code {exit}") : WithoutAddress(words[0].Trim());
    }

    // "[h264_nvenc @ 0x5581…] Cannot load libcuda.so.1"
    private static string WithoutAddress(string line)
    {
        int end = line.StartsWith('[') ? line.IndexOf("] ", StringComparison.Ordinal) : -1;
        return end < 0 ? line : line[(end + 2)..];
    }
}
