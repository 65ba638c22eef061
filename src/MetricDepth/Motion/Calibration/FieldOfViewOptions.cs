using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Motion.Calibration;

/// <summary>What <c>Measure-FieldOfView</c> is asked to do.</summary>
public sealed record FieldOfViewOptions
{
    /// <summary>The video.</summary>
    public required VideoClip Clip { get; init; }

    /// <summary>Look at so many frames at most; null for as many as it takes.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>
    /// <see cref="FieldOfViewSource.LensTags"/> or <see cref="FieldOfViewSource.Motion"/> to use nothing else; null for the lens data if there
    /// is any, otherwise the motion.
    /// </summary>
    public FieldOfViewSource? Source { get; init; }
}
