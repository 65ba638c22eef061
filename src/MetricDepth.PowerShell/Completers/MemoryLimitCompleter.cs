namespace MetricDepth.PowerShell;

/// <summary>Common amounts of GPU memory.</summary>
public sealed class MemoryLimitCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("2GB", "beside a desktop on a small card"),
        ("4GB", "half of a card of 8 GB"),
        ("8GB", "leaves room on a card of 12 GB"),
        ("16GB", "leaves room on a card of 24 GB"),
    ];
}
