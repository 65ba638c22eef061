namespace MetricDepth.Estimation.MotionStereo;

/// <summary>Frames of a clip between two cuts.</summary>
/// <param name="First">Its first frame in the clip, 0-based.</param>
/// <param name="MaxFrames">How many frames it has at most; null to the clip's end.</param>
internal readonly record struct Shot(long First, long? MaxFrames);
