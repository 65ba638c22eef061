namespace MetricDepth.Inference.Models;

/// <summary>What is wrong with a model's description in JSON; whoever reads the file says which file.</summary>
internal sealed class ModelFieldException(string message) : Exception(message);
