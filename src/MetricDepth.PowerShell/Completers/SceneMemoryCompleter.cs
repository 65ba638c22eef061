namespace MetricDepth.PowerShell;

/// <summary>Common amounts of memory for the voxels of a scene.</summary>
public sealed class SceneMemoryCompleter : ValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
    [
        ("1GB", "a room in voxels of 1 cm"),
        ("2GB", "leaves room on a computer with 8 GB"),
        ("4GB", "a quarter of 16 GB (the default is a quarter of what there is)"),
        ("16GB", "a street in fine voxels"),
    ];
}
