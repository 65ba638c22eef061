namespace MetricDepth.PowerShell;

/// <summary>Usual shapes of pictures.</summary>
public sealed class AspectRatioCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("16:9", "video"),
        ("9:16", "video of a phone held upright"),
        ("4:3", "older video, photographs"),
        ("3:2", "photographs"),
        ("1.85", "cinema"),
        ("2.39", "cinema, wide"),
        ("1:1", "square"),
    ];
}
