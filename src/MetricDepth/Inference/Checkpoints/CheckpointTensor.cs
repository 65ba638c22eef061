namespace MetricDepth.Inference.Checkpoints;

/// <summary>How a checkpoint stores its numbers.</summary>
public enum TensorElementType
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,
    /// <summary>IEEE 754 binary16.</summary>
    Float16,
    /// <summary>The upper half of a binary32.</summary>
    BFloat16,
    /// <summary>IEEE 754 binary64.</summary>
    Float64,
    /// <summary>64-bit integers.</summary>
    Int64,
}

/// <summary>One tensor of a checkpoint: what it is called, its shape, and where in the file its numbers lie.</summary>
/// <param name="Name">Its key in the state dict, e.g. <c>pretrained.cls_token</c>.</param>
/// <param name="ElementType">How the numbers are stored, little-endian.</param>
/// <param name="Shape">Its sizes, row-major and contiguous.</param>
/// <param name="FileOffset">Where in the file the first number lies, bytes.</param>
/// <param name="ByteLength">How many bytes they take.</param>
public sealed record CheckpointTensor(string Name, TensorElementType ElementType, IReadOnlyList<long> Shape, long FileOffset, long ByteLength)
{
    /// <summary>How many numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
