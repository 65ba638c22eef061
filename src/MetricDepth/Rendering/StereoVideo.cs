using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>A stereo video on disk.</summary>
public sealed record StereoVideo : VideoClip
{
    /// <summary>Creates an empty description; the required facts are set by the caller.</summary>
    public StereoVideo()
    {
    }

    /// <summary>The stereo video stored in a file whose video facts are known.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public StereoVideo(VideoClip clip, StereoLayout layout, double pupillaryDistance, DepthVideo depthVideo)
        : base(clip)
    {
        Layout = layout;
        PupillaryDistance = pupillaryDistance;
        DepthVideo = depthVideo;
    }

    /// <summary>How the two eyes lie in the picture.</summary>
    public required StereoLayout Layout { get; init; }

    /// <summary>Distance between the eyes, mm.</summary>
    public required double PupillaryDistance { get; init; }

    /// <summary>Horizontal field of view of the colour video that was used, degrees; null where each frame had its own.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Where it comes from.</summary>
    public FieldOfViewSource FieldOfViewSource { get; init; }

    /// <summary>Mask video: white where nothing was seen; null if not asked for.</summary>
    public string? InfillMaskPath { get; init; }

    /// <summary>The background that was saved; null if not asked for.</summary>
    public string? BackgroundPath { get; init; }

    /// <summary>Depth video of the picture, in the same layout; null if not asked for.</summary>
    public string? DepthOutputPath { get; init; }

    /// <summary>The depth that appears at the screen; null for infinity.</summary>
    public ConvergenceDistance? ConvergenceDistance { get; init; }

    /// <summary>
    /// Least disparity over the clip, left column minus right column in percent of the width of one eye's picture: below 0 is behind
    /// the screen. The outermost fiftieth of the scene is left out. Null for 180° and Touchly layouts.
    /// </summary>
    public double? MinDisparityPercent { get; init; }

    /// <summary>Largest disparity over the clip, likewise: above 0 is before the screen.</summary>
    public double? MaxDisparityPercent { get; init; }

    /// <summary>The disparity range as text, percent; empty where there is none.</summary>
    public string DisparityRange => MinDisparityPercent is { } min && MaxDisparityPercent is { } max
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{min:0.0}..{max:0.0} %") : "";

    /// <summary>The depth it was made from.</summary>
    public required DepthVideo DepthVideo { get; init; }

    /// <summary>Share of pixels that nothing seen covers, 0..1, all eyes.</summary>
    public double HoleShare { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
