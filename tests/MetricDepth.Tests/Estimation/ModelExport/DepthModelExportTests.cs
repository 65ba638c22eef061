using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.ModelExport;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;
using MetricDepth.Scenes.Checkpoints;
using MetricDepth.Tests.Estimation.Networks;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.ModelExport;

/// <summary>An exported file is the network: on its own, it gives what PyTorch gives, and says what its numbers mean.</summary>
public sealed class DepthModelExportTests : IDisposable
{
    /// <summary>PyTorch's own rounding is 8e-6 here, and the smallest mistake tried moved the output by 8e-5.</summary>
    private const float VideoTolerance = 4e-5f;

    /// <summary>Metres, of 20: the same relative to the output's range.</summary>
    private const float PictureTolerance = 2e-4f;

    private const int Width = 70, Height = 42, Heads = 3;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vda_tiny.pth")]
    [InlineData("vda_tiny.safetensors")]
    public void A_video_network_in_one_file_gives_what_pytorch_gives(string checkpoint)
    {
        var file = Assert.Single(Export(checkpoint));
        File.Delete(_folder[checkpoint]); // it must need no other file
        using var model = OnnxModel.Open(file.FullName);
        Assert.Equal([1L, 32, 3, Height, Width], Assert.Single(model.Inputs).Shape);
        Assert.Equal([1L, 32, Height, Width], Assert.Single(model.Outputs).Shape);
        Near(ModelFixture.Floats("vda_tiny_output.npy").Values, Run(model, RecordedPictures.Read("vda_tiny_frames_u8.npy"), 1, 32, 3, Height, Width), VideoTolerance);
    }

    [Fact]
    public void A_video_network_in_three_files_gives_what_pytorch_gives()
    {
        var files = Export("vda_tiny.pth", options => options with { Layout = GraphLayout.Split });
        Assert.Equal(["net_encoder.onnx", "net_temporal.onnx", "net_decoder.onnx"], files.Select(file => file.Name));
        using var encoder = OnnxModel.Open(files[0].FullName);
        using var temporal = OnnxModel.Open(files[1].FullName);
        using var decoder = OnnxModel.Open(files[2].FullName);
        var pictures = new OnnxTensor("image", RecordedPictures.Read("vda_tiny_frames_u8.npy"), [32, 3, Height, Width]);
        OnnxTensor Level(string name) => encoder.Run([pictures], name, TestContext.Current.CancellationToken);
        var path = temporal.Run([Level("level3"), Level("level4")], "path", TestContext.Current.CancellationToken);
        var depth = decoder.Run([Level("level1"), Level("level2"), path], "depth", TestContext.Current.CancellationToken);
        Near(ModelFixture.Floats("vda_tiny_output.npy").Values, depth.Values.Span, VideoTolerance);
    }

    [Fact]
    public void A_metric_picture_network_gives_metres_and_takes_any_number_of_pictures()
    {
        var file = Assert.Single(Export("dav2_metric_tiny.pth"));
        using var model = OnnxModel.Open(file.FullName);
        Assert.Equal(-1, model.Inputs[0].Shape[0]);
        Near(ModelFixture.Floats("dav2_metric_tiny_output.npy").Values, Run(model, RecordedPictures.Read("dav2_metric_tiny_frames_u8.npy"), 2, 3, Height, Width), PictureTolerance);
    }

    [Fact]
    public void Weights_too_many_for_one_file_lie_beside_it()
    {
        var files = Export("vda_tiny.pth", options => options with { MostWeightsInside = 1_000_000 });
        Assert.Equal(["net.onnx", "net.onnx.data"], files.Select(file => file.Name));
        Assert.True(files[0].Length < files[1].Length);
        File.Delete(_folder["vda_tiny.pth"]);
        using var model = OnnxModel.Open(files[0].FullName);
        Near(ModelFixture.Floats("vda_tiny_output.npy").Values, Run(model, RecordedPictures.Read("vda_tiny_frames_u8.npy"), 1, 32, 3, Height, Width), VideoTolerance);
    }

