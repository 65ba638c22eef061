namespace MetricDepth.PowerShell;

/// <summary>Shorter sides that the networks take, px.</summary>
public sealed class InputSizeCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("518", "what the networks were trained at"),
        ("392", "half of the work, a little less detail"),
        ("280", "a quarter of the work, for processors without a GPU"),
        ("252", "a fifth of the work, for previews"),
    ];
}
