using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>
/// Solves a camera path in metres from tracks and the depth under them: frames are posed against a map of keyframes as they come, all
/// keyframes are adjusted together at the end, and then every frame is posed once more against the finished map. Holds the keyframes and their points;
/// of every other frame only its pose. The same tracks give the same path whatever the number of threads.
/// </summary>
internal sealed class DepthAssistedSolver : IPoseSolver
{
    private const int GlobalIterations = 30, Batch = 64;

    // a centre that never strays farther than this from where it began may well not have moved
    private const double OwnMotionDeviations = 3;

    public PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (problem.Depth == DepthTrust.None) throw new ArgumentException("There is no depth.", nameof(problem));
        var freedom = problem.Constraint switch
        {
            MotionConstraint.Stationary => PoseFreedom.RotationOnly,
            MotionConstraint.NoDepthMotion => PoseFreedom.InPlane,
            _ => PoseFreedom.Free,
        };
        double diagonal = Math.Sqrt((double)problem.Camera.Width * problem.Camera.Width + (double)problem.Camera.Height * problem.Camera.Height);
        var noise = problem.Depth == DepthTrust.Measured ? DepthNoise.Measured : DepthNoise.Estimated;
        var map = new PointMap(new Camera(problem.Camera), noise, problem.Depth, TrackNoise.Of(diagonal, problem.Depth));
        var front = new FrontEnd(map, freedom, problem.FrameRate, diagonal, cancellation);
        foreach (var frame in problem.Read(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            front.Add(frame);
            progress?.Report(new("Following the camera", frame.Index + 1, problem.FrameCount));
        }
        if (map.Keyframes.Count == 0) throw DepthAssistedFailures.InsufficientDepth(front.MostReadings);
        front.Finish();
        MapAdjustment.Run(map, freedom, 1, 0, GlobalIterations, cancellation);
        int closed = MapLoops.Run(map, problem, freedom, progress, cancellation);
        return Assemble(Pose(problem, new(map, freedom, front.Frames), front.Frames.Count, progress, cancellation), progress) with { LoopsClosed = closed };
    }

    private static List<FinalFrame> Pose(PoseProblem problem, FinalPass pass, int count, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var frames = new List<FinalFrame>(count);
        var batch = new List<SightedFrame>(Batch);
        var solved = new FinalFrame[Batch];
        foreach (var frame in problem.Read(cancellation))
        {
            batch.Add(frame);
            if (batch.Count == Batch) Flush();
        }
        Flush();
        return frames;

        void Flush()
        {
            Parallel.For(0, batch.Count, new() { CancellationToken = cancellation }, i => solved[i] = pass.Solve(batch[i]));
            frames.AddRange(solved.AsSpan(0, batch.Count));
            batch.Clear();
            progress?.Report(new("Placing frames", frames.Count, count));
        }
    }

    private static PoseSolution Assemble(List<FinalFrame> frames, IProgress<FrameProgress>? progress)
    {
        var poses = new Pose[frames.Count];
        var qualities = new PoseQuality[frames.Count];
        int last = -1;
        long sightings = 0, inliers = 0;
        double squared = 0;
        for (int i = 0; i < poses.Length; i++)
        {
            var f = frames[i];
            qualities[i] = f.Quality;
            if (f.Pose is not { } pose) continue;
            poses[i] = pose;
            sightings += f.Sightings;
            inliers += f.Inliers;
            squared += f.SquaredError;
            for (int j = last + 1; j < i; j++)
            {
                poses[j] = last < 0 ? pose : CameraInterpolation.Between(poses[last], pose, (double)(j - last) / (i - last));
                qualities[j] = qualities[j] with { State = last < 0 ? PoseState.Held : PoseState.Bridged };
            }
            if (last >= 0 && i - last > 1) Tell(last + 1, i - 1);
            last = i;
        }
        for (int j = last + 1; j < poses.Length; j++)
        {
            poses[j] = poses[last];
            qualities[j] = qualities[j] with { State = PoseState.Held };
        }
        var origin = poses[0].Inverse;
        for (int i = 0; i < poses.Length; i++) poses[i] = origin * poses[i];
        TellIfItOnlyTurned(poses, qualities, progress);
        return new()
        {
            Poses = poses,
            Frames = qualities,
            Scale = CameraPathScale.Metric,
            ReprojectionError = inliers > 0 ? Math.Sqrt(squared / inliers) : 0,
            InlierShare = sightings > 0 ? (double)inliers / sightings : 0,
        };

        void Tell(int from, int to) => progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"Frames {from} to {to} see too little: their poses lie between those of frames {from - 1} and {to + 1}.")));
    }

    // metres stay metres, but who wants to see depth from motion, or to know the field of view, is to know why there is none
    private static void TellIfItOnlyTurned(Pose[] poses, PoseQuality[] qualities, IProgress<FrameProgress>? progress)
    {
        double reach = 0, turn = 0;
        var deviations = new List<double>();
        for (int i = 0; i < poses.Length; i++)
        {
            if (qualities[i].State != PoseState.Solved) continue;
            reach = Math.Max(reach, poses[i].Translation.Length);
            turn = Math.Max(turn, poses[i].Rotation.Angle);
            deviations.Add(qualities[i].PositionDeviation);
        }
        if (deviations.Count == 0) return;
        deviations.Sort();
        double uncertainty = deviations[deviations.Count / 2];
        if (!(reach <= OwnMotionDeviations * uncertainty)) return;
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The camera only turned, by up to {turn * (180 / Math.PI):0.0}°: its centre stays within {1000 * reach:0.#} mm, and is known to {1000 * uncertainty:0.#} mm.")));
    }
}