    [Fact]
    public void Float16_takes_half_the_space_and_gives_nearly_the_same()
    {
        long full = Assert.Single(Export("dav2_metric_tiny.pth")).Length;
        var file = Assert.Single(Export("dav2_metric_tiny.pth", options => options with { Precision = InferencePrecision.Float16, Overwrite = true }));
        Assert.InRange(file.Length, full / 3, full * 2 / 3);
        using var model = OnnxModel.Open(file.FullName);
        Assert.Equal("float16", model.Metadata["metricdepth.precision"]);
        // 11 bits a product, a hundred products deep, of 20 m
        Near(ModelFixture.Floats("dav2_metric_tiny_output.npy").Values, Run(model, RecordedPictures.Read("dav2_metric_tiny_frames_u8.npy"), 2, 3, Height, Width), 0.2f);
    }

    [Fact]
    public void A_file_says_what_goes_in_what_comes_out_and_where_it_comes_from()
    {
        using var model = OnnxModel.Open(Assert.Single(Export("dav2_metric_tiny.pth")).FullName);
        Assert.Equal("0.485,0.456,0.406", model.Metadata["metricdepth.mean"]);
        Assert.Equal("0.229,0.224,0.225", model.Metadata["metricdepth.std"]);
        Assert.Equal("depth along the view axis in metres; resize bilinearly with aligned corners to the frame", model.Metadata["metricdepth.output_help"]);
        Assert.Equal("20", model.Metadata["metricdepth.max_depth"]);
        Assert.Equal("dav2_metric_tiny.pth", model.Metadata["metricdepth.source"]);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["dav2_metric_tiny.pth"]))),
            model.Metadata["metricdepth.source_sha256"]);
        // and is understood here, without being told
        var (meaning, isMetric, _) = DepthOutput.Interpret(model, DepthOutput.Choose(model));
        Assert.Equal((OutputMeaning.Depth, true), (meaning, isMetric));
    }

    [Fact]
    public void What_the_user_says_of_a_checkpoint_is_what_the_file_says_and_does()
    {
        Copy("dav2_metric_tiny.pth");
        File.Move(_folder["dav2_metric_tiny.pth"], _folder["mine.pth"]);
        var relative = DepthModelExport.Describe(_folder["mine.pth"], new() { Heads = Heads });
        Assert.Equal((OutputMeaning.InverseDepth, false), (relative.Info.Output, relative.Info.IsMetric));
        var metric = DepthModelExport.Describe(_folder["mine.pth"], new() { Heads = Heads, MaxDepth = 80 });
        var options = Options("mine.pth") with { Model = metric, MeaningIsTold = true };
        using var model = OnnxModel.Open(Assert.Single(DepthModelExport.Run(options, null, TestContext.Current.CancellationToken)).FullName);
        Assert.Equal(("80", "depth", "true"), (model.Metadata["metricdepth.max_depth"], model.Metadata["metricdepth.output"], model.Metadata["metricdepth.metric"]));
        var fourfold = ModelFixture.Floats("dav2_metric_tiny_output.npy").Values.Select(metres => 4 * metres).ToArray();
        Near(fourfold, Run(model, RecordedPictures.Read("dav2_metric_tiny_frames_u8.npy"), 2, 3, Height, Width), 4 * PictureTolerance);
    }

    [Fact]
    public void A_licence_without_commerce_is_told_of_and_goes_along()
    {
        Copy("dav2_metric_tiny.pth");
        var model = DepthModelExport.Describe(_folder["dav2_metric_tiny.pth"], new() { Heads = Heads });
        model = model with { Sha256 = "00ff", Info = model.Info with { Name = "Net", License = "CC-BY-NC-4.0", NonCommercial = true, Source = new("https://example.org/net.pth") } };
        var messages = new Messages();
        var file = Assert.Single(DepthModelExport.Run(Options("dav2_metric_tiny.pth") with { Model = model }, messages, TestContext.Current.CancellationToken));
        Assert.Contains("CC-BY-NC-4.0, forbids commercial use", Assert.Single(messages.Reports, report => report.Kind == MessageKind.Warning).Message, StringComparison.Ordinal);
        using var written = OnnxModel.Open(file.FullName);
        Assert.Equal(("CC-BY-NC-4.0", "https://example.org/net.pth", "00ff"),
            (written.Metadata["metricdepth.license"], written.Metadata["metricdepth.source_url"], written.Metadata["metricdepth.source_sha256"]));
    }

    [Fact]
    public void A_stopped_export_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Messages(report =>
        {
            // in the second of three files
            if (report.Activity.Contains("temporal", StringComparison.Ordinal)) stop.Cancel();
        });
        Copy("vda_tiny.pth");
        Assert.Throws<OperationCanceledException>(() => DepthModelExport.Run(Options("vda_tiny.pth") with { Layout = GraphLayout.Split }, progress, stop.Token));
        Assert.Equal([_folder["vda_tiny.pth"]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Progress_ends_where_it_said_it_would()
    {
        Copy("vda_tiny.pth");
        var progress = new Messages();
        DepthModelExport.Run(Options("vda_tiny.pth") with { Layout = GraphLayout.Split }, progress, TestContext.Current.CancellationToken);
        var written = progress.Reports.Where(report => report.Activity.StartsWith("Writing", StringComparison.Ordinal)).ToList();
        Assert.True(written.Count > 100, $"{written.Count} reports");
        Assert.Equal(written.OrderBy(report => report.Done), written);
        Assert.Equal(written[^1].Total, written[^1].Done);
    }

    [Fact]
    public void Files_that_exist_stay_unless_they_are_to_be_replaced()
    {
        Copy("vda_tiny.pth");
        File.WriteAllText(_folder["net_decoder.onnx"], "mine");
        var options = Options("vda_tiny.pth") with { Layout = GraphLayout.Split };
        Assert.Equal("DestinationExists", Error(options));
        Assert.Equal("mine", File.ReadAllText(_folder["net_decoder.onnx"]));
        Assert.Equal(3, DepthModelExport.Run(options with { Overwrite = true }, null, TestContext.Current.CancellationToken).Count);
    }

    [Fact]
    public void What_cannot_be_exported_says_why()
    {
        Copy("vda_tiny.pth");
        Copy("dav2_metric_tiny.pth");
        var video = Options("vda_tiny.pth");
        Assert.Equal("LayoutNotApplicable", Error(Options("dav2_metric_tiny.pth") with { Layout = GraphLayout.Split }));
        Assert.Equal("DestinationNotOnnx", Error(video with { DestinationPath = _folder["net.pth"] }));
        Assert.Equal("ModelIsOnnx", Error(video with { Model = video.Model with { Info = video.Model.Info with { Family = ModelFamily.UniDepthV2 } } }));
        Assert.Equal("CheckpointForeign", Error(video with { Model = video.Model with { Info = video.Model.Info with { Family = ModelFamily.DepthAnythingV2 } } }));
        Assert.Equal("MaxDepthNotUsed", Assert.Throws<MetricDepthException>(() => DepthModelExport.Describe(_folder["vda_tiny.pth"], new() { MaxDepth = 20 })).ErrorId);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private IReadOnlyList<FileInfo> Export(string checkpoint, Func<DepthModelExportOptions, DepthModelExportOptions>? change = null)
    {
        Copy(checkpoint);
        var options = Options(checkpoint);
        return DepthModelExport.Run(change?.Invoke(options) ?? options, null, TestContext.Current.CancellationToken);
    }

    private DepthModelExportOptions Options(string checkpoint) => new()
    {
        Model = DepthModelExport.Describe(_folder[checkpoint], new() { Heads = Heads }),
        DestinationPath = _folder["net.onnx"],
        Width = Width,
        Height = Height,
    };

    // a fixture, in the format that the name asks for
    private void Copy(string checkpoint)
    {
        string original = ModelFixture.Path(Path.ChangeExtension(checkpoint, ".pth"));
        if (checkpoint.EndsWith(".pth", StringComparison.Ordinal))
        {
            File.Copy(original, _folder[checkpoint], overwrite: true);
            return;
        }
        using var source = Checkpoint.Open(original);
        WeightsFile.Copy(source, _folder[checkpoint]);
    }

    private static string Error(DepthModelExportOptions options) =>
        Assert.Throws<MetricDepthException>(() => DepthModelExport.Run(options, null, TestContext.Current.CancellationToken)).ErrorId;

    private static ReadOnlySpan<float> Run(OnnxModel model, float[] pictures, params long[] shape) =>
        model.Run([new("image", pictures, shape)], "depth", TestContext.Current.CancellationToken).Values.Span;

    private static void Near(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++) largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        Assert.InRange(largest, 0, tolerance);
    }

    private sealed class Messages(Action<FrameProgress>? told = null) : IProgress<FrameProgress>
    {
        public List<FrameProgress> Reports { get; } = [];

        public void Report(FrameProgress value)
        {
            Reports.Add(value);
            told?.Invoke(value);
        }
    }
}
