using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Inference;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Confidence as people ask for it, through the stand-in.</summary>
public sealed class ConfidenceCommandTests : IDisposable
{
    private const string Clip = "c.mkv", Depth = "c.mkv_depth.mkv", Confidence = "c.mkv_depth.mkv_confidence.mkv";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Depth_comes_with_its_confidence_which_the_next_commands_honour()
    {
        Film();
        var before = Files();
        Assert.Empty(Run($"ConvertTo-MetricDepth {Clip} -Confidence -WhatIf").Output);
        Assert.Equal(before, Files());

        var depth = Assert.IsType<DepthVideo>(Assert.Single(Run($"ConvertTo-MetricDepth {Clip} -HorizontalFov 63 -InputSize 72 -CameraPath path.json -Confidence").Output));
        Assert.Equal(_folder[Confidence], depth.ConfidencePath);
        Assert.Equal([Clip, Depth, Confidence, "path.json", "truth.mkv"], Files());
        Assert.Equal(depth.FrameCount, RawVideo.Read(depth.ConfidencePath!).Count);
        Assert.Equal(depth.ConfidencePath, Assert.IsType<DepthVideo>(Assert.Single(Run($"Get-DepthVideo {Depth}").Output)).ConfidencePath);

        var all = Assert.IsType<DepthComparisonResult>(Assert.Single(Run("Compare-DepthVideo -ReferencePath truth.mkv -CameraPath path.json", depth).Output));
        var sure = Assert.IsType<DepthComparisonResult>(Assert.Single(Run("Compare-DepthVideo -ReferencePath truth.mkv -MinConfidence 0.7", depth).Output));
        Assert.True(sure.AbsRel < all.AbsRel, $"{sure.AbsRel} of the sure, {all.AbsRel} of all");
        Assert.InRange(sure.Coverage, 0.2, 0.98);
        // the scene and its path are exact, so what is left is the estimator's; truth itself only has the steps of its codes
        Assert.InRange(all.TemporalError!.Value, 1e-5, 0.02);
        Assert.InRange(all.ReferenceTemporalError!.Value, 0, 0.002);
        Assert.Null(sure.TemporalError);

        Assert.Empty(Run("Export-DepthPointCloud -First 1 -MinConfidence 0.7 -DestinationPath some", depth).Errors);
        Assert.Empty(Run("Export-DepthPointCloud -First 1 -DestinationPath all", depth).Errors);
        Assert.InRange(new FileInfo(_folder["some/0000000.ply"]).Length, 1000, new FileInfo(_folder["all/0000000.ply"]).Length - 1000);
        Assert.Empty(Run("Invoke-StereoRender -MinConfidence 0.7 -HoleFill None -MaxFrames 2 -DestinationPath s1.mkv", depth).Errors);
        Assert.Empty(Run("Invoke-StereoRender -HoleFill None -MaxFrames 2 -DestinationPath s2.mkv", depth).Errors);
        Assert.NotEqual(RawVideo.Read(_folder["s1.mkv"]), RawVideo.Read(_folder["s2.mkv"]));
        Assert.Empty(Run("Invoke-DepthRender -Motion Sway -MinConfidence 0.7 -HoleFill None -MaxFrames 2 -DestinationPath v1.mkv", depth).Errors);
        Assert.Empty(Run("Invoke-DepthRender -Motion Sway -HoleFill None -MaxFrames 2 -DestinationPath v2.mkv", depth).Errors);
        Assert.NotEqual(RawVideo.Read(_folder["v1.mkv"]), RawVideo.Read(_folder["v2.mkv"]));
    }

    [Fact]
    public void What_exists_is_only_replaced_by_force()
    {
        Film();
        File.WriteAllText(_folder[Confidence], "precious");
        AssertFails($"ConvertTo-MetricDepth {Clip} -HorizontalFov 63 -Confidence", "DestinationExists");
        Assert.Equal("precious", File.ReadAllText(_folder[Confidence]));
        Assert.False(File.Exists(_folder[Depth]));
        AssertFails($"ConvertTo-MetricDepth {Confidence} -DestinationPath {Depth[..^4]}.mkv -Confidence -Force", "DestinationIsInput");
        Assert.Equal("precious", File.ReadAllText(_folder[Confidence]));
    }

    [Fact]
    public void A_clip_that_cannot_be_matched_leaves_neither_file()
    {
        TestClip.Make(_folder["flat.mp4"], 64, 48, 0.4);
        Assert.NotEmpty(Run("ConvertTo-MetricDepth flat.mp4 -HorizontalFov 63 -InputSize 64 -Confidence").Errors);
        Assert.Equal(["flat.mp4"], Files());
    }

    [Fact]
    public void A_network_that_knows_no_confidence_says_so()
    {
        TestClip.Make(_folder[Clip], 64, 48, 0.2);
        File.WriteAllBytes(_folder["tiny.onnx"], TinyModel.New().Input("image", [1, 3, 28, 42]).Output("depth", [1, 28, 42])
            .Node("ReduceMean", ["image"], "depth", ("axes", [1L]), ("keepdims", [0L])).ToBytes());
        AssertFails($"ConvertTo-MetricDepth {Clip} -ModelPath tiny.onnx -Confidence", "ConfidenceUnavailable");
        Assert.Equal([Clip, "tiny.onnx"], Files());
    }

    [Theory]
    [InlineData("Compare-DepthVideo d.mkv d.mkv -MinConfidence 0.5", "ConfidenceMissing")]
    [InlineData("Export-DepthPointCloud d.mkv -MinConfidence 0.5", "ConfidenceMissing")]
    [InlineData("Invoke-StereoRender d.mkv -ColorPath d.mkv -MinConfidence 0.5", "ConfidenceMissing")]
    [InlineData("Invoke-DepthRender d.mkv -ColorPath d.mkv -Motion Sway -MinConfidence 0.5", "ConfidenceMissing")]
    [InlineData("Invoke-DepthRender d.mkv -ColorPath d.mkv -Position 0.1,0,0 -Frame 1 -MinConfidence 0.5", "ConfidenceMissing")]
    [InlineData("Compare-DepthVideo d.mkv d.mkv -MinConfidence 1.1", "ParameterArgumentValidationError")]
    [InlineData("Export-DepthPointCloud d.mkv -MinConfidence -0.1", "ParameterArgumentValidationError")]
    [InlineData("Compare-DepthVideo d.mkv d.mkv -CameraPath short.json", "CameraPathTooShort")]
    [InlineData("Compare-DepthVideo d.mkv d.mkv -CameraPath gone.json", "FileNotFound")]
    public void A_limit_without_a_confidence_is_one_named_error(string line, string errorId)
    {
        DepthClip.Write(_folder["d.mkv"], 16, 12, 3, (_, _, _) => 2);
        Scene.Floor.Path(2).Save(_folder["short.json"]);
        AssertFails(line, errorId);
        Assert.Equal(["d.mkv", "short.json"], Files());
    }

    private void Film() => SceneClip.Run(new()
    {
        Scene = Scene.Floor.WithFrameRate(new(10)),
        Destination = _folder[Clip],
        Camera = Intrinsics.FromFieldOfView(128, 96, 63, null),
        Frames = 12,
        DepthPath = _folder["truth.mkv"],
        CameraPath = _folder["path.json"],
    }, null, TestContext.Current.CancellationToken);

    private string[] Files() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private void AssertFails(string line, string errorId)
    {
        var result = Run(line);
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
