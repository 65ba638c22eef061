using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Depth.Import;

/// <summary>Imports for tests.</summary>
internal static class Imported
{
    /// <summary>Imports, with what was said meanwhile.</summary>
    public static (DepthVideo Video, List<string> Warnings) Run(DepthImportOptions options)
    {
        var warnings = new List<string>();
        var video = DepthImport.Run(options, new Listener(warnings), TestContext.Current.CancellationToken);
        return (video, warnings);
    }

    /// <summary>All frames, metres.</summary>
    public static List<Plane<float>> Frames(DepthVideo video)
    {
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var frames = new List<Plane<float>>();
        for (var frame = new Plane<float>(video.Width, video.Height); reader.Read(frame); frame = new(video.Width, video.Height)) frames.Add(frame);
        return frames;
    }

    private sealed class Listener(List<string> warnings) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind == MessageKind.Warning) warnings.Add(value.Message!);
        }
    }
}
