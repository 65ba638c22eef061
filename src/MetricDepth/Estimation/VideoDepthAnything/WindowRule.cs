namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>How Video-Depth-Anything passes over a clip longer than its window (Chen et al., CVPR 2025, 3.3; the weights are trained for it).</summary>
internal static class WindowRule
{
    /// <summary>Frames in a window.</summary>
    public const int Length = 32;

    /// <summary>Slots of a later window that hold frames of the window before.</summary>
    public const int Overlap = 10;

    /// <summary>Frames by which a window is ahead of the one before.</summary>
    public const int Step = Length - Overlap;

    /// <summary>Frames of two windows that are blended into each other.</summary>
    public const int Blended = 8;

    /// <summary>The first slot of a window whose depth is shown.</summary>
    public const int FirstShown = Overlap - Blended;

    /// <summary>Slots of the window before that go into the first <see cref="Overlap"/> slots: slot 0 is the clip's first frame for ever.</summary>
    public static ReadOnlySpan<int> KeyFrames => [0, 12, 24, 25, 26, 27, 28, 29, 30, 31];
}
