using MetricDepth.Estimation.DepthAnything.Network;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;
using MetricDepth.Scenes.Checkpoints;
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

    /// <summary>With float16 products, of an output range of 5.2. Their 11 bits lose 5e-4 of every number; measured 3e-2 after 60 layers of random weights.</summary>
    private const float HalfTolerance = 6e-2f;

    public static TheoryData<string, TensorElementType> Copies => new()
    {
        { ".safetensors", TensorElementType.Float32 },
        { ".pth", TensorElementType.Float32 },
    };

    [Theory]
    [InlineData(GraphTarget.Any)]
    [InlineData(GraphTarget.Cpu)]
    [InlineData(GraphTarget.Gpu)] // on the CPU: ONNX Runtime has its operators there too
    public void Depth_Anything_gives_what_PyTorch_gives(GraphTarget target)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        Assert.InRange(PictureError(checkpoint, InferencePrecision.Float32, target), 0, PictureTolerance);
    }

    [Theory]
    [InlineData(null, GraphTarget.Any)]
    [InlineData(null, GraphTarget.Cpu)]
    [InlineData(5, GraphTarget.Any)] // the last part is smaller than the others
    public void Video_Depth_Anything_in_one_graph_gives_what_PyTorch_gives(int? microBatch, GraphTarget target)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        var graph = VideoDepthAnythingNetwork.Read(checkpoint, Heads).WholeGraph(Width, Height, InferencePrecision.Float32, microBatch, target);
        Assert.InRange(VideoError(GraphRun.Run(graph, Frames)), 0, VideoTolerance);
    }

    [Theory]
    [InlineData(GraphTarget.Any)]
    [InlineData(GraphTarget.Cpu)]
    [InlineData(GraphTarget.Gpu)]
    public void Video_Depth_Anything_with_each_frame_encoded_once_gives_what_PyTorch_gives(GraphTarget target)
    {
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        Assert.InRange(VideoError(InThreeGraphs(checkpoint, InferencePrecision.Float32, target)), 0, VideoTolerance);
    }

    [Theory]
    [MemberData(nameof(Copies))]
    public void Copies_in_the_other_format_give_the_same(string extension, TensorElementType type)
    {
        using var folder = new TempFolder();
        using var video = Copied("vda_tiny.pth", folder["ö copy of vda" + extension], type);
        Assert.InRange(VideoError(InThreeGraphs(video, InferencePrecision.Float32)), 0, VideoTolerance);
        using var picture = Copied("dav2_metric_tiny.pth", folder["dav2" + extension], type);
        Assert.InRange(PictureError(picture, InferencePrecision.Float32), 0, PictureTolerance);
    }

    [Theory]
    [InlineData(TensorElementType.Float16, 6e-3f)] // only the weights are rounded, to 11 bits; measured 1.6e-3
    [InlineData(TensorElementType.BFloat16, 5e-2f)] // to 8 bits; measured 1.6e-2
    public void Weights_stored_in_16_bits_are_used_as_they_are(TensorElementType type, float tolerance)
    {
        using var folder = new TempFolder();
        using var video = Copied("vda_tiny.pth", folder["vda.safetensors"], type);
        var split = InThreeGraphs(video, InferencePrecision.Float32);
        Assert.InRange(VideoError(split), 1e-4f, tolerance);
        var whole = GraphRun.RunFile(VideoDepthAnythingNetwork.Read(video, Heads).WholeGraph(Width, Height), folder["whole.onnx"], Frames);
        Assert.InRange(GraphRun.LargestError(whole[VideoDepthAnythingNetwork.DepthOutput], split[VideoDepthAnythingNetwork.DepthOutput]), 0, VideoTolerance);
    }

    [Fact]
    public void A_file_with_the_weights_inside_gives_the_same_and_needs_no_checkpoint()
    {
        using var folder = new TempFolder();
        string file = folder["whole.onnx"], picture = folder["picture.onnx"];
        using (var checkpoint = Copied("vda_tiny.pth", folder["vda.pth"], TensorElementType.Float32))
            GraphRun.Write(VideoDepthAnythingNetwork.Read(checkpoint, Heads).WholeGraph(Width, Height), file);
        using (var checkpoint = Copied("dav2_metric_tiny.pth", folder["dav2.pth"], TensorElementType.Float32))
            GraphRun.Write(DepthAnythingNetwork.Read(checkpoint, Heads).Graph(Width, Height, 20), picture);
        File.Delete(folder["vda.pth"]);
        File.Delete(folder["dav2.pth"]);
        Assert.InRange(VideoError(GraphRun.RunFile(file, Frames)), 0, VideoTolerance);
        Assert.InRange(PictureError(GraphRun.RunFile(picture, Pictures)), 0, PictureTolerance);
    }

    [Fact]
    public void Float16_stays_close_and_halves_the_file()
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        Assert.InRange(VideoError(InThreeGraphs(checkpoint, InferencePrecision.Float16)), 1e-4f, HalfTolerance);
        var network = VideoDepthAnythingNetwork.Read(checkpoint, Heads);
        string half = folder["half.onnx"], full = folder["full.onnx"];
        Assert.InRange(VideoError(GraphRun.RunFile(network.WholeGraph(Width, Height, InferencePrecision.Float16), half, Frames)), 1e-4f, HalfTolerance);
        var weights = network.WholeGraph(Width, Height, InferencePrecision.Float16).WeightBytes;
        Assert.InRange((double)weights / network.WholeGraph(Width, Height).WeightBytes, 0.5, 0.6);
        using var picture = Checkpoint.Open(ModelFixture.Path("dav2_metric_tiny.pth"));
        Assert.InRange(PictureError(picture, InferencePrecision.Float16), 1e-4f, 0.1f); // metres, of 20; measured 5e-2
    }

    private static (string, float[]) Frames => (VideoDepthAnythingNetwork.PictureInput, RecordedPictures.Read("vda_tiny_frames_u8.npy"));

    private static (string, float[]) Pictures => (DepthAnythingNetwork.PictureInput, RecordedPictures.Read("dav2_metric_tiny_frames_u8.npy"));

    private static float VideoError(Dictionary<string, float[]> outputs) =>
        GraphRun.LargestError(ModelFixture.Floats("vda_tiny_output.npy").Values, outputs[VideoDepthAnythingNetwork.DepthOutput]);

    private static float PictureError(Dictionary<string, float[]> outputs) =>
        GraphRun.LargestError(ModelFixture.Floats("dav2_metric_tiny_output.npy").Values, outputs[DepthAnythingNetwork.DepthOutput]);

    private static float PictureError(Checkpoint checkpoint, InferencePrecision precision, GraphTarget target = GraphTarget.Any) =>
        PictureError(GraphRun.Run(DepthAnythingNetwork.Read(checkpoint, Heads).Graph(Width, Height, 20, precision, target: target), Pictures));

    private static Checkpoint Copied(string fixture, string path, TensorElementType type)
    {
        using var source = Checkpoint.Open(ModelFixture.Path(fixture));
        WeightsFile.Copy(source, path, type);
        return Checkpoint.Open(path);
    }

    private static Dictionary<string, float[]> InThreeGraphs(Checkpoint checkpoint, InferencePrecision precision, GraphTarget target = GraphTarget.Cpu)
    {
        var network = VideoDepthAnythingNetwork.Read(checkpoint, Heads);
        var levels = GraphRun.Run(network.EncoderGraph(Width, Height, precision, target: target), Frames);
        var path = GraphRun.Run(network.TemporalGraph(Width, Height, precision, target: target), ("level3", levels["level3"]), ("level4", levels["level4"]));
        return GraphRun.Run(network.DecoderGraph(Width, Height, precision, target: target),
            ("level1", levels["level1"]), ("level2", levels["level2"]), (VideoDepthAnythingNetwork.Path, path[VideoDepthAnythingNetwork.Path]));
    }
}
