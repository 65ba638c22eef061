using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Adjustment;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Motion.Adjustment;

/// <summary>A camera walks past points known exactly; what it sees of them is noised as asked.</summary>
internal sealed class Walk
{
    public static readonly Camera Camera = new(500, 500, 319.5, 239.5);

    private readonly Random _random;

    public Walk(int poses, int points, int seed)
    {
        _random = new(seed);
        Poses = [.. Enumerable.Range(0, poses).Select(i => new Pose(
            Rotation.Exp(new(0.02 * Math.Sin(i), 0.1 * Math.Sin(0.4 * i), 0.03 * Math.Cos(i) - 0.03)), new(0.12 * i, 0.05 * Math.Sin(i), 0.04 * i)))];
        Points = [.. Enumerable.Range(0, points).Select(_ =>
            new Vector3(-3 + 6 * _random.NextDouble() + 0.12 * poses * _random.NextDouble(), -2 + 4 * _random.NextDouble(), 2.5 + 5 * _random.NextDouble()))];
    }

    public Pose[] Poses { get; }

    public Vector3[] Points { get; }

    public double PixelNoise { get; init; }

    /// <summary>Relative standard deviation of depth.</summary>
    public double DepthNoise { get; init; }

    /// <summary>Share of depths that belong to something else.</summary>
    public double WrongDepths { get; init; }

    /// <summary>What each frame's depth estimate does to inverse depth.</summary>
    public Func<int, DepthAffinity> Affinity { get; init; } = _ => DepthAffinity.Identity;

    public double Gauss()
    {
        double u = 1 - _random.NextDouble(), v = _random.NextDouble();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }

    public Pose Near(Pose pose, double turn, double move) =>
        new(Rotation.Exp(new(turn * Gauss(), turn * Gauss(), turn * Gauss())) * pose.Rotation, pose.Translation + new Vector3(move * Gauss(), move * Gauss(), move * Gauss()));

    /// <summary>Adds all points and what is seen of them; poses have to be there already, under their own numbers.</summary>
    public void See(BundleAdjustment problem, bool withDepth, double startScale = 1)
    {
        foreach (var point in Points)
        {
            bool started = false;
            for (int i = 0; i < Poses.Length; i++)
            {
                var seen = Poses[i].Inverse * point;
                if (!Camera.Project(seen, out double u, out double v) || u < 0 || v < 0 || u > 639 || v > 479) continue;
                var pixel = new Vector2((float)(u + PixelNoise * Gauss()), (float)(v + PixelNoise * Gauss()));
                double noise = Gauss(), wrong = _random.NextDouble();
                double inverse = (1 + DepthNoise * noise) / seen.Z * (wrong < WrongDepths ? 0.4 : 1);
                var depth = withDepth ? new MeasuredInverseDepth(Affinity(i).ToMeasured(inverse), Math.Max(DepthNoise, 0.002) / seen.Z * Affinity(i).Scale) : default;
                if (started) problem.AddObservation(i, pixel, depth);
                else problem.AddPoint(i, pixel, 1 / (seen.Z * startScale), depth);
                started = true;
            }
        }
    }
}
