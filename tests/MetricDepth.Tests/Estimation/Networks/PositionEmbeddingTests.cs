using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>Position codes against what DINOv2's own code gives under PyTorch 1.13 for the recorded network's 3×3 grid.</summary>
public sealed class PositionEmbeddingTests
{
    private const int Channels = 24, Grid = 3;

    [Theory]
    [InlineData(4, 5, 0.8962663, 0.10254653f, 0.6705715f, -0.28998658f)]
    [InlineData(7, 1, 1.0001590, 0.39390352f, -0.05517403f, 0.713231f)]
    [InlineData(4, 3, -4.4739373, 0.13946798f, 0.59765893f, -0.16449763f)]
    [InlineData(50, 37, 0.8346960, 0.11670735f, 0.7140171f, -0.3375949f)]
    public void On_another_grid_they_are_sampled_as_PyTorch_samples_them(int width, int height, double weighted, float a, float b, float c)
    {
        var codes = PositionEmbedding.Interpolate(Stored(), Channels, Grid, width, height);
        Assert.Equal((1 + width * height) * Channels, codes.Length);
        // a sum with waving weights moves by 1e-2 and more when the factor lacks its 0.1, the coefficient is −0.5 or rows and columns change places
        Assert.Equal(weighted, codes.Select((code, i) => code * Math.Sin(i * 0.7)).Sum(), 1e-4);
        Assert.All(new[] { a, b, c }.Zip(codes[^Channels..]), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Fact]
    public void On_the_grid_that_they_were_learned_on_they_are_used_as_stored() =>
        Assert.Equal(Stored(), PositionEmbedding.Interpolate(Stored(), Channels, Grid, Grid, Grid));

    private static float[] Stored()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var codes = new float[(1 + Grid * Grid) * Channels];
        checkpoint.Read(checkpoint.Tensors["pretrained.pos_embed"], 0, codes);
        return codes;
    }
}
