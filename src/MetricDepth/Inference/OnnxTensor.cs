using System.Globalization;

namespace MetricDepth.Inference;

/// <summary>Float32 values that go into or come out of a network, row-major.</summary>
/// <param name="Name">The input's or output's name.</param>
/// <param name="Values">As many values as the product of <paramref name="Shape"/>.</param>
/// <param name="Shape">The sizes.</param>
public readonly record struct OnnxTensor(string Name, Memory<float> Values, IReadOnlyList<long> Shape);

/// <summary>What a network's input or output is made of.</summary>
public enum OnnxElementType
{
    /// <summary>No tensor, or one of something else.</summary>
    Other,
    /// <summary>IEEE 754 binary32, the only kind that is fed and read here.</summary>
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
    /// <summary>Bytes.</summary>
    UInt8,
    /// <summary>True or false.</summary>
    Bool,
}

/// <summary>What a network says of one input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ElementType">What it is made of.</param>
/// <param name="Shape">The sizes, −1 where any will do; empty if the network does not say, and for a single number.</param>
public sealed record OnnxTensorInfo(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape)
{
    /// <summary>Whether it is a tensor of float32, the only kind that is fed and read here.</summary>
    public bool IsFloat32 => ElementType == OnnxElementType.Float32;

    /// <summary>For messages: <c>image [1, 3, ?, ?]</c>, <c>tokens [1, ?] of Int64</c>.</summary>
    public override string ToString() =>
        $"{Name} [{string.Join(", ", Shape.Select(size => size < 0 ? "?" : size.ToString(CultureInfo.InvariantCulture)))}]"
        + (ElementType switch { OnnxElementType.Float32 => "", OnnxElementType.Other => " of another type", var type => $" of {type}" });
}
