namespace MetricDepth.Depth;

/// <summary>What to import and how.</summary>
public sealed record DepthImportOptions
{
    /// <summary>
    /// A grey video, a PNG or EXR picture, a folder of either (taken in natural name order), a NumPy array (<c>.npy</c>) or archive
    /// (<c>.npz</c>).
    /// </summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_depth.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Metres a step; null for what the source says, else 1 for floating point and 0.001 for whole numbers of at least 16 bits. 0 stays no
    /// depth.
    /// </summary>
    public double? DepthUnit { get; init; }

    /// <summary>The largest depth to store, metres; null for what the source says, else 20.</summary>
    public double? MaxDepth { get; init; }

    /// <summary>Frames per second; null for what the source says, else 30.</summary>
    public double? FrameRate { get; init; }

    /// <summary>The array of an <c>.npz</c> archive that is depth; null for <c>depth</c>, <c>depths</c>, or the only one of the shape of pictures.</summary>
    public string? ArrayName { get; init; }

    /// <summary>The colour video it belongs to; null for the one that the source names.</summary>
    public string? ColorPath { get; init; }

    /// <summary>Horizontal field of view, degrees; null for what the source says, unless <see cref="VerticalFov"/> is given.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null for what the source says, unless <see cref="HorizontalFov"/> is given.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}
