namespace MetricDepth.PowerShell;

/// <summary>Colours that backgrounds have.</summary>
public sealed class ColorCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("Black", "the default"),
        ("White", "as the Python toolbox has it"),
        ("Gray", "#808080"),
        ("Lime", "#00FF00: the full green of chroma keying"),
        ("Green", "#008000: a darker green"),
        ("Blue", "#0000FF"),
        ("Magenta", "#FF00FF: rare in pictures"),
        ("SkyBlue", "#87CEEB"),
    ];
}
