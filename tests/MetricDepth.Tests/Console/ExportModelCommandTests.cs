using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Inference;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Export-DepthModel as people type it, through the stand-in.</summary>
public sealed class ExportModelCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ExportModelCommandTests()
    {
        File.Copy(ModelFixture.Path("vda_tiny.pth"), _folder["vda.pth"]);
        File.Copy(ModelFixture.Path("dav2_metric_tiny.pth"), _folder["picture.pth"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_checkpoint_becomes_a_file_named_after_it_and_its_size()
    {
        var file = Assert.IsType<FileInfo>(Assert.Single(Run("Export-DepthModel -Path vda.pth -Heads 3 -InputSize 28").Output));
        Assert.Equal(_folder["vda-56x28.onnx"], file.FullName);
        using var model = OnnxModel.Open(file.FullName);
        Assert.Equal([1L, 32, 3, 28, 56], model.Inputs[0].Shape);
        Assert.Equal("inverse_depth", model.Metadata["metricdepth.output"]);
    }

    [Fact]
    public void Everything_that_can_be_said_is_heeded()
    {
        Directory.CreateDirectory(_folder["out"]);
        var files = Run("Export-DepthModel -Path vda.pth -Heads 3 -Width 56 -Height 42 -Precision Float16 -Layout Split -OutputMeaning Depth -DestinationPath out/").Output;
        Assert.Equal(["vda-56x42-fp16_encoder.onnx", "vda-56x42-fp16_temporal.onnx", "vda-56x42-fp16_decoder.onnx"], files.Cast<FileInfo>().Select(file => file.Name));
        using var model = OnnxModel.Open(_folder["out/vda-56x42-fp16_encoder.onnx"]);
        Assert.Equal([-1L, 3, 42, 56], model.Inputs[0].Shape);
        Assert.Equal(("true", "float16", "encoder"), (model.Metadata["metricdepth.metric"], model.Metadata["metricdepth.precision"], model.Metadata["metricdepth.part"]));

        Run("Export-DepthModel -Path picture.pth -Heads 3 -MaxDepth 80 -AspectRatio 2:1 -InputSize 42 -DestinationPath p.onnx");
        using var picture = OnnxModel.Open(_folder["p.onnx"]);
        Assert.Equal([-1L, 3, 42, 84], picture.Inputs[0].Shape);
        Assert.Equal("80", picture.Metadata["metricdepth.max_depth"]);
    }

    [Fact]
    public void A_clip_says_for_which_shape()
    {
        TestClip.Make(_folder["upright.mp4"], 48, 64, 0.2);
        var file = Assert.IsType<FileInfo>(Assert.Single(Run("Export-DepthModel -Path picture.pth -Heads 3 -ClipPath upright.mp4 -InputSize 42").Output));
        Assert.Equal("picture-42x56.onnx", file.Name);
    }

    [Fact]
    public void An_exported_picture_network_makes_depth_videos_without_being_explained()
    {
        TestClip.Make(_folder["c.mp4"], 56, 28, 0.2);
        Run("Export-DepthModel -Path picture.pth -Heads 3 -MaxDepth 20 -ClipPath c.mp4 -InputSize 28 -DestinationPath p.onnx");
        var result = Run("ConvertTo-MetricDepth c.mp4 -ModelPath p.onnx -HorizontalFov 60");
        Assert.Empty(result.Errors);
        var depth = Assert.IsType<DepthVideo>(Assert.Single(result.Output));
        Assert.Equal((56, 28, DepthScale.Metric), (depth.Width, depth.Height, depth.Scale));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(Run("Export-DepthModel -Path vda.pth -Heads 3 -WhatIf").Output);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void A_file_is_replaced_only_with_force()
    {
        const string Line = "Export-DepthModel -Path picture.pth -Heads 3 -InputSize 28 p.onnx";
        File.WriteAllText(_folder["p.onnx"], "mine");
        Assert.Equal("DestinationExists", Error(Line.Replace(" p.onnx", " -DestinationPath p.onnx", StringComparison.Ordinal)));
        Assert.Equal("mine", File.ReadAllText(_folder["p.onnx"]));
        Assert.Single(Run(Line.Replace(" p.onnx", " -DestinationPath p.onnx -Force", StringComparison.Ordinal)).Output);
    }

    [Theory]
    [InlineData("Export-DepthModel VideoDepthAnything-Small", "ModelNotInstalled")]
    [InlineData("Export-DepthModel VideoDepthAnything-Smal", "ModelUnknown")]
    [InlineData("Export-DepthModel -Path none.pth", "ModelNotFound")]
    [InlineData("Export-DepthModel -Path vda.pth -Width 57 -Height 42", "SizeNotOfPatches")]
    [InlineData("Export-DepthModel -Path vda.pth -AspectRatio wide", "AspectRatioOutOfRange")]
    [InlineData("Export-DepthModel -Path picture.pth -Layout Split", "LayoutNotApplicable")]
    [InlineData("Export-DepthModel -Path vda.pth -MaxDepth 20", "MaxDepthNotUsed")]
    [InlineData("Export-DepthModel -Path vda.pth -DestinationPath vda.pth", "DestinationNotOnnx")]
    public void What_is_wrong_is_named(string line, string errorId) => Assert.Equal(errorId, Error(line));

    private string Error(string line) => Assert.Single(Run(line).Errors).FullyQualifiedErrorId.Split(',')[0];

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, [.. line.Split(' ')]);
}
