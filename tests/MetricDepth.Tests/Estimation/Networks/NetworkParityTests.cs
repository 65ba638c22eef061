using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Inference.Graphs;

namespace MetricDepth.Tests.Estimation.Networks;

/// <summary>The graphs made here against PyTorch's own runs of the official networks (Fixtures/Models).</summary>
public sealed class NetworkParityTests
{
    private const int Width = 70, Height = 42, Heads = 3;

    /// <summary>PyTorch's own rounding is 8e-6 here, and the smallest mistake tried moved the output by 8e-5.</summary>
    private const float VideoTolerance = 4e-5f;

    /// <summary>Metres, of 20: the same relative to the output's range.</summary>
    private const float PictureTolerance = 2e-4f;

    [Fact]
    public void Depth_Anything_gives_what_PyTorch_gives()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        var graph = DepthAnythingNetwork.Read(checkpoint, Heads).Graph(Width, Height, 20);
        var depth = GraphRun.Run(graph, (DepthAnythingNetwork.PictureInput, RecordedPictures.Read("dav2_metric_tiny_frames_u8.npy")))[DepthAnythingNetwork.DepthOutput];
        Assert.InRange(GraphRun.LargestError(ModelFixture.Floats("dav2_metric_tiny_output.npy").Values, depth), 0, PictureTolerance);
    }

    [Fact]
    public void Video_Depth_Anything_in_one_graph_gives_what_PyTorch_gives()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        var network = VideoDepthAnythingNetwork.Read(checkpoint, Heads);
        foreach (int? batch in new int?[] { null, 5 })
        {
            var graph = network.WholeGraph(Width, Height, InferencePrecision.Float32, batch);
            var depth = GraphRun.Run(graph, (VideoDepthAnythingNetwork.PictureInput, RecordedPictures.Read("vda_tiny_frames_u8.npy")))[VideoDepthAnythingNetwork.DepthOutput];
            Assert.InRange(GraphRun.LargestError(ModelFixture.Floats("vda_tiny_output.npy").Values, depth), 0, VideoTolerance);
        }
    }

    [Fact]
    public void Video_Depth_Anything_with_each_frame_encoded_once_gives_what_PyTorch_gives()
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        var network = VideoDepthAnythingNetwork.Read(checkpoint, Heads);
        var depth = InThreeGraphs(network, RecordedPictures.Read("vda_tiny_frames_u8.npy"), InferencePrecision.Float32);
        Assert.InRange(GraphRun.LargestError(ModelFixture.Floats("vda_tiny_output.npy").Values, depth), 0, VideoTolerance);
    }

    private static float[] InThreeGraphs(VideoDepthAnythingNetwork network, float[] pictures, InferencePrecision precision)
    {
        var levels = GraphRun.Run(network.EncoderGraph(Width, Height, precision), (VideoDepthAnythingNetwork.PictureInput, pictures));
        var path = GraphRun.Run(network.TemporalGraph(Width, Height, precision), ("level3", levels["level3"]), ("level4", levels["level4"]));
        return GraphRun.Run(network.DecoderGraph(Width, Height, precision),
            ("level1", levels["level1"]), ("level2", levels["level2"]), (VideoDepthAnythingNetwork.Path, path[VideoDepthAnythingNetwork.Path]))[VideoDepthAnythingNetwork.DepthOutput];
    }
}
