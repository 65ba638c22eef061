using MetricDepth.Geometry;
using MetricDepth.Motion.DepthAssisted;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion.DepthAssisted;

public sealed class ThreePointPoseTests
{
    [Fact]
    public void The_true_pose_is_among_the_solutions()
    {
        var random = new Random(11);
        double Next() => random.NextDouble() * 2 - 1;
        var poses = new Pose[ThreePointPose.MaxSolutions];
        int missed = 0;
        for (int trial = 0; trial < 500; trial++)
        {
            var truth = new Pose(Rotation.Exp(new(Next(), Next(), Next())), new(Next(), Next(), Next()));
            Vector3[] seen = [new(Next(), Next(), 2 + Next()), new(Next(), Next(), 2 + Next()), new(Next(), Next(), 2 + Next())];
            int count = ThreePointPose.Solve([.. seen.Select(s => truth * s)], seen, poses);
            if (!poses.Take(count).Any(p => (p.Translation - truth.Translation).Length < 1e-3 && (p.Rotation * truth.Rotation.Transposed).Angle < 1e-3)) missed++;
        }
        // thin triangles and double roots are given up: a consensus over many triples does not miss them
        Assert.True(missed < 15, $"{missed} of 500");
    }

    [Fact]
    public void Points_in_a_line_have_no_solution()
    {
        var poses = new Pose[ThreePointPose.MaxSolutions];
        Assert.Equal(0, ThreePointPose.Solve([new(-1, 0, 3), new(0, 0, 3), new(1, 0, 3)], [new(-1, 0, 3), new(0, 0, 3), new(1, 0, 3)], poses));
        Assert.Equal(0, ThreePointPose.Solve([default, default, default], [new(0, 0, 1), new(0, 0, 1), new(0, 0, 1)], poses));
    }
}
