using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>Checkpoints that are not what they should be: the error names the tensor and what was expected.</summary>
public sealed class WrongCheckpointTests
{
    private const string Video = "vda_tiny.pth", Picture = "dav2_metric_tiny.pth";

    [Fact]
    public void A_missing_tensor_is_named()
    {
        using var whole = Checkpoint.Open(ModelFixture.Path(Video));
        foreach (string name in Some(whole.Tensors.Keys))
        {
            using var lacking = ListedCheckpoint.Of(whole, tensors => tensors.Remove(name));
            if (name.EndsWith(".mask_token", StringComparison.Ordinal) || name.Contains("refinenet4.resConfUnit1", StringComparison.Ordinal))
            {
                _ = VideoDepthAnythingNetwork.Read(lacking, 3); // the network does not use it
                continue;
            }
            var error = Assert.Throws<MetricDepthException>(() => VideoDepthAnythingNetwork.Read(lacking, 3));
            if (name.EndsWith("blocks.3.norm1.weight", StringComparison.Ordinal) || name.Contains(".norm1.weight", StringComparison.Ordinal))
                Assert.Equal("CheckpointForeign", error.ErrorId); // it is by these that blocks are counted
            else
                Assert.Equal(("CheckpointIncomplete", true), (error.ErrorId, error.Message.Contains($"'{name}'", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused()
    {
        using var whole = Checkpoint.Open(ModelFixture.Path(Video));
        foreach (var tensor in Some(whole.Tensors.Values).Where(tensor => !tensor.Name.EndsWith(".mask_token", StringComparison.Ordinal) && !tensor.Name.Contains("refinenet4.resConfUnit1", StringComparison.Ordinal)))
        {
            using var longer = ListedCheckpoint.Of(whole, tensors => tensors[tensor.Name] = ListedCheckpoint.Tensor(tensor.Name, [.. tensor.Shape.SkipLast(1), tensor.Shape[^1] + 1]));
            var error = Assert.Throws<MetricDepthException>(() => VideoDepthAnythingNetwork.Read(longer, 3));
            Assert.Contains(error.ErrorId, (string[])["CheckpointMismatch", "CheckpointForeign"]);
        }
    }

    [Fact]
    public void A_wrong_shape_is_told_beside_the_right_one()
    {
        var error = Refused(Video, tensors => tensors["head.projects.1.bias"] = ListedCheckpoint.Tensor("head.projects.1.bias", 5));
        Assert.Equal("CheckpointMismatch", error.ErrorId);
        Assert.Contains("'head.projects.1.bias' is [5] of Float32, expected [16]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Integers_in_place_of_weights_are_refused()
    {
        var error = Refused(Video, tensors => tensors["pretrained.norm.bias"] = tensors["pretrained.norm.bias"] with { ElementType = TensorElementType.Int64 });
        Assert.Contains("Int64, expected floating-point numbers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_the_network_does_not_know_are_not_left_out_in_silence()
    {
        var error = Refused(Video, tensors => tensors["pretrained.register_tokens"] = ListedCheckpoint.Tensor("pretrained.register_tokens", 1, 4, 24));
        Assert.Equal("CheckpointForeign", error.ErrorId);
        Assert.Contains("'pretrained.register_tokens'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pretrained.cls_token", 1, 1, 100_000)]
    [InlineData("pretrained.cls_token", 1, 1, 0)]
    [InlineData("pretrained.pos_embed", 1, 11, 24)]
    [InlineData("pretrained.pos_embed", 1, 0, 24)]
    [InlineData("pretrained.pos_embed", 1, long.MaxValue, 24)]
    [InlineData("pretrained.pos_embed", 1, long.MinValue, 24)]
    [InlineData("head.motion_modules.0.temporal_transformer.transformer_blocks.0.attention_blocks.0.pos_encoder.pe", 1, long.MaxValue, 64)]
    [InlineData("head.motion_modules.2.temporal_transformer.transformer_blocks.0.attention_blocks.0.pos_encoder.pe", 1, 16, 32)]
    public void Sizes_that_no_network_has_are_refused(string name, long a, long b, long c)
    {
        var tensor = new CheckpointTensor(name, TensorElementType.Float32, [a, b, c], 0, 4);
        Assert.Equal("CheckpointForeign", Refused(Video, tensors => tensors[name] = tensor).ErrorId);
    }

    [Fact]
    public void The_other_family_is_recognised()
    {
        using var video = Checkpoint.Open(ModelFixture.Path(Video));
        using var picture = Checkpoint.Open(ModelFixture.Path(Picture));
        Assert.Contains("Video-Depth-Anything", Assert.Throws<MetricDepthException>(() => DepthAnythingNetwork.Read(video, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("Depth-Anything-V2", Assert.Throws<MetricDepthException>(() => VideoDepthAnythingNetwork.Read(picture, 3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_that_cannot_be_derived_are_asked_for()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path(Picture));
        Assert.Equal("CheckpointForeign", Assert.Throws<MetricDepthException>(() => DepthAnythingNetwork.Read(checkpoint)).ErrorId);
        Assert.Equal("CheckpointForeign", Assert.Throws<MetricDepthException>(() => DepthAnythingNetwork.Read(checkpoint, 7)).ErrorId);
    }

    /// <summary>A third, of every part of the network: each is looked for in a whole graph.</summary>
    private static IEnumerable<T> Some<T>(IEnumerable<T> all) => all.Where((_, i) => i % 3 == 1);

    private static MetricDepthException Refused(string file, Action<Dictionary<string, CheckpointTensor>> change)
    {
        using var whole = Checkpoint.Open(ModelFixture.Path(file));
        using var changed = ListedCheckpoint.Of(whole, change);
        return Assert.Throws<MetricDepthException>(() => VideoDepthAnythingNetwork.Read(changed, 3));
    }
}
