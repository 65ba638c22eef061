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

/// <summary>Which graphs go with which devices.</summary>
public static class GraphTargets
{
    /// <summary>The target for a device; Core ML takes standard operators only, and what it does not take runs beside it, with copies to and fro.</summary>
    public static GraphTarget For(InferenceDevice device) => device switch
    {
        InferenceDevice.Cpu => GraphTarget.Cpu,
        InferenceDevice.Cuda or InferenceDevice.DirectML => GraphTarget.Gpu,
        _ => GraphTarget.Any,
    };
}
