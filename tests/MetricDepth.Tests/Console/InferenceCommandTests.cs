using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Inference;
using MetricDepth.Tests.Inference;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>What runs a network, as people ask for it, through the stand-in.</summary>
public sealed class InferenceCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_device_is_said_to_those_who_ask_and_the_threads_are_those_asked_for()
    {
        Film();
        var said = Run("ConvertTo-MetricDepth c.mkv -ModelPath tiny.onnx -HorizontalFov 63 -Device Cpu -Threads 1 -Precision Float32 -MemoryLimit 2GB -Verbose");
        Assert.Empty(said.Errors);
        Assert.Contains("The network runs on the CPU (1 thread).", said.Verbose);
        Assert.IsType<DepthVideo>(Assert.Single(said.Output));
        var silent = Run("ConvertTo-MetricDepth c.mkv -ModelPath tiny.onnx -HorizontalFov 63 -Device Cpu -Force");
        Assert.DoesNotContain(silent.Warnings, w => w.Contains("CPU", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_and_nothing_is_written()
    {
        if (ExecutionProvider.Probe(InferenceDevice.Cuda).Works) Assert.Skip("CUDA works on this machine.");
        Film();
        var errors = Run("ConvertTo-MetricDepth c.mkv -ModelPath tiny.onnx -HorizontalFov 63 -Device Cuda").Errors;
        Assert.StartsWith("DeviceUnavailable", Assert.Single(errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["c.mkv", "tiny.onnx"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("-Device Gpu", "CannotConvertArgumentNoMessage")]
    [InlineData("-Threads 0", "ParameterArgumentValidationError")]
    [InlineData("-MemoryLimit 1MB", "ParameterArgumentValidationError")]
    [InlineData("-Precision Int8", "CannotConvertArgumentNoMessage")]
    public void What_cannot_be_meant_is_refused_before_anything_runs(string parameter, string errorId) =>
        Assert.StartsWith(errorId, Assert.Single(Run($"ConvertTo-MetricDepth c.mkv {parameter}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);

    /// <summary>Six grey frames, and a network that calls brightness depth.</summary>
    private void Film()
    {
        using (var writer = FrameWriter.Open(_folder["c.mkv"], new() { Width = 64, Height = 48, FrameRate = new(25) }, CancellationToken.None))
        {
            var frame = new byte[64 * 48 * 4];
            Array.Fill(frame, (byte)128);
            for (int i = 0; i < 6; i++) writer.Write(frame);
            writer.Complete();
        }
        var model = TinyModel.New().Input("image", [1, 3, -1, -1]).Output("depth", [1, -1, -1]).Constant("offset", 3)
            .Node("ReduceMean", ["image"], "mean", ("axes", [1L]), ("keepdims", [0L])).Node("Add", ["mean", "offset"], "depth");
        File.WriteAllBytes(_folder["tiny.onnx"], model.ToBytes());
    }

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, [.. line.Split(' ')]);
}
