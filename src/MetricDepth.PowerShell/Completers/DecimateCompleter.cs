namespace MetricDepth.PowerShell;

/// <summary>How far flat surface is joined in a mesh.</summary>
public sealed class DecimateCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("1", "a vertex for every pixel"),
        ("4", "up to 4x4 pixels a cell where the depth is flat"),
        ("8", "up to 8x8 pixels a cell where the depth is flat"),
        ("16", "up to 16x16 pixels a cell where the depth is flat"),
        ("32", "up to 32x32 pixels a cell where the depth is flat"),
    ];
}
