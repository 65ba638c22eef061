namespace MetricDepth.Depth;

/// <summary>What to import and how.</summary>
public sealed record DepthImportOptions
{
    /// <summary>A gray16 video, one 16-bit PNG, or a folder of 16-bit PNGs (taken in natural name order).</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_depth.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Metres per step of the 16-bit value (0.001 for millimetres). 0 stays no depth.</summary>
    public double DepthUnit { get; init; } = 0.001;

    /// <summary>The largest depth to store, metres.</summary>
    public double MaxDepth { get; init; } = DepthVideo.DefaultMaxDepth;

    /// <summary>Frame rate for image sequences; null for 30.</summary>
    public double? FrameRate { get; init; }

    /// <summary>The colour video it belongs to.</summary>
    public string? ColorPath { get; init; }

    /// <summary>Horizontal field of view, degrees.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}

/// <summary>16-bit depth from sensors and other tools to a depth video.</summary>
public static class DepthImport
{
    /// <summary>Imports one source.</summary>
    public static DepthVideo Run(DepthImportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}
