using System.Collections.Concurrent;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.DepthAssisted;
using MetricDepth.Scenes;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion.DepthAssisted;

/// <summary>What the camera path from depth is worth, on tracks of points known exactly.</summary>
public sealed class DepthAssistedSolverTests
{
    // a metre and a half to the side and forwards, looking about by half a right angle, with the tremor of a hand
    private static Pose Handheld(int frame)
    {
        double t = frame / 30.0;
        return new(Rotation.Exp(new(0.05 * Math.Sin(2.1 * t), 0.35 * t, 0.04 * Math.Sin(3 * t))), new(0.5 * t, 0.08 * Math.Sin(2.5 * t), 0.3 * t + 0.05 * Math.Sin(4 * t)));
    }

    private static PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress = null) =>
        new DepthAssistedSolver().Solve(problem, progress, TestContext.Current.CancellationToken);

    [Fact]
    public void Exact_tracks_and_depth_give_the_path_back_in_metres()
    {
        var walk = PointCloudWalk.Of(90, Handheld, new());
        var solution = Solve(walk);
        for (int i = 0; i < 90; i++)
        {
            // pixels are floats, 3e-5 px of rounding each; a tenth of a millimetre is far above what that comes to
            Assert.True((solution.Poses[i].Translation - walk.Truth[i].Translation).Length < 1e-4, $"frame {i}: {solution.Poses[i].Translation}");
            Assert.True((solution.Poses[i].Rotation * walk.Truth[i].Rotation.Transposed).Angle < 1e-4);
        }
        Assert.Equal(CameraPathScale.Metric, solution.Scale);
        Assert.Equal(1, solution.InlierShare, 2);
        Assert.All(solution.Frames, (f, i) => Assert.True(f.Frame == i && f.State == PoseState.Solved && f.Inliers > 100 && f.MedianError < 0.01 && f.PositionDeviation is > 0 and < 0.02));
    }

    [Fact]
    public void Half_a_pixel_and_a_Kinects_noise_leave_millimetres()
    {
        var walk = PointCloudWalk.Of(90, Handheld, new() { PixelNoise = 0.5, Deliver = (_, z, n) => z + 1.4e-3 * z * z * n });
        var solution = Solve(walk);
        var t = Trajectory.CompareMetric(solution.Poses, walk.Truth);
        // what the normal equations say of a single frame with 150 such points; the map is made from many
        Assert.All(solution.Frames, f => Assert.InRange(f.PositionDeviation, 0.002, 0.01));
        Assert.True(t.Error < 0.005, $"{t}");
        Assert.True(t.RotationError < 0.15, $"{t}");
    }

    [Fact]
    public void Depth_that_wavers_from_frame_to_frame_leaves_the_path_whole()
    {
        var walk = PointCloudWalk.Of(120, Handheld, new() { PixelNoise = 0.3, Deliver = (f, z, n) => z * (1 + 0.05 * Math.Sin(0.4 * f)) * (1 + 0.03 * n) }, DepthTrust.Estimated);
        var t = Trajectory.CompareMetric(Solve(walk).Poses, walk.Truth);
        Assert.True(t.Error < 0.01 * t.Length, $"{t}"); // what issue 4 asks for
        Assert.True(t.RotationError < 0.3, $"{t}");
    }

    [Fact]
    public void A_covered_lens_is_bridged_and_said_so()
    {
        var walk = PointCloudWalk.Of(90, Handheld, new() { IsSeen = f => f is < 40 or >= 46 });
        var messages = new ConcurrentQueue<string>();
        var solution = Solve(walk, new Listener(p => { if (p.Kind != MessageKind.None) messages.Enqueue(p.Message!); }));
        Assert.All(solution.Frames, (f, i) => Assert.Equal(i is >= 40 and < 46 ? PoseState.Bridged : PoseState.Solved, f.State));
        Assert.All(solution.Frames.Skip(40).Take(6), f => Assert.True(f.Inliers == 0 && double.IsNaN(f.PositionDeviation)));
        // a hand moves on evenly enough for two centimetres in a fifth of a second
        for (int i = 0; i < 90; i++) Assert.True((solution.Poses[i].Translation - walk.Truth[i].Translation).Length < (i is >= 40 and < 46 ? 0.02 : 1e-3), $"frame {i}");
        Assert.Contains(messages, m => m.Contains("40") && m.Contains("45"));
    }

    [Fact]
    public void Frames_before_the_first_and_after_the_last_sight_hold_still()
    {
        var walk = PointCloudWalk.Of(60, Handheld, new() { IsSeen = f => f is >= 5 and < 50 });
        var solution = Solve(walk);
        Assert.All(solution.Frames, (f, i) => Assert.Equal(i is < 5 or >= 50 ? PoseState.Held : PoseState.Solved, f.State));
        Assert.All(solution.Poses.Take(5), p => Assert.Equal(Pose.Identity, p));
        Assert.All(solution.Poses.Skip(50), p => Assert.Equal(solution.Poses[49], p));
    }

    [Fact]
    public void A_cut_is_named_with_its_frame()
    {
        var walk = PointCloudWalk.Of(90, Handheld, new() { Cut = 50 });
        var e = Assert.Throws<MetricDepthException>(() => Solve(walk));
        Assert.Equal("TrackingLost", e.ErrorId);
        Assert.Equal(50, e.Frame);
    }

    [Fact]
    public void Without_any_depth_there_is_an_error_that_says_what_to_do()
    {
        var e = Assert.Throws<MetricDepthException>(() => Solve(PointCloudWalk.Of(30, Handheld, new() { Deliver = (_, _, _) => 0 })));
        Assert.Equal("InsufficientDepth", e.ErrorId);
        Assert.Contains("leave the depth out", e.Message);
    }

    [Fact]
    public void A_sensor_that_pauses_for_a_second_is_made_up_for_by_parallax()
    {
        var walk = PointCloudWalk.Of(120, Handheld, new() { PixelNoise = 0.3, Deliver = (f, z, _) => f is >= 30 and < 60 ? 0 : z });
        var solution = Solve(walk);
        Assert.All(solution.Frames, f => Assert.Equal(PoseState.Solved, f.State));
        // a third of a pixel over a metre and a half of way: under a centimetre
        Assert.True(Trajectory.CompareMetric(solution.Poses, walk.Truth).Error < 0.01);
    }

    [Fact]
    public void A_third_of_the_points_moving_as_one_is_not_followed()
    {
        // as a crowd on the right goes by at a metre a second
        var walk = PointCloudWalk.Of(90, Handheld, new() { PixelNoise = 0.3, Move = (f, i, at) => i / 6 % 3 == 0 ? at + new Vector3(f / 30.0, 0, 0) : at });
        var solution = Solve(walk);
        var t = Trajectory.CompareMetric(solution.Poses, walk.Truth);
        Assert.True(t.Error < 0.005 * t.Length, $"{t}"); // issue 4
        Assert.InRange(solution.InlierShare, 0.5, 0.75);
    }

    [Fact]
    public void A_camera_on_a_tripod_has_exactly_one_place()
    {
        var walk = PointCloudWalk.Of(90, f => new(Rotation.Exp(new(0, 0.02 * f, 0)), default), new() { PixelNoise = 0.5, Deliver = (_, z, n) => z * (1 + 0.3 * n) }, constraint: MotionConstraint.Stationary);
        var solution = Solve(walk);
        Assert.All(solution.Poses, p => Assert.Equal(default, p.Translation));
        // depth wrong by a third does not matter to a camera that only turns
        for (int i = 0; i < 90; i++) Assert.True((solution.Poses[i].Rotation * walk.Truth[i].Rotation.Transposed).Angle < 0.002, $"frame {i}");
    }

    [Fact]
    public void A_camera_that_only_turned_is_told_from_one_that_moved()
    {
        Assert.Contains(Told(f => new(Rotation.Exp(new(0, 0.02 * f, 0)), default)), m => m.StartsWith("The camera only turned, by up to 67", StringComparison.Ordinal));
        Assert.DoesNotContain(Told(Handheld), m => m.Contains("only turned"));

        static IEnumerable<string> Told(Func<int, Pose> camera)
        {
            var messages = new ConcurrentQueue<string>();
            var walk = PointCloudWalk.Of(60, camera, new() { PixelNoise = 0.3, Deliver = (_, z, n) => z + 1.4e-3 * z * z * n });
            Solve(walk, new Listener(p => { if (p.Kind == MessageKind.Verbose) messages.Enqueue(p.Message!); }));
            return messages;
        }
    }

    [Fact]
    public void Cancelling_stops_within_a_second()
    {
        var walk = PointCloudWalk.Of(90, Handheld, new() { PixelNoise = 0.5 });
        using var stop = new CancellationTokenSource();
        long asked = 0;
        Assert.Throws<OperationCanceledException>(() => new DepthAssistedSolver().Solve(walk, new Listener(p =>
        {
            if (p.Done != 45 || asked != 0) return;
            asked = System.Diagnostics.Stopwatch.GetTimestamp();
            stop.Cancel();
        }), stop.Token));
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(asked).TotalSeconds < 1);
    }

    [Fact]
    public void A_camera_that_keeps_to_its_plane_does_so_exactly()
    {
        var walk = PointCloudWalk.Of(60, f => new(Rotation.Exp(new(0, 0.004 * f, 0)), new(0.01 * f, 0.1 * Math.Sin(0.1 * f), 0)), new() { PixelNoise = 0.5, Deliver = (_, z, n) => z + 1.4e-3 * z * z * n },
            constraint: MotionConstraint.NoDepthMotion);
        var solution = Solve(walk);
        Assert.All(solution.Poses, p => Assert.Equal(0, p.Translation.Z, 1e-12)); // rounding
        Assert.True(Trajectory.CompareMetric(solution.Poses, walk.Truth).Error < 0.005); // a frame's deviation, as above
    }

    [Fact]
    public void The_same_tracks_give_the_same_path_to_the_last_bit()
    {
        var walk = PointCloudWalk.Of(60, Handheld, new() { PixelNoise = 0.5, Deliver = (_, z, n) => z + 1.4e-3 * z * z * n, Move = (f, i, at) => i / 6 % 4 == 0 ? at + new Vector3(0, 0.03 * f, 0) : at });
        Assert.Equal(Solve(walk).Poses, Solve(walk).Poses);
    }

    private sealed class Listener(Action<FrameProgress> hear) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => hear(value);
    }
}
