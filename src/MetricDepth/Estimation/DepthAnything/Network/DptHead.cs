using System.Globalization;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.DepthAnything.Network;

/// <summary>The dense prediction head (DPT, Ranftl et al., 2021): from the transformer's four taps to one value per pixel, in steps.</summary>
/// <remarks>Levels count from 0, the finest. A method that takes a level <c>i</c> uses the weights that the checkpoint calls i + 1.</remarks>
internal sealed class DptHead
{
    /// <summary>How many levels there are.</summary>
    public const int Levels = 4;

    private const int OutputWidth = 32;

    private readonly NetworkWeights weights;
    private readonly string prefix;
    private readonly int width;

    private DptHead(NetworkWeights weights, string prefix, int width, int features, IReadOnlyList<int> channels)
    {
        (this.weights, this.prefix, this.width) = (weights, prefix, width);
        (Features, Channels) = (features, channels);
    }

    /// <summary>Channels of the maps that are fused.</summary>
    public int Features { get; }

    /// <summary>Channels of each level before it is fused.</summary>
    public IReadOnlyList<int> Channels { get; }

    /// <summary>Reads the head's sizes off a checkpoint.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="prefix">What its keys begin with: <c>head.</c> or <c>depth_head.</c>.</param>
    /// <param name="width">Numbers of a token.</param>
    public static DptHead Read(NetworkWeights weights, string prefix, int width)
    {
        var channels = new int[Levels];
        for (int i = 0; i < Levels; i++)
            channels[i] = Size(weights, string.Create(CultureInfo.InvariantCulture, $"{prefix}projects.{i}.weight"));
        int features = Size(weights, prefix + "scratch.layer1_rn.weight");
        foreach (string part in (ReadOnlySpan<string>)["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias"])
            weights.Ignore($"{prefix}scratch.refinenet4.resConfUnit1.{part}"); // the coarsest level has nothing to be added to
        return new(weights, prefix, width, features, channels);
    }

    /// <summary>A tap as a map of its level's size: 4×, 2×, 1× or ½ the patches.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="tap">[n, patches, width].</param>
    /// <param name="i">The level.</param>
    /// <param name="h">Patches down.</param>
    /// <param name="w">Patches across.</param>
    public GraphTensor Level(GraphBuilder graph, GraphTensor tap, int i, long h, long w)
    {
        long n = tap.Shape[0], rows = n < 0 ? -1 : n * h * w, c = Channels[i];
        string project = Key($"projects.{i}.");
        var x = graph.Linear(graph.Reshape(tap, rows, width),
            weights.Reshaped(graph, project + "weight", [c, width, 1, 1], c, width), weights.Weight(graph, project + "bias", c));
        if (i < 2) return Enlarged(graph, x, i, n, h, w);
        x = graph.Reshape(graph.Transpose(graph.Reshape(x, n, h * w, c), 0, 2, 1), n, c, h, w);
        return i == 3 ? Conv(graph, x, "resize_layers.3.", c, c, 3, 2) : x;
    }

    /// <summary>A level's map with as many channels as are fused.</summary>
    public GraphTensor Narrow(GraphBuilder graph, GraphTensor level, int i) =>
        graph.Conv(level, weights.Weight(graph, Key($"scratch.layer{i + 1}_rn.weight"), Features, Channels[i], 3, 3), null);

    /// <summary>What a finer level adds to the path that comes from the coarser ones.</summary>
    public GraphTensor Skip(GraphBuilder graph, GraphTensor narrow, int i) => Residual(graph, narrow, $"scratch.refinenet{i + 1}.resConfUnit1.");

    /// <summary>One step from coarse to fine.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="path">The path with the level's <see cref="Skip"/> added.</param>
    /// <param name="i">The level.</param>
    /// <param name="height">The next level's height, px.</param>
    /// <param name="width">The next level's width, px.</param>
    public GraphTensor Fuse(GraphBuilder graph, GraphTensor path, int i, long height, long width)
    {
        var x = Residual(graph, path, $"scratch.refinenet{i + 1}.resConfUnit2.");
        // the original enlarges first; a 1×1 convolution and an interpolation whose weights sum to 1 may change places, and here it has a quarter of the work
        return graph.Resize(Conv(graph, x, $"scratch.refinenet{i + 1}.out_conv.", Features, Features, 1), height, width);
    }

    /// <summary>From the finest path to one value per pixel of the picture, before the activation, in float32.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="path">[n, features, 8 h, 8 w].</param>
    /// <param name="h">Patches down.</param>
    /// <param name="w">Patches across.</param>
    /// <returns>[n, 1, 14 h, 14 w].</returns>
    public GraphTensor Output(GraphBuilder graph, GraphTensor path, long h, long w)
    {
        int half = Features / 2;
        var x = graph.Resize(Conv(graph, path, "scratch.output_conv1.", Features, half, 3), h * DinoTransformer.Patch, w * DinoTransformer.Patch);
        string name = prefix + "scratch.output_conv2.";
        x = graph.Relu(graph.Conv(x, weights.Exact(graph, name + "0.weight", OutputWidth, half, 3, 3), weights.Exact(graph, name + "0.bias", OutputWidth)));
        return graph.Conv(x, weights.Exact(graph, name + "2.weight", 1, OutputWidth, 1, 1), weights.Exact(graph, name + "2.bias", 1));
    }

    /// <summary>A transposed convolution whose step is its size: each patch becomes k×k pixels on its own, which is one matrix product.</summary>
    private GraphTensor Enlarged(GraphBuilder graph, GraphTensor rows, int i, long n, long h, long w)
    {
        long c = Channels[i], k = i == 0 ? 4 : 2;
        string name = Key($"resize_layers.{i}.");
        var bias = weights.Values(name + "bias", c);
        var repeated = new float[c * k * k];
        for (int j = 0; j < repeated.Length; j++) repeated[j] = bias[j / (k * k)];
        var x = graph.Product(rows, weights.Reshaped(graph, name + "weight", [c, c, k, k], c, c * k * k),
            graph.Constant(name + "bias", repeated, graph.Compute, c * k * k));
        x = graph.Transpose(graph.Reshape(x, n, h, w, c, k, k), 0, 3, 1, 4, 2, 5);
        return graph.Reshape(x, n, c, h * k, w * k);
    }

    private GraphTensor Residual(GraphBuilder graph, GraphTensor x, string name)
    {
        var y = Conv(graph, graph.Relu(x), name + "conv1.", Features, Features, 3);
        return graph.Add(Conv(graph, graph.Relu(y), name + "conv2.", Features, Features, 3), x);
    }

    private GraphTensor Conv(GraphBuilder graph, GraphTensor x, string name, long from, long to, long k, int stride = 1) =>
        graph.Conv(x, weights.Weight(graph, prefix + name + "weight", to, from, k, k), weights.Weight(graph, prefix + name + "bias", to), stride);

    private string Key(FormattableString name) => prefix + FormattableString.Invariant(name);

    private static int Size(NetworkWeights weights, string name)
    {
        long size = weights.Shape(name, 4)[0];
        return size is > 0 and <= 8192 ? (int)size : throw weights.Foreign(FormattableString.Invariant($"'{name}' has {size} channels"));
    }
}
