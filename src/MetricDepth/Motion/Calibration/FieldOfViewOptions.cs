using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Calibration;

/// <summary>What a field of view may be taken from.</summary>
public enum FieldOfViewEvidence
{
    /// <summary>The lens data if there is any, otherwise the motion.</summary>
    Any,
    /// <summary>What the container says of the lens, and nothing else.</summary>
    LensTags,
    /// <summary>How the picture moves, and nothing else.</summary>
    Motion,
}

/// <summary>What <c>Measure-FieldOfView</c> is asked to do.</summary>
public sealed record FieldOfViewOptions
{
    /// <summary>The video.</summary>
    public required VideoClip Clip { get; init; }

    /// <summary>Tracks of the video, whoever made them; null to track it where needed.</summary>
    public PointTracks? Tracks { get; init; }

    /// <summary>Look at so many frames at most; null for as many as it takes.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>What it may be taken from.</summary>
    public FieldOfViewEvidence Evidence { get; init; }
}
