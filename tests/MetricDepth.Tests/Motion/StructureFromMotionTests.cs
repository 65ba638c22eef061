using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Poses;
using MetricDepth.Scenes.Sets;

namespace MetricDepth.Tests.Motion;

public sealed class StructureFromMotionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_camera_on_a_tripod_gets_rotations_only_and_is_told_so(bool isKnown)
    {
        var constraint = isKnown ? MotionConstraint.Stationary : MotionConstraint.Free;
        var reports = new List<FrameProgress>();
        var solution = new StructureFromMotionSolver().Solve(SceneProblem.Of(FilmedScene.Spin, DepthSupply.None, constraint), new Collector(reports), TestContext.Current.CancellationToken);
        var path = Trajectory.Compare(solution.Poses, FilmedScene.Spin.Truth);
        Assert.Equal(CameraPathScale.None, solution.Scale);
        Assert.All(solution.Poses, p => Assert.Equal(default, p.Translation));
        Assert.True(path.WorstTurn < 0.3, $"{path.WorstTurn}°"); // 0.05° measured, without a closed loop
        Assert.Equal(!isKnown, reports.Any(r => r.Kind == MessageKind.Warning && r.Message!.Contains("rotations only", StringComparison.Ordinal)));
    }

    [Fact]
    public void Frames_that_see_nothing_are_bridged_and_marked()
    {
        var frames = ExactTracks.Of(Scene.Room, Camera, 60, every: 20, noise: 0.2);
        foreach (int f in new[] { 0, 30, 31, 32, 59 }) frames[f] = new(f, [], [], []);
        var solution = Solve(new TrackProblem(frames) { Camera = Camera, FrameRate = 25 });
        Assert.Equal(60, solution.Poses.Count);
        Assert.Equal([30L, 31L, 32L], solution.Frames.Where(q => q.State == PoseState.Bridged).Select(q => q.Frame));
        Assert.Equal([0L, 59L], solution.Frames.Where(q => q.State == PoseState.Held).Select(q => q.Frame));
        Assert.All(solution.Frames.Where(q => q.State == PoseState.Solved), q =>
        {
            Assert.True(q.Inliers > 50 && q.MedianError < 0.6, q.ToString()); // noise of 0.2 px to each axis
            Assert.True(q.PositionDeviation > 0 && q.RotationDeviation is > 0 and < 0.2, q.ToString());
        });
        Assert.All(solution.Frames.Where(q => q.State != PoseState.Solved), q => Assert.True(double.IsNaN(q.PositionDeviation)));
        // frame 0 repeats frame 1, so the path is compared from there
        var path = Trajectory.Compare([.. solution.Poses.Skip(1).Take(58)], [.. Scene.Room.Path(60).Poses.Skip(1).Take(58)]);
        Assert.True(path.Error < 0.02 * path.Length, $"{path.Error} m of {path.Length} m"); // a hand-held step is no straight line
    }

    [Fact]
    public void A_camera_said_to_stay_in_the_plane_of_its_picture_does()
    {
        var slide = Scene.Floor.WithCamera("Slide", t => FloorSet.Camera(0) * new Pose(
            Rotation.Exp(new(0.02 * Math.Sin(2 * t), 0.1 * Math.Sin(t), 0.03 * Math.Sin(3 * t))), new(0.4 * t, 0.15 * Math.Sin(2 * t), 0)));
        var frames = ExactTracks.Of(slide, Camera, 60, every: 20, noise: 0.2);
        var solution = Solve(new TrackProblem(frames) { Camera = Camera, FrameRate = 25, Constraint = MotionConstraint.NoDepthMotion });
        Assert.All(solution.Poses, p => Assert.Equal(0, p.Translation.Z, 1e-9));
        var path = Trajectory.Compare(solution.Poses, slide.Path(60).Poses);
        Assert.True(path.Error < 0.01 * path.Length, $"{path.Error} m of {path.Length} m");
        Assert.True(path.WorstTurn < 0.3, $"{path.WorstTurn}°");
    }

    [Fact]
    public void Too_little_to_work_with_is_said_by_name()
    {
        Assert.Equal("ClipTooShort", Fail([]));
        Assert.Equal("ClipTooShort", Fail(ExactTracks.Of(Scene.Room, Camera, 1, every: 20, noise: 0)));
        Assert.Equal("InsufficientTexture", Fail([.. Enumerable.Range(0, 20).Select(f => new SightedFrame(f, [], [], []))]));
        // a cut: nothing of what was seen is seen again
        var before = ExactTracks.Of(Scene.Room, Camera, 40, every: 20, noise: 0.2);
        var after = ExactTracks.Of(Scene.Turning, Camera, 40, every: 20, noise: 0.2);
        Assert.Equal("TrackingLost", Fail([.. before, .. after.Select(f => f with { Index = f.Index + 40, Ids = [.. f.Ids.Select(i => i + 1_000_000)] })]));

        static string Fail(SightedFrame[] frames)
        {
            var failure = Assert.Throws<MetricDepthException>(() => Solve(new TrackProblem(frames) { Camera = Camera, FrameRate = 25 }));
            return failure.ErrorId;
        }
    }

    private static Intrinsics Camera => Intrinsics.FromFieldOfView(640, 480, 62, null);

    private static PoseSolution Solve(PoseProblem problem) => new StructureFromMotionSolver().Solve(problem, null, TestContext.Current.CancellationToken);
}

/// <summary>Tracks at hand, as a solver gets them.</summary>
internal sealed class TrackProblem(SightedFrame[] frames) : PoseProblem
{
    public override IEnumerable<SightedFrame> Read(CancellationToken cancellation) => frames;
}
