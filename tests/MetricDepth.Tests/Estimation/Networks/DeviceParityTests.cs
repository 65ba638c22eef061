using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference.Graphs;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>Every device that this machine has gives the depth that PyTorch gave.</summary>
public sealed class DeviceParityTests
{
    private const int Width = 70, Height = 42, Heads = 3, Batch = 8;

    /// <param name="device">What runs the network.</param>
    /// <param name="tolerance">PyTorch's own rounding on the CPU; other devices sum in another order and have functions of their own.</param>
    [Theory]
    [InlineData(InferenceDevice.Cpu, 4e-5f)]
    [InlineData(InferenceDevice.Cuda, 1e-3f)]
    [InlineData(InferenceDevice.DirectML, 1e-3f)]
    public void A_window_of_frames_has_the_same_depth_on_every_device(InferenceDevice device, float tolerance)
    {
        if (ExecutionProvider.Probe(device) is { Works: false } probe) Assert.Skip($"{device}: {probe.Reason}.");
        var cancellation = TestContext.Current.CancellationToken;
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        using var network = new GraphWindowNetwork(VideoDepthAnythingNetwork.Read(checkpoint, Heads), Width, Height, Batch,
            new() { Device = device, Precision = InferencePrecision.Float32, MemoryLimit = 1L << 30 });
        Assert.Equal(device, network.Choice.Device);
        float[] pictures = RecordedPictures.Read("vda_tiny_frames_u8.npy");
        int picture = 3 * Width * Height;
        for (int slot = 0; slot < WindowRule.Length; slot += Batch)
            network.Encode(pictures.AsMemory(slot * picture, Batch * picture), slot, Batch, cancellation);
        float[] depth = network.Decode(WindowRule.Length, cancellation).ToArray();
        Assert.InRange(GraphRun.LargestError(ModelFixture.Floats("vda_tiny_output.npy").Values, depth), 0, tolerance);
    }
}
