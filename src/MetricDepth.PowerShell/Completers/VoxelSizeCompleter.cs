namespace MetricDepth.PowerShell;

/// <summary>Common widths of the cells that space is divided into, metres.</summary>
public sealed class VoxelSizeCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("0.01", "1 cm: a room"),
        ("0.002", "2 mm: a face, something on a desk"),
        ("0.005", "5 mm: furniture, a person"),
        ("0.02", "2 cm: a house"),
        ("0.05", "5 cm: a garden, a street"),
        ("0.2", "20 cm: a landscape"),
    ];
}
