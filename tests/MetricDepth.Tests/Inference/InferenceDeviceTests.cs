using MetricDepth.Inference;

namespace MetricDepth.Tests.Inference;

/// <summary>Which device runs a network, and what is said of it.</summary>
public sealed class InferenceDeviceTests
{
    private static readonly OnnxModelOptions Options = new() { Threads = 3 };

    [Fact]
    public void Without_a_gpu_the_cpu_is_taken_and_nobody_is_warned()
    {
        var choice = InferenceDevices.Resolve(Options, device => new(device, false, "no NVIDIA driver was found (libcuda.so.1)", "Install the NVIDIA driver first."));
        Assert.Equal((InferenceDevice.Cpu, MessageKind.Verbose), (choice.Device, choice.Kind));
        Assert.StartsWith("The network runs on the CPU (3 threads)", choice.Message, StringComparison.Ordinal);
        if (!OperatingSystem.IsMacOS()) Assert.Contains("no NVIDIA driver", choice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_that_cannot_be_used_is_warned_of_with_its_reason_and_what_to_do()
    {
        if (OperatingSystem.IsMacOS()) Assert.Skip("Auto stays on the CPU there.");
        var choice = InferenceDevices.Resolve(Options, device => device == InferenceDevice.Cuda
            ? new(device, true, "the CUDA provider of ONNX Runtime is not installed", "Install-DepthModel -Runtime Cuda fetches it.")
            : new(device, false, "this build of ONNX Runtime has no DirectML", ""));
        Assert.Equal((InferenceDevice.Cpu, MessageKind.Warning), (choice.Device, choice.Kind));
        Assert.Contains("not installed. Install-DepthModel -Runtime Cuda", choice.Message, StringComparison.Ordinal);
        Assert.Contains("-Device Cpu", choice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_that_works_is_taken_and_calculates_with_16_bits()
    {
        if (OperatingSystem.IsMacOS()) Assert.Skip("Auto stays on the CPU there.");
        var choice = InferenceDevices.Resolve(Options, device => new(device, true, null, ""));
        Assert.Equal((InferenceDevice.Cuda, InferencePrecision.Float16, MessageKind.Verbose), (choice.Device, choice.Precision, choice.Kind));
        Assert.Contains("CUDA", choice.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InferenceDevice.Cpu, InferencePrecision.Auto, InferencePrecision.Float32)]
    [InlineData(InferenceDevice.Cpu, InferencePrecision.Float16, InferencePrecision.Float16)]
    [InlineData(InferenceDevice.Cuda, InferencePrecision.Auto, InferencePrecision.Float16)]
    [InlineData(InferenceDevice.Cuda, InferencePrecision.Float32, InferencePrecision.Float32)]
    [InlineData(InferenceDevice.DirectML, InferencePrecision.Auto, InferencePrecision.Float32)]
    public void The_precision_goes_with_the_device_unless_it_is_asked_for(InferenceDevice device, InferencePrecision asked, InferencePrecision taken) =>
        Assert.Equal((device, taken), InferenceDevices.Resolve(Options with { Device = device, Precision = asked }, d => new(d, true, null, "")) is var choice
            ? (choice.Device, choice.Precision) : default);

    [Fact]
    public void A_device_asked_for_that_cannot_be_had_is_an_error_with_the_providers_own_reason()
    {
        var e = Assert.Throws<MetricDepthException>(() => InferenceDevices.Resolve(Options with { Device = InferenceDevice.Cuda },
            device => new(device, true, "libcublasLt.so.13: cannot open shared object file", "Install CUDA 13 and cuDNN 9.")));
        Assert.Equal(("DeviceUnavailable", FailureKind.MissingDependency), (e.ErrorId, e.Kind));
        Assert.Contains("libcublasLt.so.13", e.Message, StringComparison.Ordinal);
        Assert.Contains("Install CUDA 13", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing in place of anything: what this machine really says.</summary>
    [Theory]
    [InlineData(InferenceDevice.Cuda)]
    [InlineData(InferenceDevice.DirectML)]
    [InlineData(InferenceDevice.CoreML)]
    public void A_device_that_this_machine_lacks_is_named_and_the_cpu_goes_on(InferenceDevice device)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["tiny.onnx"], TinyModel.New().Input("x", [2]).Output("y", [2]).Node("Neg", ["x"], "y").ToBytes());
        if (!ExecutionProvider.Probe(device).Works)
        {
            var e = Assert.Throws<MetricDepthException>(() => OnnxModel.Open(folder["tiny.onnx"], Options with { Device = device }));
            Assert.Equal("DeviceUnavailable", e.ErrorId);
        }
        using var model = OnnxModel.Open(folder["tiny.onnx"], Options);
        Assert.NotEqual(InferenceDevice.Auto, model.Device);
        var result = model.Run([new("x", new float[] { 1, -2 }, [2])], "y", TestContext.Current.CancellationToken);
        Assert.Equal([-1, 2], result.Values.ToArray());
    }

    [Fact]
    public void The_network_that_devices_are_tried_with_calculates() =>
        Assert.Null(ExecutionProvider.Probe(InferenceDevice.Cpu).Reason);

    [Fact]
    public void The_version_that_providers_have_to_fit_is_that_of_the_library() =>
        Assert.True(OnnxRuntimeLibrary.SameVersion(OnnxRuntimeLibrary.Environment.GetVersionString(), OnnxRuntimeLibrary.Version),
            $"{OnnxRuntimeLibrary.Environment.GetVersionString()} runs, {OnnxRuntimeLibrary.Version} is looked for");
}
