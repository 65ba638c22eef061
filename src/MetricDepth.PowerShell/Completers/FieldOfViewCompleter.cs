namespace MetricDepth.PowerShell;

/// <summary>Horizontal fields of view of common lenses: 2 atan(18 mm / focal length), full-frame equivalent.</summary>
public sealed class FieldOfViewCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("63", "a phone's main camera while filming, a Kinect (29 mm equivalent)"),
        ("70", "a phone's main camera without stabilisation crop (26 mm equivalent)"),
        ("74", "a 24 mm lens on full frame"),
        ("108", "a phone's ultra-wide camera (13 mm equivalent)"),
        ("54", "a 35 mm lens on full frame"),
        ("40", "a 50 mm lens on full frame"),
        ("24", "an 85 mm portrait lens on full frame"),
    ];
}
