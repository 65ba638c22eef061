using System.Globalization;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>A checkpoint's tensors as a network asks for them: by name, with the shape that they must have.</summary>
/// <param name="checkpoint">The file.</param>
/// <param name="network">What the file should be, for messages: <c>Depth-Anything-V2</c>.</param>
internal sealed class NetworkWeights(Checkpoint checkpoint, string network)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    /// <summary>The file.</summary>
    public Checkpoint Checkpoint { get; } = checkpoint;

    /// <summary>What the file should be.</summary>
    public string Network { get; } = network;

    /// <summary>A weight of matrix products and convolutions: in the type that the graph calculates with.</summary>
    public GraphTensor Weight(GraphBuilder graph, string name, params long[] shape) => Take(graph, name, graph.Compute, shape, shape, 0);

    /// <summary>A weight of norms, and whatever else stays float32.</summary>
    public GraphTensor Exact(GraphBuilder graph, string name, params long[] shape) => Take(graph, name, TensorElementType.Float32, shape, shape, 0);

    /// <summary>A weight that the graph sees in another shape than the file.</summary>
    public GraphTensor Reshaped(GraphBuilder graph, string name, long[] stored, params long[] shape) => Take(graph, name, graph.Compute, stored, shape, 0);

    /// <summary>Some of a weight's rows.</summary>
    /// <param name="graph">Takes the weight.</param>
    /// <param name="name">Its key.</param>
    /// <param name="stored">Its shape in the file.</param>
    /// <param name="first">The first row wanted.</param>
    /// <param name="count">How many rows.</param>
    public GraphTensor Rows(GraphBuilder graph, string name, long[] stored, long first, long count) =>
        Take(graph, name, graph.Compute, stored, [count, .. stored[1..]], first * GraphBuilder.Product(stored[1..]));

    /// <summary>All of a tensor's numbers.</summary>
    public float[] Values(string name, params long[] shape)
    {
        var tensor = Find(name, shape);
        var values = new float[tensor.Count];
        Checkpoint.Read(tensor, 0, values);
        return values;
    }

    /// <summary>A tensor's sizes.</summary>
    /// <param name="name">Its key.</param>
    /// <param name="rank">How many it must have.</param>
    public IReadOnlyList<long> Shape(string name, int rank)
    {
        var tensor = Find(name, null);
        return tensor.Shape.Count == rank
            ? tensor.Shape
            : throw Wrong(name, tensor, string.Create(CultureInfo.InvariantCulture, $"{rank} sizes"));
    }

    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string name) => Checkpoint.Tensors.ContainsKey(name);

    /// <summary>How many of <c>name.0</c>, <c>name.1</c>, … there are, told by one tensor of each.</summary>
    /// <param name="prefix">E.g. <c>pretrained.blocks.</c>.</param>
    /// <param name="suffix">E.g. <c>.norm1.weight</c>.</param>
    public int Count(string prefix, string suffix)
    {
        int count = 0;
        while (Has(string.Create(CultureInfo.InvariantCulture, $"{prefix}{count}{suffix}"))) count++;
        return count;
    }

    /// <summary>Says that a tensor is there on purpose though no graph uses it.</summary>
    public void Ignore(string name) => asked.Add(name);

    /// <summary>Finds tensors that no part of the network asked for: another network's, which must not be run as if it were this one.</summary>
    /// <exception cref="MetricDepthException"><c>CheckpointForeign</c>.</exception>
    public void RefuseUnknown()
    {
        if (Checkpoint.Tensors.Keys.Where(name => !asked.Contains(name)).Order(StringComparer.Ordinal).FirstOrDefault() is { } unknown)
            throw Foreign($"it holds '{Shorten(unknown)}', which that network does not have");
    }

    /// <summary>The file is another network's.</summary>
    /// <param name="why">What about it says so.</param>
    public MetricDepthException Foreign(string why) => new("CheckpointForeign", FailureKind.InvalidData,
        $"'{Checkpoint.Path}' is not a checkpoint of {Network}: {why}. Install the official file, or name the model that this file belongs to.");

    private GraphTensor Take(GraphBuilder graph, string name, TensorElementType type, long[] stored, long[] shape, long first) =>
        graph.Weight(Checkpoint, Find(name, stored), type, first, shape);

    private CheckpointTensor Find(string name, long[]? shape)
    {
        asked.Add(name);
        if (!Checkpoint.Tensors.TryGetValue(name, out var tensor))
        {
            throw new MetricDepthException("CheckpointIncomplete", FailureKind.InvalidData,
                $"'{Checkpoint.Path}' is not a whole checkpoint of {Network}: '{name}'{(shape is null ? "" : $" {Text(shape)}")} is missing. "
                + "Install the official file, or name the model that this file belongs to.");
        }
        if (shape is not null && !tensor.Shape.SequenceEqual(shape)) throw Wrong(name, tensor, Text(shape));
        if (tensor.ElementType is not (TensorElementType.Float32 or TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Float64))
            throw Wrong(name, tensor, "floating-point numbers");
        return tensor;
    }

    private MetricDepthException Wrong(string name, CheckpointTensor tensor, string expected) => new("CheckpointMismatch", FailureKind.InvalidData,
        $"'{Checkpoint.Path}' does not fit {Network}: '{name}' is {Text(tensor.Shape)} of {tensor.ElementType}, expected {expected}. "
        + "Install the official file, or name the model that this file belongs to.");

    private static string Text(IReadOnlyList<long> shape) =>
        $"[{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}]";

    private static string Shorten(string name) => name.Length <= 80 ? name : name[..80] + "…";
}
