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
    /// <summary>32-bit integers.</summary>
    Int32,
    /// <summary>16-bit integers.</summary>
    Int16,
    /// <summary>8-bit integers.</summary>
    Int8,
    /// <summary>Bytes.</summary>
    UInt8,
    /// <summary>Truth values, a byte each.</summary>
    Boolean,
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

    /// <summary>The bytes that one number of a type takes.</summary>
    internal static int ElementSize(TensorElementType type) => type switch
    {
        TensorElementType.Float64 or TensorElementType.Int64 => 8,
        TensorElementType.Float32 or TensorElementType.Int32 => 4,
        TensorElementType.Float16 or TensorElementType.BFloat16 or TensorElementType.Int16 => 2,
        _ => 1,
    };

    /// <summary>The bytes that a tensor takes; null if its sizes are negative or more than any file holds.</summary>
    internal static long? SizeOf(TensorElementType type, IReadOnlyList<long> shape)
    {
        if (shape.Contains(0)) return shape.Any(size => size < 0) ? null : 0;
        long bytes = ElementSize(type);
        foreach (long size in shape)
        {
            if (size < 0 || bytes > long.MaxValue / size) return null;
            bytes *= size;
        }
        return bytes;
    }
}
