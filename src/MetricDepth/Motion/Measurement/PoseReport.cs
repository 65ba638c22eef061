using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion.Measurement;

/// <summary>Tells the user what a solved path should not be silent about.</summary>
internal static class PoseReport
{
    // of the width: 3 px at 640; in small pictures points are not known to parts of a pixel either
    private const double LargeError = 3.0 / 640, LeastError = 1;
    // solvers judge inliers by a pixel or so; a quarter of the points within that, by the hundred, is a well known pose
    private const double FewInliers = 0.25;

    // more than rounding at the border
    private const double ManyOutside = 0.01;

    /// <summary>Frames in doubt, and inputs that did not last.</summary>
    public static void Tell(TrackedClip problem, PoseSolution solution, IProgress<FrameProgress>? progress)
    {
        if (progress is null) return;
        void Warn(FormattableString message) => progress.Report(FrameProgress.Warning(message.ToString(CultureInfo.InvariantCulture)));
        long frames = solution.Poses.Count;
        if (problem.OutsideCount > ManyOutside * problem.SightingCount)
            Warn($"{(double)problem.OutsideCount / problem.SightingCount:P0} of the points lie outside the picture of {problem.Sources.Width}x{problem.Sources.Height} pixels and are left out. Check that the tracks belong to this clip; -ColorPath says which it is.");
        if (problem.Depth != DepthTrust.None && problem.DepthFrameCount < frames)
            Warn($"The depth video ends after {problem.DepthFrameCount} of {frames} frames; the rest is solved without its depth.");
        if (problem.Sources.Mask is { } mask && problem.MaskFrameCount < frames)
            Warn($"The mask '{mask.Path}' ends after {problem.MaskFrameCount} of {frames} frames; nothing is masked in the rest.");

        FrameRanges bridged = new(), held = new(), poor = new();
        foreach (var f in solution.Frames)
        {
            if (f.State == PoseState.Bridged) bridged.Add(f.Frame);
            else if (f.State == PoseState.Held) held.Add(f.Frame);
            else if (f.Points > 0 && (f.MedianError > Math.Max(LeastError, LargeError * problem.Camera.Width) || f.Inliers < FewInliers * f.Points)) poor.Add(f.Frame);
        }
        if (bridged.Count > 0) Warn($"{bridged.Count} of {frames} poses lie between their neighbours', because the frames see too little: {bridged}.");
        if (held.Count > 0) Warn($"{held.Count} of {frames} poses repeat the nearest that could be solved: {held}. Nothing is known of the camera there.");
        if (poor.Count > 0) Warn($"The points of {poor.Count} of {frames} frames agree badly with the path: {poor}. Check the field of view; -MaskPath takes out what moves by itself, -Visualize shows it.");
    }

    /// <summary>What the unit rests on.</summary>
    public static void TellScale(CameraPath path, DepthVideo? depth, IProgress<FrameProgress>? progress)
    {
        if (path.Scale == CameraPathScale.Relative)
            progress?.Report(FrameProgress.Warning(depth is null
                ? "The path is right up to one factor: pictures alone do not tell metres. Give -DepthVideo with metric depth for a path in metres."
                : $"The path has the unit of its depth video, whose metres are {(depth.Scale == DepthScale.Assumed ? "assumed" : "relative")}: it is right up to one factor."));
        else if (path.Scale == CameraPathScale.None)
            progress?.Report(FrameProgress.Verbose("The camera only turned; its path has no length."));
    }
}
