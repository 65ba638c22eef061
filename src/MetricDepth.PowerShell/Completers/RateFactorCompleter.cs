namespace MetricDepth.PowerShell;

/// <summary>Constant rate factors, with what they look like.</summary>
public sealed class RateFactorCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("16", "looks lossless (the default)"),
        ("12", "for further editing"),
        ("20", "very good, about half the size"),
        ("23", "good, about a third of the size"),
        ("28", "small, for a preview"),
    ];
}
