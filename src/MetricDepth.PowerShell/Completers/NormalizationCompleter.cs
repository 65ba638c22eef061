namespace MetricDepth.PowerShell;

/// <summary>How networks usually want their colours.</summary>
public sealed class NormalizationCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("ImageNet", "less 0.485, 0.456, 0.406, over 0.229, 0.224, 0.225 (the default)"),
        ("ZeroToOne", "0 to 1, as they are"),
        ("MinusOneToOne", "-1 to 1"),
    ];
}
