using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Tests.Motion;

public sealed class StructureFromMotionTests
{
    [Fact]
    public void A_straight_walk_is_followed_up_to_scale()
    {
        var solution = Solve(SceneProblem.Of(FilmedScene.Walk, DepthSupply.None));
        var path = Trajectory.Compare(solution.Poses, FilmedScene.Walk.Truth);
        Assert.Equal(CameraPathScale.Relative, solution.Scale);
        Assert.True(path.Error < 0.005 * path.Length, $"{path.Error} m of {path.Length} m"); // 0.05 % measured
        Assert.True(path.WorstTurn < 0.5, $"{path.WorstTurn}°");
    }

    [Fact]
    public void A_crowd_does_not_carry_the_camera_along()
    {
        var solution = Solve(SceneProblem.Of(FilmedScene.Crowd, DepthSupply.None));
        var path = Trajectory.Compare(solution.Poses, FilmedScene.Crowd.Truth);
        Assert.True(path.Error < 0.005 * path.Length, $"{path.Error} m of {path.Length} m");
    }

    [Fact]
    public void A_walk_through_two_rooms_is_followed_up_to_scale()
    {
        var solution = Solve(SceneProblem.Of(FilmedScene.Loop, DepthSupply.None));
        var path = Trajectory.Compare(solution.Poses, FilmedScene.Loop.Truth);
        Assert.True(path.Error < 0.005 * path.Length, $"{path.Error} m of {path.Length} m"); // 0.07 % measured
    }

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

    private static PoseSolution Solve(PoseProblem problem) => new StructureFromMotionSolver().Solve(problem, null, TestContext.Current.CancellationToken);
}
