using MetricDepth.Depth;
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

    /// <summary>Mask video: white where nothing was seen; null if not asked for.</summary>
    public string? InfillMaskPath { get; init; }

    /// <summary>The background that was saved; null if not asked for.</summary>
    public string? BackgroundPath { get; init; }

    /// <summary>The depth it was made from.</summary>
    public required DepthVideo DepthVideo { get; init; }

    /// <summary>Share of pixels that nothing seen covers, 0..1, all eyes.</summary>
    public double HoleShare { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
