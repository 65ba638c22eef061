namespace MetricDepth.Inference.Graphs;

/// <summary>What a graph is to be run by. The numbers that come out are the same up to rounding.</summary>
public enum GraphTarget
{
    /// <summary>Any ONNX runtime: standard operators only. For files that leave the house.</summary>
    Any,
    /// <summary>ONNX Runtime on the processor's cores.</summary>
    Cpu,
    /// <summary>ONNX Runtime on a GPU.</summary>
    Gpu,
}
