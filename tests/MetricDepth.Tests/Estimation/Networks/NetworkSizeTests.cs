using System.Globalization;
using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference.Graphs;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>Pictures of other sizes than the recorded ones, against the official classes under PyTorch 1.13 on the same made-up picture.</summary>
public sealed class NetworkSizeTests
{
    [Theory]
    [InlineData(42, 42, 12.08296f, 8.48559f, 9.23274f, 8.48862f)] // the grid that the position codes were learned on
    [InlineData(98, 14, 8.34461f, 15.47904f, 8.82215f, 8.96048f)] // one row of patches
    [InlineData(56, 70, 9.79309f, 3.97555f, 5.60800f, 12.52066f)]
    [InlineData(14, 14, 8.04981f, 5.71236f, 6.55330f, 6.26897f)] // one patch
    [InlineData(56, 56, 10.22708f, 4.94927f, 11.06943f, 15.67021f)] // square, but not the learned grid
    public void Pictures_of_any_size_give_what_PyTorch_gives(int width, int height, float corner, float middle, float end, float between)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var graph = DepthAnythingNetwork.Read(checkpoint, 3).Graph(width, height, 20, target: GraphTarget.Cpu);
        var depth = GraphRun.Run(graph, (DepthAnythingNetwork.PictureInput, Waves(width, height)))[DepthAnythingNetwork.DepthOutput];
        float At(int x, int y) => depth[y * width + x];
        const float tolerance = 2e-4f; // metres: the recorded network's
        Assert.Equal(corner, At(0, 0), tolerance);
        Assert.Equal(middle, At(width / 2, height / 2), tolerance);
        Assert.Equal(end, At(width - 1, height - 1), tolerance);
        Assert.Equal(between, At(2 * width / 3, height / 3), tolerance);
    }

    [Fact]
    public void A_relative_network_gives_no_negative_values_and_no_upper_end()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var network = DepthAnythingNetwork.Read(checkpoint, 3);
        var input = (DepthAnythingNetwork.PictureInput, Waves(56, 42));
        var metric = GraphRun.Run(network.Graph(56, 42, 1), input)[DepthAnythingNetwork.DepthOutput];
        var relative = GraphRun.Run(network.Graph(56, 42), input)[DepthAnythingNetwork.DepthOutput];
        // the same values before the activation: sigmoid of them for metric, what is above 0 of them for relative
        Assert.All(metric.Zip(relative), pair => Assert.Equal(Math.Max(0, MathF.Log(pair.First / (1 - pair.First))), pair.Second, 1e-3f));
        Assert.Contains(relative, value => value == 0);
        Assert.Contains(relative, value => value > 1);
    }

    [Theory]
    [InlineData("vits", 384, 64)]
    [InlineData("vitb", 768, 128)]
    [InlineData("vitl", 1024, 256)]
    public void Every_published_size_is_read_off_its_names_and_shapes(string size, int width, int features)
    {
        using var checkpoint = ListedCheckpoint.Read($"state-dicts/{size}_state_dict.txt");
        var network = VideoDepthAnythingNetwork.Read(checkpoint);
        Assert.Equal((width, 32), (network.Width, network.WindowLength));
        Assert.Equal([features, features], network.LevelSizes(518, 280).Take(2).Select(level => level.Channels));
        Assert.Equal([(80, 148), (40, 74), (20, 37), (10, 19)], network.LevelSizes(518, 280).Select(level => (level.Height, level.Width)));
        var encoder = network.EncoderGraph(518, 280);
        Assert.Equal(["-1", "3", "280", "518"], encoder.Inputs.Single().Shape.Select(n => n.ToString(CultureInfo.InvariantCulture)));
        Assert.True(encoder.InMemory().Model.Length < 10e6, "weights have been copied into the graph");
    }

    [Fact]
    public void The_metric_single_picture_network_of_full_size_is_read_off_its_names_and_shapes()
    {
        using var checkpoint = ListedCheckpoint.Read("state-dicts/dav2_metric_vits_state_dict.txt");
        Assert.Equal(384, DepthAnythingNetwork.Read(checkpoint).Width);
    }

    [Fact]
    public void Working_on_places_in_parts_changes_nothing()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        var network = VideoDepthAnythingNetwork.Read(checkpoint, 3);
        const int width = 19 * 14, height = 17 * 14; // for the CPU two parts, then three of which the last is smaller; for a GPU one
        var inputs = network.LevelSizes(width, height).Skip(2).Select((size, i) =>
            (VideoDepthAnythingNetwork.Levels[2 + i], Noise(network.WindowLength * size.Channels * size.Height * size.Width))).ToArray();
        float[] Path(GraphTarget target) => GraphRun.Run(network.TemporalGraph(width, height, target: target), inputs)[VideoDepthAnythingNetwork.Path];
        Assert.InRange(GraphRun.LargestError(Path(GraphTarget.Gpu), Path(GraphTarget.Cpu)), 0, 1e-4f); // of numbers around 5, rounded differently in their norms
    }

    [Theory]
    [InlineData(0, 14)]
    [InlineData(15, 14)]
    [InlineData(14, -14)]
    public void Sizes_that_are_no_whole_patches_are_refused(int width, int height)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var network = DepthAnythingNetwork.Read(checkpoint, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Graph(width, height));
    }

    private static float[] Noise(int count)
    {
        var random = new Random(1);
        var values = new float[count];
        foreach (ref float value in values.AsSpan()) value = (float)(random.NextDouble() * 2 - 1);
        return values;
    }

    private static float[] Waves(int width, int height)
    {
        var values = new float[3 * width * height];
        for (int i = 0; i < values.Length; i++)
        {
            int x = i % width, y = i / width % height, c = i / width / height;
            values[i] = (float)Math.Sin(0.13 * (c + 1) * x + 0.07 * y * (3 - c) + c);
        }
        return values;
    }
}
