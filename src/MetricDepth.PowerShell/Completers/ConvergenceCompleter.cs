namespace MetricDepth.PowerShell;

/// <summary>Depths that one may want at the screen.</summary>
public sealed class ConvergenceCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("Auto", "the subject of each shot, within what is comfortable; moves slowly"),
        ("1", "a face that fills the picture"),
        ("2.5", "people in a room"),
        ("5", "a group, a street's near side"),
        ("10", "a street, a garden"),
    ];
}
