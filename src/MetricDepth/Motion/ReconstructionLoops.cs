using MetricDepth.Motion.Loops;

namespace MetricDepth.Motion;

/// <summary>Hands a reconstruction to loop closing and takes over what comes back.</summary>
internal static class ReconstructionLoops
{
    // what a good tracker's points miss by, px
    private const double PixelDeviation = 0.5;

    /// <summary>Closes loops.</summary>
    /// <param name="map">The adjusted reconstruction.</param>
    /// <param name="width">Width that its pixels belong to, px.</param>
    /// <param name="height">Height likewise.</param>
    /// <param name="problem">Where the pictures are.</param>
    /// <param name="progress">Is told what was found.</param>
    /// <param name="cancellation">Stops within an iteration or a picture.</param>
    /// <returns>How many loops were closed.</returns>
    public static int Run(Reconstruction map, int width, int height, PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        bool isTurning = map.Freedom == Adjustment.PoseFreedom.RotationOnly;
        var keyframes = map.Frames.Zip(map.Poses, (f, p) => new GlobalKeyframe(f.Index, f.Points, []) { Pose = p }).ToArray();
        var points = map.Points.Where(p => p.IsMature && !p.IsOutlier).ToArray();
        var landmarks = points.Select(p => new GlobalLandmark([.. p.Sightings.Select(s => new LandmarkSighting(s.Keyframe, s.Index))])
        {
            Pixel = p.Pixel,
            Rho = p.Rho,
            IsReliable = isTurning || p.Rho > 0,
        }).ToArray();
        int closed = LoopClosing.Run(new()
        {
            Camera = map.Camera,
            Width = width,
            Height = height,
            Depth = DepthTrust.None,
            Freedom = map.Freedom,
            PixelDeviation = PixelDeviation,
            Keyframes = keyframes,
            Landmarks = landmarks,
        }, problem, progress, cancellation);
        if (closed == 0) return 0;
        for (int i = 0; i < points.Length; i++) (points[i].Pixel, points[i].Rho) = (landmarks[i].Pixel, isTurning ? 0 : landmarks[i].Rho);
        map.Take([.. keyframes.Select(k => k.Pose)]);
        return closed;
    }
}
