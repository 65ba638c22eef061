namespace MetricDepth.PowerShell;

/// <summary>Limits of confidence, with what stays above them.</summary>
public sealed class MinConfidenceCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("0.5", "more likely right (within 5 %) than not: most guesses are gone"),
        ("0.7", "seen alike by several frames"),
        ("0.9", "only the surest: for measuring"),
    ];
}
