using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.DepthAnything.Network;

/// <summary>Depth-Anything-V2 (Yang et al., 2024), relative or metric: one picture in, one map out.</summary>
/// <remarks>
/// The sizes (S, B, L) are read off the checkpoint. Whether its output is metres is not in there: the metric checkpoints have the relative
/// ones' names and shapes, and another last activation.
/// </remarks>
public sealed class DepthAnythingNetwork
{
    /// <summary>The graph's input: pictures [frames, 3, height, width], normalised.</summary>
    public const string PictureInput = "image";

    /// <summary>The graph's output: [frames, height, width], metres, or inverse depth up to a factor and an offset.</summary>
    public const string DepthOutput = "depth";

    private const string Title = "Depth-Anything-V2";

    private readonly NetworkWeights weights;
    private readonly DinoTransformer transformer;
    private readonly DptHead head;

    private DepthAnythingNetwork(NetworkWeights weights, int? heads)
    {
        this.weights = weights;
        if (weights.Has("head.motion_modules.0.temporal_transformer.norm.weight")) throw weights.Foreign("it has temporal modules, so it is one of Video-Depth-Anything");
        transformer = DinoTransformer.Read(weights, heads);
        head = DptHead.Read(weights, "depth_head.", transformer.Width);
    }

    /// <summary>Checks that a checkpoint is a whole one of this network. The graphs refer to it: keep it open until the last one is made.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="heads">Heads of an attention; null for width/64, as in every published network.</param>
    /// <exception cref="MetricDepthException">
    /// <c>CheckpointForeign</c>: another network's; <c>CheckpointIncomplete</c>: a tensor is missing; <c>CheckpointMismatch</c>: one has another shape.
    /// </exception>
    public static DepthAnythingNetwork Read(Checkpoint checkpoint, int? heads = null)
    {
        var network = new DepthAnythingNetwork(new(checkpoint, Title), heads);
        _ = network.Graph(DinoTransformer.Patch, DinoTransformer.Patch); // asks for every tensor
        network.weights.RefuseUnknown();
        return network;
    }

    /// <summary>Numbers of a token: 384 (S), 768 (B), 1024 (L).</summary>
    public int Width => transformer.Width;

    /// <summary>The network for pictures of one size.</summary>
    /// <param name="width">Width of a picture, px, a multiple of 14.</param>
    /// <param name="height">Height of a picture, px, a multiple of 14.</param>
    /// <param name="maxDepth">For a metric checkpoint, the depth that the largest output stands for, metres (20 indoors, 80 outdoors); null for a relative one.</param>
    /// <param name="precision">What it calculates with; <see cref="InferencePrecision.Auto"/> is float32.</param>
    /// <param name="frames">How many pictures at once; null to leave it free.</param>
    /// <param name="target">What runs it.</param>
    /// <returns>A graph from <see cref="PictureInput"/> to <see cref="DepthOutput"/>.</returns>
    public OnnxGraph Graph(int width, int height, double? maxDepth = null, InferencePrecision precision = InferencePrecision.Float32, int? frames = null, GraphTarget target = GraphTarget.Any)
    {
        PatchGrid.Check(width, height);
        var graph = new GraphBuilder(Title, PatchGrid.Compute(precision), target);
        var pictures = graph.Input(PictureInput, frames ?? -1, 3, height, width);
        long h = height / DinoTransformer.Patch, w = width / DinoTransformer.Patch;
        var taps = transformer.Taps(graph, pictures);
        var levels = taps.Select((tap, i) => head.Narrow(graph, head.Level(graph, tap, i, h, w), i)).ToArray();
        var path = levels[3];
        for (int i = 3; i >= 0; i--)
        {
            if (i < 3) path = graph.Add(path, head.Skip(graph, levels[i], i));
            path = i > 0 ? head.Fuse(graph, path, i, levels[i - 1].Shape[2], levels[i - 1].Shape[3]) : head.Fuse(graph, path, 0, 8 * h, 8 * w);
        }
        var depth = head.Output(graph, path, h, w);
        depth = maxDepth is { } metres ? graph.Multiply(graph.Sigmoid(depth), (float)metres) : graph.Relu(depth);
        graph.Output(graph.Reshape(depth, depth.Shape[0], height, width), DepthOutput);
        return graph.Build();
    }
}
