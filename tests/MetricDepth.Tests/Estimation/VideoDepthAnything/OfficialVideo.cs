using MetricDepth.Estimation;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>The 50 frames that the official offline mode was run on, as a video, and the small network that saw them.</summary>
internal static class OfficialVideo
{
    public const int Width = 52, Height = 30, Frames = 50, InputSize = 42;

    /// <summary>The network; its heads cannot be told from its weights.</summary>
    public static InstalledModel Model(bool metric) => new(new()
    {
        Name = "vda_tiny",
        Task = ModelTask.VideoDepth,
        Family = ModelFamily.VideoDepthAnything,
        Output = metric ? OutputMeaning.Depth : OutputMeaning.InverseDepth,
        IsMetric = metric,
        Heads = 3,
        FileName = "vda_tiny.pth",
    }, ModelFixture.Path("vda_tiny.pth"), "", default);

    /// <summary>Writes the frames losslessly.</summary>
    public static VideoClip Write(string path)
    {
        var (rgb, _) = ModelFixture.Pixels("vda_tiny_video_frames_u8.npy");
        using var writer = FrameWriter.Open(path, new() { Width = Width, Height = Height, FrameRate = new(25, 1) }, TestContext.Current.CancellationToken);
        var bgr0 = new byte[4 * Width * Height];
        for (int frame = 0; frame < Frames; frame++)
        {
            for (int i = 0; i < Width * Height; i++)
                for (int c = 0; c < 3; c++) bgr0[4 * i + 2 - c] = rgb[(frame * Width * Height + i) * 3 + c];
            writer.Write(bgr0);
        }
        return writer.Complete();
    }

    /// <summary>The job of estimating such a clip's depth.</summary>
    public static EstimationJob Job(VideoClip clip, Func<DepthEstimationOptions, DepthEstimationOptions>? change = null)
    {
        var options = new DepthEstimationOptions { SourcePath = clip.Path, InputSize = InputSize, Inference = new() { Device = InferenceDevice.Cpu } };
        return new(clip, clip.Width, clip.Height, clip.FrameRate, change is null ? options : change(options));
    }
}
