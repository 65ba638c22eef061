using System.Numerics;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Motion;

public sealed class CameraSolverTests
{
    private const int Walk = 60;

    [Fact]
    public void The_camera_is_followed_through_a_room()
    {
        var motion = Filmed.Solve(Filmed.Film(Scene.Room, Walk));
        var truth = Scene.Room.Path(Walk).Poses;
        var result = Trajectory.Compare(motion.Poses, truth);
        double travel = (truth[^1].Translation - truth[0].Translation).Length;
        Assert.Equal(Walk, motion.Poses.Count);
        Assert.Equal(Walk, motion.SceneDepths.Count);
        // a tenth of a pixel at 246 px focal length is 0.02°; over the clip an order of magnitude is allowed for drift
        Assert.True(result.WorstTurn < 0.5, $"rotation off by {result.WorstTurn}°");
        Assert.True(result.Error < 0.02 * travel, $"centres off by {result.Error} m in {travel} m");
        double early = Trajectory.LocalScale(motion.Poses, truth, 0, Walk / 2), late = Trajectory.LocalScale(motion.Poses, truth, Walk / 2, Walk / 2);
        Assert.True(Math.Abs(early / late - 1) < 0.04, $"scale drifts from {early} to {late}");
        Assert.True(motion.ReprojectionError < 0.6, $"{motion.ReprojectionError} px");
        Assert.True(motion.InlierShare > 0.8, $"{motion.InlierShare} inliers");
        Assert.Equal(default, motion.Poses[0].Translation);
    }

    [Fact]
    public void Scene_depths_have_the_scale_of_the_path()
    {
        var motion = Filmed.Solve(Filmed.Film(Scene.Room, Walk));
        double scale = Trajectory.Compare(motion.Poses, Scene.Room.Path(Walk).Poses).Scale;
        foreach (int frame in new[] { 0, Walk / 2, Walk - 1 })
        {
            var truth = Scene.Room.Render(frame, Filmed.Camera).Depth.Data.Where(d => d > 0).Order().ToArray();
            var seen = motion.SceneDepths[frame];
            Assert.True(seen.Count > 50);
            Assert.True(seen.Near <= seen.Median && seen.Median <= seen.Far);
            // corners do not sample the picture evenly, so only the range can be compared
            Assert.InRange(seen.Median * scale, truth[truth.Length / 5], truth[truth.Length * 4 / 5]);
            Assert.InRange(seen.Far * scale, truth[truth.Length / 2], truth[^1] * 1.1);
            Assert.InRange(seen.Near * scale, truth[0] * 0.9, truth[truth.Length / 2]);
        }
    }

    [Fact]
    public void The_same_frames_give_the_same_answer_again()
    {
        var first = Filmed.Solve(Filmed.Film(Scene.Room, 40));
        var again = Filmed.Solve(Filmed.Film(Scene.Room, 40));
        Assert.Equal(first.Poses, again.Poses);
        Assert.Equal(first.SceneDepths, again.SceneDepths);
    }

    [Fact]
    public void The_field_of_view_is_found_when_nobody_tells_it()
    {
        var reports = new List<FrameProgress>();
        var motion = Filmed.Solve(Filmed.Film(Scene.Room, Walk), fov: null, reports: reports);
        Assert.True(motion.FieldOfViewEstimated);
        Assert.Equal(Filmed.Fov, motion.Intrinsics.HorizontalFov, 4.0);
        Assert.Contains(reports, r => r.Kind == MessageKind.Verbose && r.Message!.Contains("field of view", StringComparison.Ordinal));
    }

    [Fact]
    public void A_ball_that_rolls_through_does_not_carry_the_camera_along()
    {
        var motion = Filmed.Solve(Filmed.Film(Scene.Runner, 50));
        var result = Trajectory.Compare(motion.Poses, Scene.Runner.Path(50).Poses);
        Assert.True(result.WorstTurn < 0.7, $"rotation off by {result.WorstTurn}°");
        Assert.True(result.Error < 0.02, $"centres off by {result.Error} m");
    }

    [Fact]
    public void A_camera_that_only_turns_is_refused() =>
        AssertRefused("InsufficientParallax", () => Filmed.Solve(Filmed.Film(Scene.Turning, 40)));

    [Fact]
    public void A_camera_that_only_turns_is_refused_without_field_of_view_too() =>
        AssertRefused("InsufficientParallax", () => Filmed.Solve(Filmed.Film(Scene.Turning, 40), fov: null));

