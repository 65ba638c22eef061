namespace MetricDepth.PowerShell;

/// <summary>Steps of a grid of points, px.</summary>
public sealed class GridStepCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("16", "8,000 points in a 1080p picture"),
        ("8", "32,000 points in a 1080p picture"),
        ("32", "2,000 points in a 1080p picture"),
        ("53", "about as many as the Python toolbox's 36x36 in a 1080p picture"),
    ];
}
