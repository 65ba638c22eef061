using MetricDepth.Estimation.Choice;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests.Estimation.Choice;

/// <summary>What a file that is given by its path is taken for.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("text.pth", "hello", "CheckpointUnknown")]
    [InlineData("empty.safetensors", "", "CheckpointMalformed")]
    [InlineData("text.PT", "hello, this is longer than any head", "CheckpointUnknown")]
    public void What_is_named_a_checkpoint_and_is_none_is_called_so(string name, string content, string expected)
    {
        File.WriteAllText(folder[name], content);
        Assert.Equal(expected, Assert.Throws<MetricDepthException>(() => ModelFile.Describe(folder[name], null, out _)).ErrorId);
    }

    [Fact]
    public void A_network_counts_as_ONNX_whatever_its_name()
    {
        File.WriteAllBytes(folder["network.pth"], [8, 9, 18, 0]);
        Assert.Equal(ModelFamily.Onnx, ModelFile.Describe(folder["network.pth"], null, out _).Info.Family);
    }
}