    [Fact]
    public void A_telephoto_pan_is_refused_even_when_a_wide_lens_is_claimed() =>
        // what bear.mp4 is: seen through a wide lens, the pan would be a slide along a wall
        AssertRefused("InsufficientParallax", () => Filmed.Solve(Filmed.Film(Scene.Turning, 40), fov: 100));

    [Fact]
    public void A_camera_that_stands_still_is_refused() =>
        AssertRefused("InsufficientParallax", () => Filmed.Solve(Enumerable.Repeat(Filmed.Gray(Scene.Still, 0), 210)));

    [Fact]
    public void A_clip_without_detail_is_refused() =>
        AssertRefused("InsufficientTexture", () => Filmed.Solve(Enumerable.Repeat(new byte[Filmed.Width * Filmed.Height], 10)));

    [Fact]
    public void A_single_frame_is_refused()
    {
        AssertRefused("ClipTooShort", () => Filmed.Solve(Filmed.Film(Scene.Room, 1)));
        AssertRefused("ClipTooShort", () => Filmed.Solve([]));
    }

    [Fact]
    public void Frames_before_the_camera_moves_get_poses_too()
    {
        // long enough that the solver has to let frames go before there is any parallax
        var waiting = Enumerable.Repeat(Filmed.Gray(Scene.Room, 0), 210);
        var motion = Filmed.Solve(waiting.Concat(Filmed.Film(Scene.Room, Walk)));
        Assert.Equal(210 + Walk, motion.Poses.Count);
        Assert.Equal(210 + Walk, motion.SceneDepths.Count);
        double travel = (motion.Poses[^1].Translation - motion.Poses[210].Translation).Length;
        foreach (int frame in new[] { 5, 100, 150, 209 })
            Assert.True(motion.Poses[frame].Translation.Length < 0.01 * travel, $"frame {frame} moved by {motion.Poses[frame].Translation.Length} of {travel}");
        var result = Trajectory.Compare([.. motion.Poses.Skip(210)], Scene.Room.Path(Walk).Poses);
        Assert.True(result.WorstTurn < 0.5, $"rotation off by {result.WorstTurn}°");
    }

    [Fact]
    public void A_few_black_frames_are_bridged()
    {
        var frames = Filmed.Film(Scene.Room, Walk).ToArray();
        for (int f = 30; f < 33; f++) frames[f] = new byte[frames[f].Length];
        var motion = Filmed.Solve(frames);
        var result = Trajectory.Compare(motion.Poses, Scene.Room.Path(Walk).Poses);
        Assert.Equal(Walk, motion.Poses.Count);
        // a hand-held step is not a straight line: the three frames between lie off it by up to half a degree
        Assert.True(result.WorstTurn < 1.0, $"rotation off by {result.WorstTurn}°");
    }

    [Fact]
    public void A_known_path_gives_depths_in_metres()
    {
        var path = Scene.Room.Path(Walk);
        var motion = Filmed.Solve(Filmed.Film(Scene.Room, Walk), known: path);
        Assert.Equal(path.Poses, motion.Poses);
        var truth = Scene.Room.Render(Walk / 2, Filmed.Camera).Depth.Data.Where(d => d > 0).Order().ToArray();
        Assert.InRange(motion.SceneDepths[Walk / 2].Median, truth[truth.Length / 5], truth[truth.Length * 4 / 5]);
        Assert.True(motion.InlierShare > 0.8, $"{motion.InlierShare} inliers");
    }

    [Fact]
    public void A_path_that_is_too_short_is_refused() =>
        AssertRefused("CameraPathTooShort", () => Filmed.Solve(Filmed.Film(Scene.Room, 12), known: Scene.Room.Path(10)));

    [Fact]
    public void What_is_held_does_not_grow_with_the_clip()
    {
        var prefix = new PrefixBuffer();
        int[] ids = [.. Enumerable.Range(0, 60)];
        for (int f = 0; f < 1000; f++)
        {
            // a camera that turns slowly: everything slides by a tenth of a pixel a frame
            var points = ids.Select(i => new Vector2(20 + 25 * (i % 10) + 0.1f * f % 30, 20 + 30 * (i / 10))).ToArray();
            prefix.Add(new(f, f % 40 == 0, ids, points));
            if (prefix.IsFull) prefix.DropHalf(new Camera(Filmed.Camera));
            Assert.True(prefix.Frames.Count <= 200);
        }
        Assert.Equal(1000, prefix.Head.Count + prefix.Frames.Count);
    }

    private static void AssertRefused(string errorId, Action act)
    {
        var failure = Assert.Throws<MetricDepthException>(act);
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains("-M", failure.Message, StringComparison.Ordinal); // -ModelPath or -MaxFrames: says what to do instead
    }
}
