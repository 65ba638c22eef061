namespace MetricDepth.Motion.DepthAssisted;

/// <summary>When a frame's own pose is believed; otherwise its neighbours' tells where it was.</summary>
internal static class FrameAcceptance
{
    /// <summary>Fewer points than this may agree by accident.</summary>
    public const int MinInliers = 10;

    // a camera that shares less with the map may have been fooled by what moves
    private const double MinShare = 0.3;

    /// <summary>The share that is enough while a map grows under a constraint, which may be far from the truth: the path is to show it, not to end there.</summary>
    public const double MinConstrainedShare = 0.12;

    // a pose less certain than this is worse than one between its neighbours': radians, and share of the depth
    private const double MaxTurn = 0.02, MaxMoveByDepth = 0.05;

    public static bool Accepts(in FittedPose fit, int points, double medianDepth, double minShare = MinShare) =>
        fit.Inliers >= MinInliers && fit.Inliers >= minShare * points
        && fit.RotationDeviation < MaxTurn && fit.PositionDeviation < MaxMoveByDepth * medianDepth;
}
