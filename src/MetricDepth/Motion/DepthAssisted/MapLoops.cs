using MetricDepth.Motion.Adjustment;
using MetricDepth.Motion.Loops;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>Hands a map to loop closing and takes over what comes back.</summary>
internal static class MapLoops
{
    // a camera is not found by points whose depth is known worse than this
    private const double ReliableShare = 0.2;

    /// <summary>Closes loops and adjusts everything anew where there are any.</summary>
    /// <returns>How many loops were closed.</returns>
    public static int Run(PointMap map, PoseProblem problem, PoseFreedom freedom, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        bool turns = freedom == PoseFreedom.RotationOnly;
        var keyframes = map.Keyframes.Select(k => new GlobalKeyframe(k.Frame, k.Points, k.Readings) { Pose = k.Pose, Affinity = k.Affinity }).ToArray();
        var points = map.Points.Where(p => (p.IsKnown || turns) && !p.IsOutlier).ToArray();
        var landmarks = points.Select(p => new GlobalLandmark([.. p.Sightings.Select(s => new LandmarkSighting(s.Keyframe.Number, s.Index))])
        {
            Pixel = p.Pixel,
            Rho = turns ? 0 : p.Rho,
            IsReliable = turns || (p.Rho > 0 && p.Deviation < ReliableShare * p.Rho),
        }).ToArray();
        int closed = LoopClosing.Run(new()
        {
            Camera = map.Camera,
            Width = problem.Camera.Width,
            Height = problem.Camera.Height,
            Depth = map.Trust,
            Freedom = freedom,
            PixelDeviation = map.PixelDeviation,
            Affinity = new(DepthWaver.Scale, DepthWaver.Shift / map.MedianDepth),
            Keyframes = keyframes,
            Landmarks = landmarks,
        }, problem, progress, cancellation);
        if (closed == 0) return 0;
        for (int k = 0; k < keyframes.Length; k++) (map.Keyframes[k].Pose, map.Keyframes[k].Affinity) = (keyframes[k].Pose, keyframes[k].Affinity);
        for (int i = 0; i < points.Length; i++)
        {
            points[i].Pixel = landmarks[i].Pixel;
            if (turns) continue;
            points[i].Rho = landmarks[i].Rho;
            map.RefreshDeviation(points[i]);
        }
        return closed;
    }
}
