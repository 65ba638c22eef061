using MetricDepth.Estimation;
using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.Choice;

/// <summary>Which model is used when nobody says, and what is said where somebody does.</summary>
public sealed class DepthModelChoiceTests : IDisposable
{
    private readonly TempFolder store = new();

    public void Dispose() => store.Dispose();

    [Theory]
    [InlineData("MotionStereo", "")]
    [InlineData("MotionStereo", "VideoDepthAnything-Small")] // right only up to a factor and an offset
    [InlineData("DepthAnythingV2-Metric-Indoor-Small", "DepthAnythingV2-Metric-Indoor-Small DepthAnythingV2-Large")]
    [InlineData("VideoDepthAnything-Small + DepthAnythingV2-Metric-Indoor-Small", "VideoDepthAnything-Small DepthAnythingV2-Metric-Indoor-Small DepthAnythingV2-Small")]
    [InlineData("VideoDepthAnything-Metric-Large", "VideoDepthAnything-Small DepthAnythingV2-Metric-Indoor-Small VideoDepthAnything-Metric-Large")]
    [InlineData("VideoDepthAnything-Metric-Small", "VideoDepthAnything-Metric-Large VideoDepthAnything-Metric-Small VideoDepthAnything-Metric-Base")]
    public void The_best_installed_model_is_used_by_default(string expected, string installed)
    {
        Install(installed);
        Assert.Equal(expected, Describe(Choose(Options)));
        Assert.Equal(expected, Describe(Choose(Options with { Model = "auto" })));
    }

    [Fact]
    public void On_a_gpu_the_largest_of_several_sizes_is_taken()
    {
        Install("VideoDepthAnything-Metric-Large VideoDepthAnything-Metric-Small VideoDepthAnything-Metric-Base");
        Assert.Equal("VideoDepthAnything-Metric-Large", Describe(Choose(Options, hasGpu: true)));
    }

    [Theory]
    [InlineData(20, "DepthAnythingV2-Metric-Indoor-Small")]
    [InlineData(50, "DepthAnythingV2-Metric-Outdoor-Small")]
    public void The_largest_depth_tells_indoors_from_outdoors(double maxDepth, string expected)
    {
        Install("DepthAnythingV2-Metric-Indoor-Small DepthAnythingV2-Metric-Outdoor-Small");
        InstalledModels.PutOnnx(store.Path, "Aa-own-metric", [8]);
        Assert.Equal(expected, Describe(Choose(Options with { MaxDepth = maxDepth })));
    }

    [Fact]
    public void Only_motion_stereo_serves_a_camera_path_and_confidence_so_it_is_taken_for_them()
    {
        Install("VideoDepthAnything-Metric-Small");
        Assert.Equal("MotionStereo", Describe(Choose(Options with { CameraPath = "p.json" })));
        var sure = Choose(Options with { Confidence = true });
        Assert.Equal("MotionStereo", Describe(sure));
        Assert.Contains("-Confidence", sure.Because, StringComparison.Ordinal);
        Assert.Equal("MotionStereo", Describe(Choose(Options with { Model = "motionstereo" })));
    }

    [Fact]
    public void A_relative_video_model_gets_the_metric_model_asked_for_or_the_best_or_none_where_the_scale_is_given()
    {
        Install("VideoDepthAnything-Small DepthAnythingV2-Metric-Indoor-Small DepthAnythingV2-Metric-Outdoor-Small");
        var named = Options with { Model = "videodepthanything-small" };
        Assert.Equal("VideoDepthAnything-Small + DepthAnythingV2-Metric-Indoor-Small", Describe(Choose(named)));
        Assert.Equal("VideoDepthAnything-Small + DepthAnythingV2-Metric-Outdoor-Small", Describe(Choose(named with { MetricModel = "DepthAnythingV2-Metric-Outdoor-Small" })));
        Assert.Equal("VideoDepthAnything-Small + DepthAnythingV2-Metric-Outdoor-Small", Describe(Choose(Options with { MetricModel = "DepthAnythingV2-Metric-Outdoor-Small" })));
        Assert.Equal("VideoDepthAnything-Small", Describe(Choose(named with { MedianDepth = 3 })));
        Assert.Equal("VideoDepthAnything-Small", Describe(Choose(Options with { MedianDepth = 3 })));
    }

