using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Graphs;

namespace MetricDepth.Estimation.VideoDepthAnything.Network;

/// <summary>What makes depth steady: at every place of a map, the window's frames attend to one another.</summary>
/// <remarks>
/// The original turns the map's axes round before and after each attention. All but the first norm works on single tokens or on one place
/// over time, so here the map is turned once, to [place, frame, channel], and back at the end; and places can be worked on a part at a time.
/// </remarks>
internal sealed class TemporalModule
{
    private const int Heads = 8;
    private const int Groups = 32;
    private const int AttentionBlocks = 2;
    private const float GroupEpsilon = 1e-6f;
    private const float LayerEpsilon = 1e-5f;

    /// <summary>Numbers of the largest value in between, about: 8 MB, which caches still hold. Places are worked on in parts to keep to it.</summary>
    private const long Largest = 2 << 20;

    /// <summary>On a GPU, which wants much to do at once: 256 MB.</summary>
    private const long LargestOnGpu = 64 << 20;

    /// <summary>So many parts, and loading a graph takes as long as a run of it.</summary>
    private const long MostParts = 16;

    private readonly NetworkWeights weights;
    private readonly string name;
    private readonly int channels;

    private TemporalModule(NetworkWeights weights, string name, int channels, int frames)
    {
        (this.weights, this.name, this.channels) = (weights, name, channels);
        Frames = frames;
    }

    /// <summary>Frames of a window.</summary>
    public int Frames { get; }

    /// <summary>Reads a module's sizes off a checkpoint.</summary>
    /// <param name="weights">The checkpoint.</param>
    /// <param name="index">Which one, 0 to 3.</param>
    /// <param name="channels">Channels of its map.</param>
    public static TemporalModule Read(NetworkWeights weights, int index, int channels)
    {
        string name = FormattableString.Invariant($"head.motion_modules.{index}.temporal_transformer.");
        long frames = weights.Shape(Attention(name, 0) + "pos_encoder.pe", 3)[1];
        if (frames is < 1 or > 1024) throw weights.Foreign(FormattableString.Invariant($"its window has {frames} frames"));
        if (channels % Groups != 0) throw weights.Foreign(FormattableString.Invariant($"'{name}norm.weight' has {channels} channels, which do not divide into {Groups} groups"));
        return new(weights, name, channels, (int)frames);
    }

    /// <summary>The module with its residual.</summary>
    /// <param name="graph">Takes the nodes.</param>
    /// <param name="x">[frames, channels, h, w].</param>
    public GraphTensor Apply(GraphBuilder graph, GraphTensor x)
    {
        long h = x.Shape[2], w = x.Shape[3], places = h * w, run = channels / Groups * places;
        var normal = graph.Normalize(graph.Reshape(x, Frames * Groups, run), GroupEpsilon);
        var tokens = graph.Transpose(graph.Reshape(normal, Frames, channels, places), 2, 0, 1);
        long largest = graph.Target == GraphTarget.Gpu ? LargestOnGpu : Largest;
        long parts = Math.Clamp((places * Frames * 4 * channels + largest - 1) / largest, 1, Math.Min(MostParts, places)), part = (places + parts - 1) / parts;
        var done = new List<GraphTensor>();
        for (long first = 0; first < places; first += part)
            done.Add(Transformer(graph, graph.Slice(tokens, 0, first, Math.Min(part, places - first))));
        var y = graph.Transpose(graph.Concat(done, 0), 1, 2, 0);
        return graph.Add(graph.Reshape(y, Frames, channels, h, w), x);
    }

    private GraphTensor Transformer(GraphBuilder graph, GraphTensor tokens)
    {
        long places = tokens.Shape[0], rows = places * Frames;
        var x = graph.Add(graph.Multiply(tokens, Exact(graph, "norm.weight", channels)), Exact(graph, "norm.bias", channels));
        x = Linear(graph, graph.Reshape(x, rows, channels), "proj_in.");
        for (int i = 0; i < AttentionBlocks; i++)
        {
            string norm = FormattableString.Invariant($"transformer_blocks.0.norms.{i}.");
            var normal = graph.LayerNorm(x, Exact(graph, norm + "weight", channels), Exact(graph, norm + "bias", channels), LayerEpsilon);
            x = graph.Add(Attend(graph, normal, i, places), x);
        }
        const string feed = "transformer_blocks.0.ff.net.", feedNorm = "transformer_blocks.0.ff_norm.";
        var y = graph.LayerNorm(x, Exact(graph, feedNorm + "weight", channels), Exact(graph, feedNorm + "bias", channels), LayerEpsilon);
        GraphTensor Half(int half) => graph.Linear(y, // the two halves of one linear layer: their product is all that is wanted
            weights.Rows(graph, name + feed + "0.proj.weight", [8 * channels, channels], half * 4 * channels, 4 * channels),
            weights.Rows(graph, name + feed + "0.proj.bias", [8 * channels], half * 4 * channels, 4 * channels));
        var inner = graph.Multiply(Half(0), graph.Gelu(Half(1)));
        y = graph.Linear(inner, weights.Weight(graph, name + feed + "2.weight", channels, 4 * channels), weights.Weight(graph, name + feed + "2.bias", channels));
        x = Linear(graph, graph.Add(y, x), "proj_out.");
        return graph.Reshape(x, places, Frames, channels);
    }

    private GraphTensor Attend(GraphBuilder graph, GraphTensor normal, int i, long places)
    {
        string attention = Attention(name, i);
        var codes = weights.Exact(graph, attention + "pos_encoder.pe", 1, Frames, channels);
        var x = graph.Reshape(graph.Add(graph.Reshape(normal, places, Frames, channels), codes), places * Frames, channels);
        GraphTensor Part(string part) => graph.Reshape(
            graph.Linear(x, weights.Weight(graph, $"{attention}to_{part}.weight", channels, channels), null), places, Frames, channels);
        var seen = graph.Reshape(graph.Attention(Part("q"), Part("k"), Part("v"), Heads), places * Frames, channels);
        return graph.Linear(seen,
            weights.Weight(graph, attention + "to_out.0.weight", channels, channels), weights.Weight(graph, attention + "to_out.0.bias", channels));
    }

    private GraphTensor Linear(GraphBuilder graph, GraphTensor x, string layer) =>
        graph.Linear(x, weights.Weight(graph, name + layer + "weight", channels, channels), weights.Weight(graph, name + layer + "bias", channels));

    private GraphTensor Exact(GraphBuilder graph, string key, long size) => weights.Exact(graph, name + key, size);

    private static string Attention(string name, int i) => FormattableString.Invariant($"{name}transformer_blocks.0.attention_blocks.{i}.");
}
