using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation.DepthAnything;

/// <summary>Depth-Anything-V2 from its checkpoint, over a clip.</summary>
public sealed class DepthAnythingTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_depth_of_a_picture_is_what_the_makers_code_gives()
    {
        var (clip, expected) = Clip(frames: 3);
        var installed = InstalledModels.PutTinyDepthAnything(folder["store"]);
        var options = new DepthEstimationOptions { SourcePath = clip.Path, InputSize = 42, HorizontalFov = 60, Inference = Cpu };
        using var estimator = new ImageDepthEstimator(new DepthAnythingImageNetwork(installed, Cpu));
        var job = new EstimationJob(clip, clip.Width, clip.Height, clip.FrameRate, options);
        var facts = estimator.Prepare(job, null, TestContext.Current.CancellationToken);
        Assert.Equal(("DepthAnythingV2-Metric-Indoor-Small", DepthScale.Metric), (facts.Estimator, facts.Scale));
        int frames = 0;
        estimator.Estimate(job, (depth, confidence) =>
        {
            frames++;
            Assert.Null(confidence);
            // 2e-4 m on up to 20 m: float32 rounding through the network. A wrong resize or normalisation moves it by 1e-2 and more
            for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], depth.Data[i], 2e-4f);
        }, null, TestContext.Current.CancellationToken);
        Assert.Equal(3, frames);
        Assert.Equal((70, 42), (estimator.Quality["InputWidth"], estimator.Quality["InputHeight"]));
    }

    [Fact]
    public void An_installed_model_is_used_without_being_named_and_says_so()
    {
        var (clip, expected) = Clip(frames: 2);
        InstalledModels.PutTinyDepthAnything(folder["store"]);
        var heard = new List<FrameProgress>();
        var depth = DepthEstimation.Run(new()
        {
            SourcePath = clip.Path,
            DestinationPath = folder["auto.mkv"],
            StoreFolder = folder["store"],
            InputSize = 42,
            HorizontalFov = 60,
            Inference = Cpu,
        }, new Listener(heard), TestContext.Current.CancellationToken);
        Assert.Equal(("DepthAnythingV2-Metric-Indoor-Small", DepthScale.Metric, 2L), (depth.Estimator, depth.Scale, depth.FrameCount));
        Assert.Contains(heard, m => m.Kind == MessageKind.Verbose && m.Message!.Contains("DepthAnythingV2-Metric-Indoor-Small estimates: it is the best", StringComparison.Ordinal));
        Assert.DoesNotContain(heard, m => m.Kind == MessageKind.Warning);
        using var reader = DepthVideoReader.Open(depth, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(depth.Width, depth.Height);
        Assert.True(reader.Read(plane));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], plane.Data[i], 6e-4f); // and one step of the format, 0.31 mm
    }

    [Fact]
    public void A_checkpoint_by_its_path_is_known_by_its_tensors_and_its_name_says_whether_it_is_metric()
    {
        string path = folder["depth_anything_v2_metric_vkitti_vits.pth"];
        File.Copy(ModelFixture.Path("dav2_metric_tiny.pth"), path);
        var metric = ModelFile.Describe(path, null, out string why).Info;
        Assert.Equal((true, 80.0, OutputMeaning.Depth), (metric.IsMetric, metric.MaxDepth, metric.Output));
        Assert.Contains("Depth-Anything-V2, metric", why, StringComparison.Ordinal);
        var told = ModelFile.Describe(path, OutputMeaning.InverseDepth, out _).Info;
        Assert.Equal((false, null, OutputMeaning.InverseDepth), (told.IsMetric, told.MaxDepth, told.Output));
        string plain = folder["weights.bin"]; // content decides, not the extension
        File.Copy(path, plain);
        Assert.False(ModelFile.Describe(plain, null, out _).Info.IsMetric);
        Assert.Equal(20.0, ModelFile.Describe(plain, OutputMeaning.Depth, out why).Info.MaxDepth);
        Assert.Contains("taken as 20 m", why, StringComparison.Ordinal);
        Assert.Equal("OutputMeaningUnsuitable", Assert.Throws<MetricDepthException>(
            () => ModelFile.Describe(plain, OutputMeaning.Disparity, out _)).ErrorId);
    }

    [Fact]
    public void A_relative_network_gives_inverse_depth_that_is_brought_to_the_median_asked_for()
    {
        var (clip, _) = Clip(frames: 1);
        var metric = InstalledModels.PutTinyDepthAnything(folder["store"]);
        var relative = metric with { Info = metric.Info with { IsMetric = false, Output = OutputMeaning.InverseDepth, MaxDepth = null } };
        // at the network's own size nothing is resized, so that pixels of the two can be compared: metric 20·sigmoid(x), relative max(x, 0)
        float[] metres = Run(metric, 20), scaled = Run(relative, 1e6);
        double[] inverse = [.. metres.Select(z => Math.Log(z / (20 - z)))];
        double[] above = [.. inverse.Where(x => x > 0).Order()];
        double factor = 4 * above[above.Length / 2];
        Assert.InRange(above.Length, 100, inverse.Length);
        for (int i = 0; i < scaled.Length; i++)
            if (inverse[i] > 1e-3) Assert.Equal(factor / inverse[i], scaled[i], factor / inverse[i] * 1e-2); // x comes back from metres to 2e-6
            else if (inverse[i] < -1e-3) Assert.Equal(1e6f, scaled[i]);

        float[] Run(InstalledModel model, double maxDepth)
        {
            var options = new DepthEstimationOptions { SourcePath = clip.Path, InputSize = 42, MaxDepth = maxDepth, MedianDepth = model == relative ? 4 : null, Inference = Cpu };
            using var estimator = new ImageDepthEstimator(new DepthAnythingImageNetwork(model, Cpu));
            var job = new EstimationJob(clip, 70, 42, clip.FrameRate, options);
            Assert.Equal(model == relative ? DepthScale.Assumed : DepthScale.Metric, estimator.Prepare(job, null, TestContext.Current.CancellationToken).Scale);
            float[] depth = [];
            estimator.Estimate(job, (plane, _) => depth = [.. plane.Data], null, TestContext.Current.CancellationToken);
            return depth;
        }
    }

    private static OnnxModelOptions Cpu => new() { Device = InferenceDevice.Cpu };

    /// <summary>The makers' picture as a lossless clip, and the depth that their code gave for it.</summary>
    private (VideoClip Clip, float[] Depth) Clip(int frames)
    {
        var (bgr, shape) = ModelFixture.Pixels("dav2_metric_tiny_image_bgr_u8.npy");
        var picture = new Plane<uint>(shape[1], shape[0]);
        for (int i = 0; i < picture.Data.Length; i++) picture.Data[i] = (uint)(bgr[3 * i + 2] << 16 | bgr[3 * i + 1] << 8 | bgr[3 * i]);
        using var writer = FrameWriter.Open(folder["picture.mkv"], new() { Width = picture.Width, Height = picture.Height, FrameRate = new(25) }, CancellationToken.None);
        for (int i = 0; i < frames; i++) writer.Write(picture.Bytes);
        return (writer.Complete(), ModelFixture.Floats("dav2_metric_tiny_image_depth.npy").Values);
    }

    private sealed class Listener(List<FrameProgress> heard) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind != MessageKind.None) heard.Add(value);
        }
    }
}
