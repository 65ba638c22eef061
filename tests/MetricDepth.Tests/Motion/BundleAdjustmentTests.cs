using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion;

public sealed class BundleAdjustmentTests
{
    private static readonly Camera Truth = new(500, 500, 319.5, 239.5);

    [Fact]
    public void Poses_and_depths_come_back_from_a_bad_guess()
    {
        var (problem, poses, rho) = Build(Truth, freeFocal: false, wrong: 1);
        problem.Solve(50, TestContext.Current.CancellationToken);
        Assert.True(problem.Cost < 1e-4, $"cost {problem.Cost} px²"); // pixels are floats: 3e-5 px of rounding each
        // the first pose is held; the scale of the rest is free
        double scale = poses[^1].Translation.Length / problem.PoseOf(poses.Length - 1).Translation.Length;
        for (int i = 0; i < poses.Length; i++)
        {
            var solved = problem.PoseOf(i);
            Assert.True((solved.Rotation * poses[i].Rotation.Transposed).Angle < 1e-5);
            Assert.True((solved.Translation * scale - poses[i].Translation).Length < 1e-4);
        }
        for (int i = 0; i < rho.Length; i++) Assert.Equal(rho[i], problem.RhoOf(i) / scale, 4);
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(1.3)]
    public void The_focal_length_comes_back_when_the_motion_fixes_it(double factor)
    {
        var (problem, _, _) = Build(Truth.Scaled(factor), freeFocal: true, wrong: 0.2);
        for (int round = 0; round < 4; round++) problem.Solve(100, TestContext.Current.CancellationToken);
        Assert.Equal(Truth.Fx, problem.Camera.Fx, 1.0);
        Assert.True(problem.FocalDeviation < 0.02, $"deviation {problem.FocalDeviation}");
    }

    private static (BundleAdjustment Problem, Pose[] Poses, double[] Rho) Build(Camera camera, bool freeFocal, double wrong)
    {
        var random = new Random(5);
        double Noise(double size) => (random.NextDouble() - 0.5) * 2 * size * wrong;
        var poses = Enumerable.Range(0, 6).Select(i =>
            new Pose(Rotation.Exp(new(0.02 * i, -0.05 * i, 0.03 * i)), new(0.15 * i, 0.03 * i * i / 5, 0.05 * i))).ToArray();
        var problem = new BundleAdjustment(camera, freeFocal);
        for (int i = 0; i < poses.Length; i++)
        {
            var guess = new Pose(Rotation.Exp(new(Noise(0.02), Noise(0.02), Noise(0.02))) * poses[i].Rotation, poses[i].Translation + new Vector3(Noise(0.05), Noise(0.05), Noise(0.05)));
            problem.AddPose(i == 0 ? poses[0] : guess, i == 0);
        }
        var rho = new List<double>();
        while (rho.Count < 150)
        {
            var pixel = new Vector2(40 + 560 * random.NextSingle(), 40 + 400 * random.NextSingle());
            double depth = 1.5 + 4 * random.NextDouble();
            var world = poses[0] * (Truth.Ray(pixel) * depth);
            rho.Add(1 / depth);
            problem.AddPoint(0, pixel, 1 / depth + Noise(0.1));
            for (int i = 1; i < poses.Length; i++)
                if (Truth.Project(poses[i].Inverse * world, out double u, out double v)) problem.AddObservation(i, new((float)u, (float)v));
        }
        return (problem, poses, [.. rho]);
    }
}
