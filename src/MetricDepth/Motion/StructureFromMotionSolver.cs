using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// Camera paths from tracks alone, up to scale: keyframes are solved as they come, then all together, and a second pass over the tracks
/// gives every frame its pose. A camera that only turns gets a path of rotations.
/// </summary>
internal sealed class StructureFromMotionSolver : IPoseSolver
{
    private const int WorkingSize = 640;
    private const int FinalIterations = 30;
    private const int StartKeyframes = 12;

    // a turning camera explains what it sees; where it does not, zooming or things that move would be taken for turning
    private const double MinTurningAgreement = 0.4;

    /// <inheritdoc/>
    public PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var clip = problem.Camera;
        double shrink = Math.Min(1, (double)WorkingSize / Math.Max(clip.Width, clip.Height));
        int width = Math.Max(1, (int)Math.Round(clip.Width * shrink)), height = Math.Max(1, (int)Math.Round(clip.Height * shrink));
        var pass = new TrackPass(problem, width, height, progress, cancellation);
        var keyframes = pass.Keyframes();
        if (pass.Frames < 2) throw Failures.PathTooShort(pass.Frames);
        if (keyframes.Count == 0) throw Failures.NothingToFollow();
        var camera = new Camera(clip.Resized(width, height));
        double pixelSize = (double)clip.Width / width;
        if (problem.Constraint == MotionConstraint.Stationary) return Turning(keyframes, camera, pixelSize, pass, null, cancellation);

        var solver = new SequentialSolver(camera, problem.FrameRate, null);
        if (!Run(solver, keyframes, problem.FrameRate, cancellation) || solver.Odometry!.Statistics.Parallax < ClipSolver.MinParallax)
            return Turning(keyframes, camera, pixelSize, pass, progress, cancellation);
        var posed = Posed(solver, keyframes);
        var freedom = problem.Constraint == MotionConstraint.NoDepthMotion ? PoseFreedom.InPlane : PoseFreedom.Free;
        var map = Adjusted(camera, freedom, posed, [.. keyframes.Where(k => k.Index < posed[0].Frame.Index)], cancellation);
        // two views, and the first few, often have a second explanation nearly as good; seen from what follows, only one remains
        int start = Math.Min(StartKeyframes, map.Frames.Count / 2);
        var again = Adjusted(camera, freedom, [.. map.Frames.Zip(map.Poses).Skip(start)], [.. map.Frames.Take(start)], cancellation);
        if (again.Frames.Count == map.Frames.Count && again.CappedError() < map.CappedError()) map = again;
        return Complete(map, pixelSize, pass, CameraPathScale.Relative);
    }

    private static Reconstruction Adjusted(Camera camera, PoseFreedom freedom, IEnumerable<(TrackedFrame Frame, Pose Pose)> posed,
        IReadOnlyList<TrackedFrame> earlier, CancellationToken cancellation)
    {
        // a constraint is about the first camera, which is not known before the earlier keyframes are
        var map = new Reconstruction(camera, PoseFreedom.Free, posed);
        map.ExtendBack(earlier, cancellation);
        map.Rebase();
        if (freedom != PoseFreedom.Free)
        {
            map = new(camera, freedom, map.Frames.Zip(map.Poses));
            map.Rebase();
        }
        map.Adjust(FinalIterations, cancellation);
        return map;
    }

    private static bool Run(SequentialSolver solver, List<TrackedFrame> keyframes, double rate, CancellationToken cancellation)
    {
        try
        {
            foreach (var keyframe in keyframes)
            {
                cancellation.ThrowIfCancellationRequested();
                solver.Add(keyframe);
            }
            return solver.Finish();
        }
        catch (MetricDepthException e) when (e.Frame is { } frame)
        {
            throw Failures.PathLost(frame, rate);
        }
    }

    private static List<(TrackedFrame Frame, Pose Pose)> Posed(SequentialSolver solver, List<TrackedFrame> keyframes)
    {
        var poses = solver.Odometry!.Frames.OfType<SolvedFrame>().ToDictionary(s => s.Index, s => s.Pose);
        return [.. keyframes.Where(k => poses.ContainsKey(k.Index)).Select(k => (k, poses[k.Index]))];
    }

    private static PoseSolution Turning(
        List<TrackedFrame> keyframes, Camera camera, double pixelSize, TrackPass pass, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var map = new Reconstruction(camera, PoseFreedom.RotationOnly, RotationChain.Of(camera, keyframes));
        map.Adjust(FinalIterations, cancellation);
        var solution = Complete(map, pixelSize, pass, CameraPathScale.None);
        if (solution.InlierShare < MinTurningAgreement)
            throw Failures.NoCommonMotion(solution.InlierShare);
        progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
            $"The camera turns and does not move enough to tell: {solution.InlierShare:P0} of what is seen agrees with a camera that stays where it is. The path holds rotations only.")));
        return solution;
    }

    private static PoseSolution Complete(Reconstruction map, double pixelSize, TrackPass pass, CameraPathScale scale)
    {
        var location = new FrameLocation(map, pixelSize);
        foreach (var frame in pass.Read("Locating frames")) location.Add(frame);
        var (poses, qualities) = location.Finish();
        return new()
        {
            Poses = poses,
            Frames = qualities,
            Scale = scale,
            ReprojectionError = location.ReprojectionError,
            InlierShare = location.InlierShare,
        };
    }
}
