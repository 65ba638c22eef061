namespace MetricDepth.PowerShell;

/// <summary>Metres per step of common 16-bit depth files.</summary>
public sealed class DepthUnitCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("0.001", "millimetres: Kinect, RealSense D400, most sensors (the default)"),
        ("0.0001", "tenths of a millimetre: RealSense D405"),
        ("0.0002", "1/5000 m: the TUM RGB-D data sets"),
        ("0.00390625", "1/256 m: KITTI"),
        ("0.01", "centimetres"),
    ];
}
