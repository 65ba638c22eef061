using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>A video from a new viewpoint, on disk.</summary>
public sealed record ViewVideo : VideoClip
{
    /// <summary>Creates an empty description; the required facts are set by the caller.</summary>
    public ViewVideo()
    {
    }

    /// <summary>The view stored in a file whose video facts are known.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public ViewVideo(VideoClip clip, double horizontalFov, DepthVideo depthVideo)
        : base(clip)
    {
        HorizontalFov = horizontalFov;
        DepthVideo = depthVideo;
    }

    /// <summary>Horizontal field of view of the virtual camera, degrees.</summary>
    public required double HorizontalFov { get; init; }

    /// <summary>Horizontal field of view of the colour video that was used, degrees.</summary>
    public double? SourceHorizontalFov { get; init; }

    /// <summary>Where that one comes from.</summary>
    public FieldOfViewSource FieldOfViewSource { get; init; }

    /// <summary>How the virtual camera moves; null if it does not, or along a path.</summary>
    public ViewMotion? Motion { get; init; }

    /// <summary>Share of pixels that no source pixel covers, 0..1.</summary>
    public double HoleShare { get; init; }

    /// <summary>Depth of the view itself, a depth video; null if not asked for.</summary>
    public string? DepthOutputPath { get; init; }

    /// <summary>The depth it was made from.</summary>
    public required DepthVideo DepthVideo { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