    [Theory]
    [InlineData("ModelNotInstalled", "Install-DepthModel VideoDepthAnything-Small (116 MB, Apache-2.0)", "VideoDepthAnything-Small")]
    [InlineData("ModelNotInstalled", "Install-DepthModel VideoDepthAnything-Large -AcceptLicense", "VideoDepthAnything-Large")]
    [InlineData("ModelUnknown", "Did you mean VideoDepthAnything-Small", "VideoDepthAnythingSmal")]
    public void A_model_that_is_not_there_comes_with_the_line_that_brings_it(string errorId, string help, string name)
    {
        var e = Assert.Throws<MetricDepthException>(() => Choose(Options with { Model = name }));
        Assert.Equal((errorId, FailureKind.NotFound), (e.ErrorId, e.Kind));
        Assert.Contains(help, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CameraPathNotUsed", "-Model MotionStereo")]
    [InlineData("ConfidenceUnavailable", "-Model MotionStereo")]
    [InlineData("MetricModelNotUsed", "VideoDepthAnything-Metric-Small is none")]
    [InlineData("MetricModelNotUsed", "motion stereo has no use")]
    [InlineData("MetricModelUnsuitable", "DepthAnythingV2-Small does not give metres")]
    [InlineData("NormalizationNotUsed", "-Normalization is for other ONNX files")]
    [InlineData("OutputMeaningNotUsed", "-OutputMeaning is for files of your own")]
    [InlineData("ModelGivenTwice", "Give only one")]
    [InlineData("ModelNotInstalled", "none is installed")]
    public void What_does_not_go_with_a_model_is_refused_with_what_to_do(string errorId, string help)
    {
        var metric = Options with { Model = "VideoDepthAnything-Metric-Small" };
        var options = (errorId, help) switch
        {
            ("CameraPathNotUsed", _) => metric with { CameraPath = "p.json" },
            ("ConfidenceUnavailable", _) => metric with { Confidence = true },
            ("MetricModelNotUsed", "motion stereo has no use") => Options with { Model = "MotionStereo", MetricModel = "DepthAnythingV2-Metric-Indoor-Small" },
            ("MetricModelNotUsed", _) => metric with { MetricModel = "DepthAnythingV2-Metric-Indoor-Small" },
            ("MetricModelUnsuitable", _) => Options with { Model = "VideoDepthAnything-Small", MetricModel = "DepthAnythingV2-Small" },
            ("NormalizationNotUsed", _) => metric with { Normalization = ColorNormalization.ZeroToOne },
            ("OutputMeaningNotUsed", _) => metric with { OutputMeaning = OutputMeaning.Depth },
            ("ModelGivenTwice", _) => metric with { ModelPath = "x.onnx" },
            _ => Options with { MetricModel = "DepthAnythingV2-Metric-Indoor-Small" },
        };
        Install(errorId == "ModelNotInstalled" ? "DepthAnythingV2-Metric-Indoor-Small"
            : "VideoDepthAnything-Metric-Small VideoDepthAnything-Small DepthAnythingV2-Small DepthAnythingV2-Metric-Indoor-Small");
        var e = Assert.Throws<MetricDepthException>(() => Choose(options));
        Assert.Equal(errorId, e.ErrorId);
        Assert.Contains(help, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_nothing_is_said_and_what_does_is_not()
    {
        Install("VideoDepthAnything-Metric-Small VideoDepthAnything-Small DepthAnythingV2-Metric-Indoor-Small");
        Assert.Contains("-NoRollingAverage", Assert.Single(Idle(Options with { NoRollingAverage = true })), StringComparison.Ordinal);
        Assert.Empty(Idle(Options with { NoRollingAverage = true, Model = "VideoDepthAnything-Small" }));
        Assert.Contains("-Device", Assert.Single(Idle(Options with { Model = "MotionStereo", Inference = new() { Device = InferenceDevice.Cpu } })), StringComparison.Ordinal);
        Assert.Empty(Idle(Options with { Inference = new() { Device = InferenceDevice.Cpu } }));

        IEnumerable<string> Idle(DepthEstimationOptions options) => ModelParameters.Idle(Choose(options), options);
    }

    [Fact]
    public void Text_that_is_no_model_and_a_path_that_leads_nowhere_are_named()
    {
        Assert.Equal("ModelNotFound", Assert.Throws<MetricDepthException>(() => Choose(Options with { ModelPath = store["none.pth"] })).ErrorId);
        File.WriteAllBytes(store["foreign.safetensors"], Safetensors("conv.weight"));
        var e = Assert.Throws<MetricDepthException>(() => Choose(Options with { ModelPath = store["foreign.safetensors"] }));
        Assert.Equal("CheckpointForeign", e.ErrorId);
        File.WriteAllBytes(store["vda.safetensors"], Safetensors("head.motion_modules.0.x"));
        Assert.Equal((ModelFamily.VideoDepthAnything, false), Choose(Options with { ModelPath = store["vda.safetensors"] }).Model!.Info is var info ? (info.Family, info.IsMetric) : default);
        File.Move(store["vda.safetensors"], store["metric_vda.bin"]);
        Assert.True(Choose(Options with { ModelPath = store["metric_vda.bin"] }).Model!.Info.IsMetric);
    }

    private DepthEstimationOptions Options => new() { SourcePath = "clip.mp4", StoreFolder = store.Path };

    private static DepthModelChoice Choose(DepthEstimationOptions options, bool hasGpu = false) => DepthModelChoice.For(options, () => hasGpu);

    private static string Describe(DepthModelChoice choice) => choice.Metric is { } metric ? $"{choice.Name} + {metric.Info.Name}" : choice.Name;

    private void Install(string names)
    {
        foreach (string name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries)) InstalledModels.Put(store.Path, name);
    }

    /// <summary>A checkpoint of one number.</summary>
    private static byte[] Safetensors(string key)
    {
        string header = $$$"""{ "{{{key}}}": { "dtype": "F32", "shape": [1], "data_offsets": [0, 4] } }""";
        return [.. BitConverter.GetBytes((long)header.Length), .. System.Text.Encoding.UTF8.GetBytes(header), 0, 0, 0, 0];
    }
}
