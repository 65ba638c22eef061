using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>A value that flows through a graph under construction.</summary>
/// <param name="Name">Unique within the graph.</param>
/// <param name="Type">What its numbers are.</param>
/// <param name="Shape">Its sizes; only the first may be −1, where it is free (a batch).</param>
internal sealed record GraphTensor(string Name, TensorElementType Type, IReadOnlyList<long> Shape);
