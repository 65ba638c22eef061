using MetricDepth.Estimation.ModelExport;
using MetricDepth.Inference.Models;

namespace MetricDepth.Tests.Estimation.ModelExport;

/// <summary>The size of an exported network comes from what people know: a clip, a shape, or pixels.</summary>
public sealed class InputShapeTests
{
    // the networks' own rule, from their documentation of facts: 1920×1080 → 924×518 and so on
    [Theory]
    [InlineData("16:9", null, 924, 518)]
    [InlineData("4:3", null, 686, 518)]
    [InlineData("9:16", null, 518, 924)]
    [InlineData("1:1", 280, 280, 280)]
    [InlineData("16/9", 280, 504, 280)]
    [InlineData("1920x804", null, 938, 392)]
    public void A_shape_becomes_the_size_that_the_video_network_would_take(string ratio, int? inputSize, int width, int height) =>
        Assert.Equal((width, height), Resolve(new() { AspectRatio = InputShape.ParseRatio(ratio), InputSize = inputSize }));

    [Fact]
    public void Wide_pictures_keep_their_full_height_where_each_is_looked_at_for_itself() =>
        Assert.Equal((1246, 518), new InputShape { AspectRatio = 2.4 }.Resolve(ModelFamily.DepthAnythingV2, TestContext.Current.CancellationToken));

    [Fact]
    public void Without_a_word_it_is_for_video_of_16_to_9() => Assert.Equal((924, 518), Resolve(new()));

    [Fact]
    public void A_clip_gives_its_shape()
    {
        using var folder = new TempFolder();
        Assert.Equal((686, 518), Resolve(new() { ClipPath = TestClip.Make(folder["c.mp4"], 64, 48, 0.2) }));
    }

    [Fact]
    public void Whole_patches_are_taken_as_they_are() => Assert.Equal((504, 280), Resolve(new() { Width = 504, Height = 280 }));

    [Theory]
    [InlineData(500, 280, "Give 490 or 504")]
    [InlineData(504, 281, "Give 280 or 294")]
    [InlineData(3, 280, "Give 14 or 28")]
    public void Other_sizes_are_refused_and_the_nearest_named(int width, int height, string advice)
    {
        var error = Assert.Throws<MetricDepthException>(() => Resolve(new() { Width = width, Height = height }));
        Assert.Equal("SizeNotOfPatches", error.ErrorId);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_said_twice_or_by_half_is_refused()
    {
        Assert.Equal("SizeGivenTwice", Error(new() { Width = 504, Height = 280, InputSize = 518 }));
        Assert.Equal("SizeGivenTwice", Error(new() { Width = 504, Height = 280, AspectRatio = 1 }));
        Assert.Equal("SizeGivenTwice", Error(new() { AspectRatio = 1, ClipPath = "clip.mp4" }));
        Assert.Equal("SizeIncomplete", Error(new() { Width = 504 }));
        Assert.Equal("ModelInputTooLarge", Error(new() { Width = 14_000, Height = 14_000 }));
    }

    [Theory]
    [InlineData("wide")]
    [InlineData("16:0")]
    [InlineData("0")]
    [InlineData("1:2:3")]
    [InlineData("100:1")]
    [InlineData("-16:9")]
    [InlineData("")]
    public void What_is_no_shape_is_refused(string text) =>
        Assert.Equal("AspectRatioOutOfRange", Assert.Throws<MetricDepthException>(() => InputShape.ParseRatio(text)).ErrorId);

    private static (int Width, int Height) Resolve(InputShape shape) => shape.Resolve(ModelFamily.VideoDepthAnything, TestContext.Current.CancellationToken);

    private static string Error(InputShape shape) => Assert.Throws<MetricDepthException>(() => Resolve(shape)).ErrorId;
}
