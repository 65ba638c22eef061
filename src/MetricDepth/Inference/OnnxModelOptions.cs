namespace MetricDepth.Inference;

/// <summary>How a network is run.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Threads for one run, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What runs it.</summary>
    public InferenceDevice Device { get; init; }

    /// <summary>What it calculates with, where it is made here; an ONNX file has its own.</summary>
    public InferencePrecision Precision { get; init; }

    /// <summary>The device memory it may take, bytes; null for all there is. The CPU's memory is not limited by it.</summary>
    public long? MemoryLimit { get; init; }
}
