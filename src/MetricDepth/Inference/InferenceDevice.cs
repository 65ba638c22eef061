namespace MetricDepth.Inference;

/// <summary>What runs a network.</summary>
public enum InferenceDevice
{
    /// <summary>The GPU if its provider and driver load, otherwise the CPU, with a message.</summary>
    Auto,
    /// <summary>The processor's cores.</summary>
    Cpu,
    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
    /// <summary>Any GPU on Windows.</summary>
    DirectML,
    /// <summary>Apple's own: GPU, Neural Engine or CPU.</summary>
    CoreML,
}

/// <summary>The numbers that a network calculates with.</summary>
public enum InferencePrecision
{
    /// <summary>Float16 where the device is faster with it, otherwise float32.</summary>
    Auto,
    /// <summary>32 bits.</summary>
    Float32,
    /// <summary>16 bits: half the memory, about three decimal digits.</summary>
    Float16,
}
