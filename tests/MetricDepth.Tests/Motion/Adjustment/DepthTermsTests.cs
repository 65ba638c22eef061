using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Tests.Motion.Adjustment;

public sealed class DepthTermsTests
{
    [Fact]
    public void Measured_depth_gives_the_path_its_size_even_where_a_tenth_of_it_is_wrong()
    {
        var walk = new Walk(8, 200, 1) { PixelNoise = 0.3, DepthNoise = 0.02, WrongDepths = 0.1 };
        var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.3 };
        // starts at half the size
        foreach (var pose in walk.Poses) problem.AddPose(pose with { Translation = pose.Translation * 0.5 }, problem.PoseCount == 0);
        walk.See(problem, withDepth: true, startScale: 0.5);
        problem.Solve(50, TestContext.Current.CancellationToken);
        // 200 points seen about five times at 2 %: the scale is known to 0.1 %, and 0.3 px at 500 px focal length of 4 m are 2.4 mm for one point
        double length = problem.PoseOf(7).Translation.Length / walk.Poses[7].Translation.Length;
        Assert.Equal(1, length, 0.005);
        for (int i = 1; i < 8; i++) Assert.True((problem.PoseOf(i).Translation - walk.Poses[i].Translation).Length < 0.005, $"pose {i}");
    }

    [Fact]
    public void Every_frames_own_scale_and_shift_of_estimated_depth_is_found()
    {
        var random = new Random(3);
        var truth = Enumerable.Range(0, 8).Select(i => new DepthAffinity(i == 0 ? 1 : 0.85 + 0.3 * random.NextDouble(), i == 0 ? 0 : 0.04 * random.NextDouble() - 0.02)).ToArray();
        var walk = new Walk(8, 300, 2) { PixelNoise = 0.2, DepthNoise = 0.02, Affinity = i => truth[i] };
        var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.2 };
        foreach (var pose in walk.Poses)
        {
            int i = problem.AddPose(walk.Near(pose, 0.01, 0.03), PoseFreedom.Free);
            // the first frame says what a metre is
            if (i > 0) problem.FreeAffinity(i, DepthAffinity.Identity, 0.2, 0.05);
        }
        problem.AddPrior(new AbsolutePrior(0, walk.Poses[0], 1e-6, 1e-6));
        walk.See(problem, withDepth: true);
        problem.Solve(60, TestContext.Current.CancellationToken);
        for (int i = 0; i < 8; i++)
        {
            // about 150 depths a frame at 2 %, scale and shift fitted together: 0.6 % and 0.002/m; three times that
            Assert.Equal(truth[i].Scale, problem.AffinityOf(i).Scale, 0.02);
            Assert.Equal(truth[i].Shift, problem.AffinityOf(i).Shift, 0.006);
            Assert.True((problem.PoseOf(i).Translation - walk.Poses[i].Translation).Length < 0.012, $"pose {i}");
        }
    }

    [Fact]
    public void Free_scales_of_all_frames_do_not_shrink_the_world()
    {
        var walk = new Walk(8, 300, 4) { PixelNoise = 0.3, DepthNoise = 0.05 };
        var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.3 };
        foreach (var pose in walk.Poses) problem.FreeAffinity(problem.AddPose(pose, problem.PoseCount == 0), DepthAffinity.Identity, 0.1, 0.01);
        walk.See(problem, withDepth: true);
        problem.Solve(60, TestContext.Current.CancellationToken);
        // eight scales of 10 %, each held to 1: the mean is known to 3.5 %; a bias towards zero would show as tens of percent
        Assert.Equal(1, problem.PoseOf(7).Translation.Length / walk.Poses[7].Translation.Length, 0.03);
    }

    [Fact]
    public void A_camera_on_a_tripod_stays_and_one_that_only_slides_keeps_its_distance()
    {
        foreach (var freedom in new[] { PoseFreedom.RotationOnly, PoseFreedom.InPlane })
        {
            var walk = new Walk(6, 200, 5) { PixelNoise = 0.2, DepthNoise = 0.02 };
            for (int i = 0; i < 6; i++)
            {
                var t = walk.Poses[i].Translation;
                walk.Poses[i] = walk.Poses[i] with { Translation = freedom == PoseFreedom.InPlane ? t with { Z = 0 } : default };
            }
            var problem = new BundleAdjustment(Walk.Camera) { PixelDeviation = 0.2 };
            problem.AddPose(walk.Poses[0], PoseFreedom.Fixed);
            for (int i = 1; i < 6; i++) problem.AddPose(new(walk.Near(walk.Poses[i], 0.02, 0).Rotation, default), freedom);
            walk.See(problem, withDepth: true);
            problem.Solve(50, TestContext.Current.CancellationToken);
            for (int i = 1; i < 6; i++)
            {
                var solved = problem.PoseOf(i);
                // 0.2 px at 500 px is 0.0004 rad for one point
                Assert.True((solved.Rotation.Transposed * walk.Poses[i].Rotation).Angle < 0.0004, $"{freedom}: pose {i}");
                Assert.True((solved.Translation - walk.Poses[i].Translation).Length < 0.005, $"{freedom}: pose {i}");
                if (freedom == PoseFreedom.RotationOnly) Assert.Equal(default, solved.Translation);
                else Assert.Equal(0, solved.Translation.Z);
            }
        }
    }

    [Fact]
    public void The_result_is_the_same_to_the_last_bit_on_one_thread_and_on_many()
    {
        var solved = new List<Pose[]>();
        foreach (int threads in new[] { 1, -1, 3 })
        {
            var walk = new Walk(24, 700, 6) { PixelNoise = 0.3, DepthNoise = 0.03 };
            var problem = new BundleAdjustment(Walk.Camera, freeFocal: true) { Threads = threads };
            foreach (var pose in walk.Poses) problem.FreeAffinity(problem.AddPose(walk.Near(pose, 0.01, 0.02), problem.PoseCount == 0), DepthAffinity.Identity, 0.1, 0.01);
            walk.See(problem, withDepth: true);
            Assert.True(problem.ObservationCount > 6000, $"{problem.ObservationCount} observations"); // enough for threads to be used
            problem.Solve(5, TestContext.Current.CancellationToken);
            solved.Add([.. Enumerable.Range(0, 24).Select(problem.PoseOf)]);
        }
        Assert.Equal(solved[0], solved[1]);
        Assert.Equal(solved[0], solved[2]);
    }
}
