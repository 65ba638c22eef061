using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.PowerShell;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>ConvertTo-MetricDepth's models as people type them, through the stand-in, with a store of this test.</summary>
[Collection(nameof(EnvironmentTests))]
public sealed class ModelParameterTests : IDisposable
{
    private readonly string? home = Environment.GetEnvironmentVariable(ModelStore.FolderVariable);
    private readonly TempFolder folder = new();

    public ModelParameterTests()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, folder["home"]);
        var frame = new Plane<uint>(84, 56);
        frame.Span.Fill(0x808080);
        using var writer = FrameWriter.Open(folder["c.mkv"], new() { Width = 84, Height = 56, FrameRate = new(25) }, CancellationToken.None);
        for (int i = 0; i < 3; i++) writer.Write(frame.Bytes);
        writer.Complete();
        // the mean of the colours as the network sees them, plus 4
        File.WriteAllBytes(folder["net.onnx"], Brightness.ToBytes());
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(ModelStore.FolderVariable, home);
        folder.Dispose();
    }

    [Fact]
    public void An_installed_model_is_named_or_found_and_motion_stereo_stays_at_hand()
    {
        InstalledModels.PutOnnx(folder["home"], "My-Metric", Brightness.ToBytes());
        var named = Convert("-Model my-metric -Normalization ZeroToOne");
        Assert.Equal(("My-Metric", DepthScale.Metric), (named.Estimator, named.Scale));
        Assert.Equal(4 + 128 / 255f, Depth(named), 4e-4f); // a step of the format is 0.31 mm
        var found = Run("ConvertTo-MetricDepth c.mkv -HorizontalFov 63 -InputSize 70 -Force -Verbose");
        Assert.Equal("My-Metric", Assert.IsType<DepthVideo>(Assert.Single(found.Output)).Estimator);
        Assert.Contains(found.Verbose, v => v.StartsWith("My-Metric estimates: it is the best model that gives metres", StringComparison.Ordinal));
        // a grey wall has nothing to track
        Assert.NotEmpty(Run("ConvertTo-MetricDepth c.mkv -HorizontalFov 63 -Model MotionStereo -Force").Errors);
    }

    [Theory]
    [InlineData("-OutputMeaning Depth -Normalization ZeroToOne", 4 + 128 / 255f)]
    [InlineData("-OutputMeaning Depth -Normalization MinusOneToOne", 4 + 128 / 127.5f - 1)]
    [InlineData("-OutputMeaning Depth -Normalization 0,0,0,0.5,0.5,0.5", 4 + 128 / 127.5f)]
    [InlineData("-OutputMeaning Disparity -MedianDepth 7", 7)] // flat: everything is the median
    public void A_file_of_ones_own_is_told_its_colours_and_its_meaning(string parameters, float expected) =>
        Assert.Equal(expected, Depth(Convert("-ModelPath net.onnx " + parameters)), 4e-4f);

    [Fact]
    public void A_checkpoint_becomes_its_network_and_one_of_unknown_make_is_refused()
    {
        File.Copy(ModelFixture.Path("dav2_metric_tiny.pth"), folder["tiny.pth"]);
        // 24 channels are not one to 64 for each head: only an installed model says how many heads it has
        var error = Assert.Single(Run("ConvertTo-MetricDepth c.mkv -ModelPath tiny.pth -OutputMeaning Depth -HorizontalFov 63").Errors);
        Assert.StartsWith("CheckpointForeign", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        InstalledModels.PutTinyDepthAnything(folder["home"]);
        var video = Convert("-Model DepthAnythingV2-Metric-Indoor-Small");
        Assert.Equal("DepthAnythingV2-Metric-Indoor-Small", video.Estimator);
        Assert.InRange(Depth(video), 0.01f, 20);
    }

    [Theory]
    [InlineData("ModelNotInstalled", "-Model VideoDepthAnything-Small")]
    [InlineData("ModelUnknown", "-Model Depth-Everything")]
    [InlineData("ModelGivenTwice", "-Model My-Metric -ModelPath net.onnx")]
    [InlineData("NormalizationInvalid", "-ModelPath net.onnx -Normalization Grey")]
    [InlineData("MetricModelNotUsed", "-Model My-Metric -MetricModel My-Metric")]
    [InlineData("OutputMeaningNotUsed", "-Model DepthAnythingV2-Metric-Indoor-Small -OutputMeaning Depth")]
    [InlineData("ConfidenceUnavailable", "-Model My-Metric -Confidence")]
    [InlineData("CannotConvertArgumentNoMessage", "-ModelPath net.onnx -OutputMeaning Metres")]
    public void What_cannot_be_done_is_an_error_that_names_it_and_leaves_nothing(string errorId, string parameters)
    {
        InstalledModels.PutOnnx(folder["home"], "My-Metric", Brightness.ToBytes());
        InstalledModels.PutTinyDepthAnything(folder["home"]);
        var error = Assert.Single(Run($"ConvertTo-MetricDepth c.mkv -HorizontalFov 63 {parameters}").Errors);
        Assert.StartsWith(errorId, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["c.mkv_depth.mkv"]));
    }

    [Fact]
    public void A_switch_that_changes_nothing_is_warned_of()
    {
        var result = Run("ConvertTo-MetricDepth c.mkv -HorizontalFov 63 -ModelPath net.onnx -InputSize 70 -NoRollingAverage");
        Assert.Empty(result.Errors);
        Assert.Contains("-NoRollingAverage", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Tab_offers_what_can_be_used_here_with_its_size_and_licence()
    {
        InstalledModels.PutTinyDepthAnything(folder["home"]);
        InstalledModels.PutOnnx(folder["home"], "Own-Relative", Brightness.ToBytes(), OutputMeaning.InverseDepth, isMetric: false);
        var all = new EstimatorCompleter().CompleteArgument("ConvertTo-MetricDepth", "Model", "", null!, new Dictionary<string, object>()).ToList();
        Assert.Equal(["Auto", "MotionStereo", "DepthAnythingV2-Metric-Indoor-Small", "Own-Relative"], all.Select(c => c.CompletionText));
        Assert.Contains("Apache-2.0", all[2].ToolTip, StringComparison.Ordinal);
        Assert.Contains("MB", all[2].ToolTip, StringComparison.Ordinal);
        Assert.Equal(["DepthAnythingV2-Metric-Indoor-Small"],
            new MetricModelCompleter().CompleteArgument("ConvertTo-MetricDepth", "MetricModel", "", null!, new Dictionary<string, object>()).Select(c => c.CompletionText));
        Assert.Equal(["ImageNet", "ZeroToOne", "MinusOneToOne"],
            new NormalizationCompleter().CompleteArgument("ConvertTo-MetricDepth", "Normalization", "", null!, new Dictionary<string, object>()).Select(c => c.CompletionText));
    }

    private static TinyModel Brightness => TinyModel.New().Input("image", [1, 3, -1, -1]).Output("map", [1, -1, -1]).Constant("four", 4)
        .Node("ReduceMean", ["image"], "mean", ("axes", [1L]), ("keepdims", [0L])).Node("Add", ["mean", "four"], "map");

    private DepthVideo Convert(string parameters)
    {
        var result = Run($"ConvertTo-MetricDepth c.mkv -HorizontalFov 63 -InputSize 70 -Device Cpu -Force {parameters}");
        Assert.Empty(result.Errors);
        var video = Assert.IsType<DepthVideo>(Assert.Single(result.Output));
        Assert.Equal((3L, FieldOfViewSource.Given), (video.FrameCount, video.FieldOfViewSource));
        return video;
    }

    private static float Depth(DepthVideo video)
    {
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(video.Width, video.Height);
        Assert.True(reader.Read(plane));
        return plane[40, 28];
    }

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = folder.Path }, [.. line.Split(' ')]);
}
