using System.Diagnostics;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Scenes.Clips;

/// <summary>What to film and which truths to write beside it.</summary>
public sealed record SceneClipOptions
{
    /// <summary>The scene, at the clip's frame rate.</summary>
    public required Scene Scene { get; init; }

    /// <summary>The video to write: H.264 in an .mp4, without any loss in an .mkv.</summary>
    public required string Destination { get; init; }

    /// <summary>The camera.</summary>
    public required Intrinsics Camera { get; init; }

    /// <summary>Frames to film.</summary>
    public required int Frames { get; init; }

    /// <summary>Whether to add the sound of the walk.</summary>
    public bool Sound { get; init; }

    /// <summary>Where to write the exact depth video; null for nowhere.</summary>
    public string? DepthPath { get; init; }

    /// <summary>Largest depth of the depth video, metres.</summary>
    public double MaxDepth { get; init; } = DepthVideo.DefaultMaxDepth;

    /// <summary>Where to write the exact camera path; null for nowhere.</summary>
    public string? CameraPath { get; init; }

    /// <summary>Where to write what the right eye sees; null for nowhere.</summary>
    public string? RightEyePath { get; init; }

    /// <summary>How far the right eye is from the camera, metres.</summary>
    public double RightEyeOffset { get; init; } = 0.063;
}

/// <summary>Films a scene to a video that looks like anybody's.</summary>
public static class SceneClip
{
    /// <summary>Films; existing files are replaced.</summary>
    /// <returns>The video.</returns>
    public static VideoClip Run(SceneClipOptions options, Action<int>? filmed, CancellationToken cancellation)
    {
        var camera = options.Camera;
        string? sound = options.Sound ? MakeSound(options.Frames / options.Scene.FrameRate.Value) : null;
        try
        {
            using var writer = FrameWriter.Open(options.Destination, ColorVideo(options, options.Destination) with
            {
                FrameCount = options.Frames,
                AudioFrom = sound is null ? null : SoundClip(sound, options),
            }, cancellation);
            using var depth = options.DepthPath is null ? null : DepthVideoWriter.Open(DepthFacts(options), overwrite: true, cancellation);
            using var right = options.RightEyePath is null ? null : FrameWriter.Open(options.RightEyePath, ColorVideo(options, options.RightEyePath), cancellation);
            for (int i = 0; i < options.Frames; i++)
            {
                var frame = options.Scene.Render(i, camera);
                writer.Write(frame.Color.Bytes);
                depth?.Write(frame.Depth);
                right?.Write(options.Scene.Render(i, camera, options.RightEyeOffset).Color.Bytes);
                filmed?.Invoke(i + 1);
            }
            depth?.Complete();
            right?.Complete();
            if (options.CameraPath is { } path) options.Scene.Path(options.Frames).Save(path);
            return writer.Complete();
        }
        finally
        {
            if (sound is not null) File.Delete(sound);
        }
    }

    private static FrameWriterOptions ColorVideo(SceneClipOptions options, string path) => new()
    {
        Width = options.Camera.Width,
        Height = options.Camera.Height,
        FrameRate = options.Scene.FrameRate,
        Codec = Path.GetExtension(path).Equals(".mkv", StringComparison.OrdinalIgnoreCase) ? VideoCodec.Lossless : VideoCodec.H264,
        Overwrite = true,
    };

    private static DepthVideo DepthFacts(SceneClipOptions options) => new()
    {
        Path = options.DepthPath!,
        Width = options.Camera.Width,
        Height = options.Camera.Height,
        FrameRate = options.Scene.FrameRate,
        MaxDepth = options.MaxDepth,
        HorizontalFov = options.Camera.HorizontalFov,
        VerticalFov = options.Camera.VerticalFov,
        Estimator = "Scene",
        Scale = DepthScale.Metric,
        ColorPath = Path.GetFullPath(options.Destination),
    };

    /// <summary>The sound is a file of its own first, encoded as the video's is to be.</summary>
    private static string MakeSound(double seconds)
    {
        string wave = Path.Combine(Path.GetTempPath(), $"metricdepth-{Guid.NewGuid():N}.wav"), encoded = Path.ChangeExtension(wave, ".m4a");
        try
        {
            WalkSound.Write(wave, seconds);
            using var ffmpeg = Process.Start(new ProcessStartInfo(FfmpegProgram.Ffmpeg, ["-v", "error", "-nostdin", "-i", wave, "-c:a", "aac", "-b:a", "160k", encoded]))!;
            ffmpeg.WaitForExit();
            return ffmpeg.ExitCode == 0 ? encoded
                : throw new MetricDepthException("EncodingFailed", FailureKind.ExternalTool, "ffmpeg could not encode the sound. Check that it has an AAC encoder.");
        }
        finally
        {
            File.Delete(wave);
        }
    }

    private static VideoClip SoundClip(string path, SceneClipOptions options) => new()
    {
        Path = path,
        Width = options.Camera.Width,
        Height = options.Camera.Height,
        FrameRate = options.Scene.FrameRate,
        HasAudio = true,
    };
}
