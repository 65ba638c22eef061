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
    private const int FinalIterations = 30;
    private const int StartKeyframes = 12;

    // a turning camera explains what it sees; where it does not, zooming or things that move would be taken for turning
    private const double MinTurningAgreement = 0.4;

    /// <inheritdoc/>
    public PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var pass = new TrackPass(problem, progress, cancellation);
        var keyframes = pass.Keyframes();
        if (pass.Frames < 2) throw Failures.PathTooShort(pass.Frames);
        if (keyframes.Count == 0) throw Failures.NothingToFollow();
        keyframes = TrackLinks.Longest(keyframes, problem.FrameRate);
        var map = problem.Constraint == MotionConstraint.Stationary ? null : Moving(problem, keyframes, pass.Camera, cancellation);
        bool isTurning = map is null;
        map ??= Turning(keyframes, pass.Camera, cancellation);
        int loops = ReconstructionLoops.Run(map, pass.Width, pass.Height, problem, progress, cancellation);
        var solution = Locate(map, pass) with { LoopsClosed = loops, Scale = isTurning ? CameraPathScale.None : CameraPathScale.Relative };
        if (!isTurning) return solution;
        if (solution.InlierShare < MinTurningAgreement) throw Failures.NoCommonMotion(solution.InlierShare);
        if (problem.Constraint != MotionConstraint.Stationary)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The camera turns and does not move enough to tell: {solution.InlierShare:P0} of what is seen agrees with a camera that stays where it is. The path holds rotations only.")));
        return solution;
    }

    /// <summary>Solves for a camera that moves; null where there is too little parallax to say that it does.</summary>
    private static Reconstruction? Moving(PoseProblem problem, List<TrackedFrame> keyframes, Camera camera, CancellationToken cancellation)
    {
        var solver = new SequentialSolver(camera, problem.FrameRate, null, cancellation);
        if (!Run(solver, keyframes, problem.FrameRate, cancellation) || solver.Odometry!.Statistics.Parallax < ClipSolver.MinParallax) return null;
        var posed = Posed(solver, keyframes);
        var freedom = problem.Constraint == MotionConstraint.NoDepthMotion ? PoseFreedom.InPlane : PoseFreedom.Free;
        var map = Adjusted(camera, freedom, posed, [.. keyframes.Where(k => k.Index < posed[0].Frame.Index)], cancellation);
        // two views, and the first few, often have a second explanation nearly as good; seen from what follows, only one remains
        int start = Math.Min(StartKeyframes, map.Frames.Count / 2);
        var again = Adjusted(camera, freedom, [.. map.Frames.Zip(map.Poses).Skip(start)], [.. map.Frames.Take(start)], cancellation);
        return again.Frames.Count == map.Frames.Count && again.CappedError() < map.CappedError() ? again : map;
    }

    private static Reconstruction Turning(List<TrackedFrame> keyframes, Camera camera, CancellationToken cancellation)
    {
        var map = new Reconstruction(camera, PoseFreedom.RotationOnly, RotationChain.Of(camera, keyframes));
        map.Adjust(FinalIterations, cancellation);
        return map;
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

    private static PoseSolution Locate(Reconstruction map, TrackPass pass)
    {
        var location = new FrameLocation(map, pass.PixelSize);
        foreach (var frame in pass.Read("Locating frames")) location.Add(frame);
        var (poses, qualities) = location.Finish();
        return new()
        {
            Poses = poses,
            Frames = qualities,
            Scale = CameraPathScale.Relative,
            ReprojectionError = location.ReprojectionError,
            InlierShare = location.InlierShare,
        };
    }
}
