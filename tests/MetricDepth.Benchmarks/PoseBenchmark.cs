using System.Diagnostics;
using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.DepthAssisted;
using MetricDepth.Scenes;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Benchmarks;

/// <summary>How near the solved camera paths of a recorded walk come to the sensor's poses, and what a frame costs with tracks ready.</summary>
internal static class PoseBenchmark
{
    /// <summary>The solvers, each with the depth it is given. One line makes a new one measured.</summary>
    internal static readonly (string Name, DepthTrust Depth, Func<IPoseSolver> Create)[] Solvers =
    [
        ("structure from motion", DepthTrust.None, () => new StructureFromMotionSolver()),
        ("depth-assisted, sensor depth", DepthTrust.Measured, () => new DepthAssistedSolver()),
        ("depth-assisted, estimated depth", DepthTrust.Estimated, () => new DepthAssistedSolver()),
    ];

    private const int Points = 414;

    /// <summary>Measures all solvers that the given depth suffices for.</summary>
    /// <param name="folder">The walk.</param>
    /// <param name="estimate">A depth video made from its pictures; without one, solvers on estimated depth are left out.</param>
    public static int Run(string folder, string? estimate)
    {
        WithoutDepth(folder);
        foreach (var (name, depth, create) in Solvers.Where(s => s.Depth != DepthTrust.Estimated || estimate is not null))
        {
            var walk = RoomWalk.Load(folder, depth, estimate, Points);
            var times = new List<double>();
            PoseSolution? solution = null;
            for (int round = 0; round < 4; round++)
            {
                var clock = Stopwatch.StartNew();
                solution = create().Solve(walk, null, default);
                // the first round compiles
                if (round > 0) times.Add(clock.Elapsed.TotalMilliseconds / solution.Poses.Count);
            }
            // the scale of an estimate is an assumption
            Print(name, depth != DepthTrust.Measured, solution!.Poses, walk.Truth, times.Order().ElementAt(times.Count / 2));
        }
        return 0;
    }

    private static void WithoutDepth(string folder)
    {
        var clip = VideoProbe.Probe(Path.Combine(folder, "color.mp4"));
        using var color = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8 }, default);
        var tracker = new PointTracker(clip.Width, clip.Height, new());
        var frames = new List<TrackedFrame>();
        for (var gray = new byte[color.FrameBytes]; color.Read(gray);) frames.Add(tracker.Next(gray));
        var clock = Stopwatch.StartNew();
        var solver = new ClipSolver(new() { Clip = clip, HorizontalFov = 62.7 }, clip.Width, clip.Height, clip.FrameRate.Value, null, default);
        foreach (var frame in frames) solver.Add(frame);
        var motion = solver.Finish();
        Print("motion stereo's solver, no depth", true, motion.Poses, CameraPath.Load(Path.Combine(folder, "poses.json")).Poses, clock.Elapsed.TotalMilliseconds / frames.Count);
    }

    private static void Print(string name, bool isScaleFree, IReadOnlyList<Pose> poses, IReadOnlyList<Pose> truth, double milliseconds)
    {
        var t = isScaleFree ? Trajectory.Compare(poses, truth) : Trajectory.CompareMetric(poses, truth);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: ATE {100 * t.Error:0.0} cm ({(isScaleFree ? "similarity" : "rigid")}), rotation {t.RotationError:0.00}° (worst {t.WorstTurn:0.00}°), {milliseconds:0.0} ms a frame"));
    }
}
