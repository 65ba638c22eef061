namespace MetricDepth.Inference;

/// <summary>A network made here: an ONNX model in memory whose weights may lie in a file (<c>external_data</c>).</summary>
/// <param name="Name">For messages.</param>
/// <param name="Model">The ONNX file's bytes.</param>
/// <param name="WeightsFolder">The folder that the model's external data is in; null if it has none.</param>
public sealed record NetworkGraph(string Name, ReadOnlyMemory<byte> Model, string? WeightsFolder);
