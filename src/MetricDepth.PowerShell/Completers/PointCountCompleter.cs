namespace MetricDepth.PowerShell;

/// <summary>How many points are of use.</summary>
public sealed class PointCountCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("600", "a camera's path (the default)"),
        ("200", "quick, for clips that are rich in texture"),
        ("1500", "a camera's path where much moves by itself"),
        ("5000", "dense trails"),
    ];
}
