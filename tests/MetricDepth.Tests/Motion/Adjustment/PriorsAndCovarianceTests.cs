using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Tests.Motion.Adjustment;

public sealed class PriorsAndCovarianceTests
{
    [Fact]
    public void The_stated_deviation_of_a_pose_is_the_spread_of_many_solutions()
    {
        const int runs = 60;
        double turn = 0, move = 0;
        PoseCovariance? stated = null;
        for (int run = 0; run < runs; run++)
        {
            // the same scene, noised anew
            var walk = new Walk(5, 80, 11) { PixelNoise = 0.4, DepthNoise = 0.03 };
            for (int skip = 0; skip < run * 7; skip++) walk.Gauss();
            var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.4, HuberWidth = 4, DepthWidth = 10 };
            foreach (var pose in walk.Poses) problem.AddPose(pose, problem.PoseCount == 0);
            walk.See(problem, withDepth: true);
            problem.Solve(15, TestContext.Current.CancellationToken);
            double angle = (problem.PoseOf(4).Rotation * walk.Poses[4].Rotation.Transposed).Angle, distance = (problem.PoseOf(4).Translation - walk.Poses[4].Translation).Length;
            turn += angle * angle;
            move += distance * distance;
            stated ??= problem.CovarianceOf([0, 4])[1];
        }
        Assert.NotNull(stated);
        // a standard deviation from 60 runs of three numbers each is good to 1/sqrt(2·180) = 5 %; the robust losses take a few percent of weight
        Assert.InRange(Math.Sqrt(turn / runs) / stated.Rotation, 0.8, 1.25);
        Assert.InRange(Math.Sqrt(move / runs) / stated.Translation, 0.8, 1.25);
    }

    [Fact]
    public void A_held_pose_has_no_deviation_and_one_that_nothing_sees_has_no_covariance_worth_the_name()
    {
        var walk = new Walk(5, 80, 12) { PixelNoise = 0.3, DepthNoise = 0.02 };
        var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.3 };
        foreach (var pose in walk.Poses) problem.AddPose(pose, problem.PoseCount == 0);
        int unseen = problem.AddPose(Pose.Identity, PoseFreedom.Free);
        walk.See(problem, withDepth: true);
        problem.Solve(15, TestContext.Current.CancellationToken);
        var covariances = problem.CovarianceOf([0, 2, unseen]);
        Assert.Equal(0, covariances[0]!.Translation);
        Assert.InRange(covariances[1]!.Translation, 1e-4, 0.02);
        Assert.True(covariances[2] is null || covariances[2]!.Translation > 1000, $"{covariances[2]}");
    }

    [Fact]
    public void Poses_that_see_nothing_go_where_priors_put_them()
    {
        var walk = new Walk(3, 60, 13);
        var problem = new BundleAdjustment(Walk.Camera);
        foreach (var pose in walk.Poses) problem.AddPose(pose, problem.PoseCount == 0);
        var step = new Pose(Rotation.Exp(new(0.1, -0.2, 0.3)), new(0.4, 0.1, -0.2));
        var place = new Pose(Rotation.Exp(new(-0.5, 0.2, 0.1)), new(1, 2, 3));
        int relative = problem.AddPose(Pose.Identity, false), absolute = problem.AddPose(Pose.Identity, false);
        problem.AddPrior(new RelativePrior(2, relative, step, 0.01, 0.01));
        problem.AddPrior(new AbsolutePrior(absolute, place, 0.01, 0.01));
        walk.See(problem, withDepth: true);
        problem.Solve(40, TestContext.Current.CancellationToken);
        foreach (var (solved, expected) in new[] { (problem.PoseOf(relative), walk.Poses[2] * step), (problem.PoseOf(absolute), place) })
        {
            // only the rounding of pixels to floats, 3e-5 px, and of the last step
            Assert.True((solved.Rotation.Transposed * expected.Rotation).Angle < 1e-4);
            Assert.True((solved.Translation - expected.Translation).Length < 1e-4);
        }
    }

    [Fact]
    public void A_clip_of_four_hundred_keyframes_stores_a_band_and_not_a_square()
    {
        var walk = new Walk(400, 2500, 14);
        var problem = new BundleAdjustment(Walk.Camera);
        foreach (var pose in walk.Poses) problem.AddPose(pose, problem.PoseCount == 0);
        walk.See(problem, withDepth: true);
        problem.Solve(1, TestContext.Current.CancellationToken);
        // of 80,000 blocks of the triangle
        Assert.InRange(problem.SystemBlocks, 399, 20000);
    }
}
