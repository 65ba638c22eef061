namespace MetricDepth.Tracking;

/// <summary>What to track and how.</summary>
public sealed record PointTrackingOptions
{
    /// <summary>The video.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_tracking.json</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Points in a frame, at most; not with <see cref="Grid"/>.</summary>
    public int MaxPoints { get; init; } = PointTracking.DefaultPoints;

    /// <summary>A mask video, white where nothing is tracked; null for none.</summary>
    public string? MaskPath { get; init; }

    /// <summary>New points are looked for every so many frames; null: when the picture has moved on or points have been lost.</summary>
    public int? Every { get; init; }

    /// <summary>Step of a regular grid of points, px of the clip; null: points start at corners.</summary>
    public int? Grid { get; init; }

    /// <summary>Also write a video that shows the tracks, beside them: <c>clip.mp4_tracking.mp4</c>.</summary>
    public bool Visualize { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }
}
