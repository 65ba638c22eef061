using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Tests.Motion;

/// <summary>Camera paths solved from tracks alone, on scenes of which everything is known.</summary>
public class StructureFromMotionTruthTests(ITestOutputHelper output)
{
    private static readonly Solutions Solved = new(() => new StructureFromMotionSolver());

    [Theory]
    [InlineData("Loop")]
    [InlineData("Walk")]
    [InlineData("Crowd")]
    public void The_path_is_right_up_to_its_size(string scene)
    {
        var score = Score(scene);
        // as with depth: the pictures alone fix all but the size, and points at 0.3 px seen over two metres of baseline are as good as a sensor
        Assert.True(score.Share <= 0.005, $"{score}");
        Assert.True(score.Path.RotationError < 0.5, $"{score}");
        // the worst of a crowd's is a quarter of a degree
        Assert.True(score.Path.WorstTurn < 0.5, $"{score}");
        Assert.True(score.Warp < 1e-9, $"{score}");
        Assert.Equal(CameraPathScale.Relative, score.Solution.Scale);
        Assert.True(score.Solution.Frames.Count(f => f.State == PoseState.Solved) >= 0.97 * score.Solution.Frames.Count, $"{score}");
    }

    private PoseScore Score(string scene)
    {
        var score = Solved.Score(scene, DepthSupply.None);
        output.WriteLine($"{scene}: {score}");
        return score;
    }
}
