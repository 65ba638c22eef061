using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Motion;

/// <summary>What the camera solver is asked to do.</summary>
public sealed record CameraSolverOptions
{
    /// <summary>The video.</summary>
    public required VideoClip Clip { get; init; }

    /// <summary>The longer side at which points are tracked, px; a smaller clip is not enlarged.</summary>
    public int WorkingSize { get; init; } = 640;

    /// <summary>Horizontal field of view, degrees; null (with <see cref="VerticalFov"/> null too) to estimate it.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null for square pixels.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Start at this frame, 0-based: it is the solution's frame 0.</summary>
    public long FirstFrame { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Resample to this rate; null keeps the clip's.</summary>
    public Rational? FrameRate { get; init; }

    /// <summary>Camera to frame 0's camera, one a frame, metres: the motion is taken as it is and only depths are solved for.</summary>
    public CameraPath? KnownPath { get; init; }
}
