using System.Globalization;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.DepthAnything.Network;

/// <summary>DINOv2 (Oquab et al., 2023): the vision transformer that both Depth-Anything families see with.</summary>
internal sealed class DinoTransformer
{
    /// <summary>Side of a patch, px.</summary>
    public const int Patch = 14;

    private const string Prefix = "pretrained.";
    private const float Epsilon = 1e-6f;
    private const int HeadWidth = 64;
    private const int LargestWidth = 8192;
    private const int LargestGrid = 512;

    private readonly NetworkWeights weights;

    private DinoTransformer(NetworkWeights weights, int width, int grid, int heads, IReadOnlyList<int> taps)
    {
        this.weights = weights;
        (Width, Grid, Heads, TapBlocks) = (width, grid, heads, taps);
    }

    /// <summary>Numbers of a token.</summary>
    public int Width { get; }

    /// <summary>Side of the grid of patches that the position codes were learned on.</summary>
    public int Grid { get; }

    /// <summary>Heads of an attention.</summary>
    public int Heads { get; }

    /// <summary>The blocks whose outputs the depth head sees.</summary>
    public IReadOnlyList<int> TapBlocks { get; }

    /// <summary>Reads the network's sizes off a checkpoint.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="heads">Heads of an attention; null for one for each 64 numbers, as in every published network.</param>
    public static DinoTransformer Read(NetworkWeights weights, int? heads)
    {
        int width = (int)Math.Min(weights.Shape(Prefix + "cls_token", 3)[2], int.MaxValue);
        long codes = weights.Shape(Prefix + "pos_embed", 3)[1];
        int grid = (int)Math.Round(Math.Sqrt(Math.Clamp(codes - 1, 0, (long)LargestGrid * LargestGrid)));
        if (width is < 1 or > LargestWidth || (long)grid * grid != codes - 1)
            throw weights.Foreign(string.Create(CultureInfo.InvariantCulture, $"tokens of {width} numbers and {codes} position codes, which should be one for the class and a square number"));
        int depth = weights.Count(Prefix + "blocks.", ".norm1.weight");
        IReadOnlyList<int> taps = depth switch
        {
            4 => [0, 1, 2, 3],
            12 => [2, 5, 8, 11],
            24 => [4, 11, 17, 23],
            _ => throw weights.Foreign(string.Create(CultureInfo.InvariantCulture, $"its transformer ('{Prefix}blocks.N') has {depth} blocks, and the published ones have 12 or 24")),
        };
        int count = heads ?? width / HeadWidth;
        if (count < 1 || width % count != 0 || (heads is null && width % HeadWidth != 0))
            throw weights.Foreign(string.Create(CultureInfo.InvariantCulture, $"tokens of {width} numbers do not divide into heads of {HeadWidth}"));
        weights.Ignore(Prefix + "mask_token");
        return new(weights, width, grid, count, taps);
    }

    /// <summary>What the depth head sees: the tapped blocks' tokens after the final norm, without the class token.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="pictures">[n, 3, height, width], normalised.</param>
    /// <returns>For each tap [n, patches, <see cref="Width"/>].</returns>
    public IReadOnlyList<GraphTensor> Taps(GraphBuilder graph, GraphTensor pictures)
    {
        long n = pictures.Shape[0], h = pictures.Shape[2] / Patch, w = pictures.Shape[3] / Patch, tokens = 1 + h * w;
        long rows = n < 0 ? -1 : n * tokens;
        var patches = graph.Conv(pictures, weights.Weight(graph, Prefix + "patch_embed.proj.weight", Width, 3, Patch, Patch),
            weights.Weight(graph, Prefix + "patch_embed.proj.bias", Width), Patch);
        patches = graph.Transpose(graph.Reshape(patches, n, Width, h * w), 0, 2, 1);
        var room = graph.Node("Pad", [patches, graph.Integers(0, 1, 0, 0, 0, 0)], patches.Type, [n, tokens, Width]); // for the class token
        var x = graph.Reshape(graph.Add(room, Positions(graph, (int)w, (int)h)), rows, Width);
        var (normScale, normShift) = (weights.Exact(graph, Prefix + "norm.weight", Width), weights.Exact(graph, Prefix + "norm.bias", Width));
        var taps = new List<GraphTensor>();
        for (int i = 0; i <= TapBlocks[^1]; i++)
        {
            x = Block(graph, x, string.Create(CultureInfo.InvariantCulture, $"{Prefix}blocks.{i}."), n, tokens);
            if (!TapBlocks.Contains(i)) continue;
            var seen = graph.Slice(graph.Reshape(x, n, tokens, Width), 1, 1, h * w);
            taps.Add(graph.LayerNorm(seen, normScale, normShift, Epsilon));
        }
        return taps;
    }

    private GraphTensor Block(GraphBuilder graph, GraphTensor x, string name, long n, long tokens)
    {
        var normal = graph.LayerNorm(x, weights.Exact(graph, name + "norm1.weight", Width), weights.Exact(graph, name + "norm1.bias", Width), Epsilon);
        x = graph.Add(x, graph.Multiply(Attention(graph, normal, name + "attn.", n, tokens), weights.Exact(graph, name + "ls1.gamma", Width)));
        normal = graph.LayerNorm(x, weights.Exact(graph, name + "norm2.weight", Width), weights.Exact(graph, name + "norm2.bias", Width), Epsilon);
        var inner = graph.Gelu(graph.Linear(normal, weights.Weight(graph, name + "mlp.fc1.weight", 4 * Width, Width), weights.Weight(graph, name + "mlp.fc1.bias", 4 * Width)));
        var outer = graph.Linear(inner, weights.Weight(graph, name + "mlp.fc2.weight", Width, 4 * Width), weights.Weight(graph, name + "mlp.fc2.bias", Width));
        return graph.Add(x, graph.Multiply(outer, weights.Exact(graph, name + "ls2.gamma", Width)));
    }

    /// <summary>Every token looks at every other, in several heads; then one linear layer over all heads.</summary>
    private GraphTensor Attention(GraphBuilder graph, GraphTensor x, string name, long n, long tokens)
    {
        long[] stored = [3 * Width, Width];
        GraphTensor Part(int part) => graph.Reshape(graph.Linear(x, // q, k and v lie one below the other
            weights.Rows(graph, name + "qkv.weight", stored, part * Width, Width), weights.Rows(graph, name + "qkv.bias", [3 * Width], part * Width, Width)), n, tokens, Width);
        var seen = graph.Reshape(graph.Attention(Part(0), Part(1), Part(2), Heads), x.Shape[0], Width);
        return graph.Linear(seen, weights.Weight(graph, name + "proj.weight", Width, Width), weights.Weight(graph, name + "proj.bias", Width));
    }

    /// <summary>What is added to every token: its position's code, and to the first, which is zero so far, the class token itself.</summary>
    private GraphTensor Positions(GraphBuilder graph, int width, int height)
    {
        var codes = PositionEmbedding.Interpolate(weights.Values(Prefix + "pos_embed", 1, 1 + (long)Grid * Grid, Width), Width, Grid, width, height);
        var token = weights.Values(Prefix + "cls_token", 1, 1, Width);
        for (int i = 0; i < Width; i++) codes[i] += token[i];
        return graph.Constant("positions", codes, TensorElementType.Float32, 1, 1 + (long)width * height, Width);
    }
}
