namespace MetricDepth.PowerShell;

/// <summary>Common largest depths, metres, with the step between two stored depths (1/64518 of it).</summary>
public sealed class MaxDepthCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("20", "a house, a garden: steps of 0.31 mm (the default)"),
        ("5", "a desk, a face: steps of 0.08 mm"),
        ("10", "a room: steps of 0.15 mm"),
        ("50", "a street: steps of 0.77 mm"),
        ("100", "a square, a car's view: steps of 1.5 mm"),
        ("200", "a landscape: steps of 3.1 mm"),
    ];
}
