namespace MetricDepth.Inference;

/// <summary>Float32 values that go into or come out of a network, row-major.</summary>
/// <param name="Name">The input's or output's name.</param>
/// <param name="Values">As many values as the product of <paramref name="Shape"/>.</param>
/// <param name="Shape">The sizes.</param>
public readonly record struct OnnxTensor(string Name, Memory<float> Values, IReadOnlyList<long> Shape);

/// <summary>What a network says of one input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFloat32">Whether it is a tensor of float32, the only kind handled here.</param>
/// <param name="Shape">The sizes, −1 where any will do; empty if the network does not say.</param>
public sealed record OnnxTensorInfo(string Name, bool IsFloat32, IReadOnlyList<long> Shape)
{
    /// <summary>For messages: <c>image [1, 3, ?, ?]</c>.</summary>
    public override string ToString() =>
        $"{Name} [{string.Join(", ", Shape.Select(size => size < 0 ? "?" : size.ToString(System.Globalization.CultureInfo.InvariantCulture)))}]";
}
