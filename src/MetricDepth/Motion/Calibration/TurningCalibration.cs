using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion.Calibration;

/// <summary>
/// The focal length of a camera that turns on the spot: the homographies K R K⁻¹ between its pictures tell it (Hartley, "Self-calibration of
/// stationary cameras", 1997). All keyframes' rotations and the focal length are adjusted together; points are bearings, infinitely far.
/// Started from several fields of view, because a narrow one that turns and a wide one that turns less look alike at first.
/// </summary>
internal static class TurningCalibration
{
    private static readonly double[] Starts = [12, 25, 45, 70, 100];
    private const double SameExplanation = 1.03;
    private const double SameFocal = 0.10;

    // a turning camera explains its picture to well under this, px²; a zooming or moving one does not
    private const double MaxError = 0.8;
    private const double Gate = 3;
    private const int MinShared = 8;

    /// <summary>Estimates from keyframes of a camera that only turns.</summary>
    public static FocalEstimate Run(int width, int height, IReadOnlyList<TrackedFrame> keyframes, CancellationToken cancellation)
    {
        var solved = new (Camera Camera, double Error, double Deviation)[Starts.Length];
        // each start stands alone
        Parallel.For(0, Starts.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
            solved[i] = Solve(new(Intrinsics.FromFieldOfView(width, height, Starts[i], null)), keyframes));
        int best = 0;
        for (int i = 1; i < solved.Length; i++)
            if (solved[i].Error < solved[best].Error) best = i;
        double f = solved[best].Camera.Fx, fov = 2 * Math.Atan(width / (2 * f)) * (180 / Math.PI);
        bool reliable = fov is >= FocalEstimate.MinFov and <= FocalEstimate.MaxFov && solved[best].Deviation < FocalEstimate.MaxDeviation && solved[best].Error < MaxError;
        foreach (var (other, error, _) in solved)
            if (error < SameExplanation * solved[best].Error && Math.Abs(other.Fx / f - 1) > SameFocal) reliable = false;
        return new(solved[best].Camera, solved[best].Deviation, reliable);
    }

    private static (Camera Camera, double Error, double Deviation) Solve(Camera camera, IReadOnlyList<TrackedFrame> keyframes)
    {
        var poses = Chain(camera, keyframes);
        var sightings = Sightings(keyframes);
        BundleAdjustment? problem = null;
        for (int round = 0; round < 3; round++)
        {
            problem = new(camera, freeFocal: true);
            for (int k = 0; k < poses.Length; k++) problem.AddPose(poses[k], k == 0);
            foreach (var (host, pixel, seen) in sightings)
            {
                bool started = false;
                foreach (var (k, p) in seen)
                {
                    // in the first round the focal length is only a guess, and everything may miss
                    if (round > 0 && Miss(camera, poses[host], pixel, poses[k], p) > Gate * Gate) continue;
                    if (!started) problem.AddPoint(host, pixel, 0);
                    started = true;
                    problem.AddObservation(k, p);
                }
            }
            problem.Solve(40);
            camera = problem.Camera;
            for (int k = 0; k < poses.Length; k++) poses[k] = problem.PoseOf(k);
        }
        double sum = 0;
        int count = 0;
        foreach (var (host, pixel, seen) in sightings)
            foreach (var (k, p) in seen)
            {
                sum += Math.Min(Gate * Gate, Miss(camera, poses[host], pixel, poses[k], p));
                count++;
            }
        double error = sum / Math.Max(1, count);
        // sightings of one track miss together, so a track counts as one
        double perTrack = (double)problem!.ObservationCount / Math.Max(1, problem.PointCount);
        return (camera, error, problem.FocalDeviation * Math.Sqrt(Math.Max(error, 0.01) * perTrack));
    }

    private static Pose[] Chain(Camera camera, IReadOnlyList<TrackedFrame> keyframes)
    {
        var poses = new Pose[keyframes.Count];
        poses[0] = Pose.Identity;
        for (int k = 1; k < poses.Length; k++)
        {
            Bootstrap.Common(keyframes[k - 1], keyframes[k], out var before, out var now);
            poses[k] = before.Length < MinShared ? poses[k - 1]
                : new(poses[k - 1].Rotation * RotationFit.Run(camera, before, now).Rotation, default);
        }
        return poses;
    }

    private static List<(int Host, Vector2 Pixel, List<(int Keyframe, Vector2 Pixel)> Seen)> Sightings(IReadOnlyList<TrackedFrame> keyframes)
    {
        var tracks = new SortedDictionary<int, (int Host, Vector2 Pixel, List<(int, Vector2)> Seen)>();
        for (int k = 0; k < keyframes.Count; k++)
            for (int i = 0; i < keyframes[k].Ids.Length; i++)
            {
                if (tracks.TryGetValue(keyframes[k].Ids[i], out var track)) track.Seen.Add((k, keyframes[k].Points[i]));
                else tracks.Add(keyframes[k].Ids[i], (k, keyframes[k].Points[i], []));
            }
        return [.. tracks.Values.Where(t => t.Seen.Count > 0)];
    }

    private static double Miss(Camera camera, Pose host, Vector2 pixel, Pose pose, Vector2 seen) =>
        PoseRefinement.SquaredResidual(camera, pose, new(default, host.Rotation * camera.Ray(pixel), 0, seen));
}
