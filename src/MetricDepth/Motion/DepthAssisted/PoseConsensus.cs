using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>
/// A pose without a guess: three points at a time, the hypothesis wins that most of what has stood still so far agrees with (MSAC: Torr and
/// Zisserman, "MLESAC", 2000). The same seed gives the same pose.
/// </summary>
internal static class PoseConsensus
{
    private const int Trials = 150, MinPoints = 8;

    /// <summary>Finds a pose; null where there are too few points.</summary>
    public static Pose? Find(Camera camera, PoseFitting fitting, ReadOnlySpan<KnownPoint> points, int seed)
    {
        var candidates = new List<int>(points.Length);
        for (int i = 0; i < points.Length; i++)
            if (points[i].Rho > 3 * points[i].RhoDeviation) candidates.Add(i);
        if (candidates.Count < MinPoints) return null;
        var random = new Random(seed);
        Span<Vector3> world = stackalloc Vector3[3], rays = stackalloc Vector3[3];
        Span<Pose> poses = stackalloc Pose[ThreePointPose.MaxSolutions];
        Pose? best = null;
        double bestScore = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            int i = random.Next(candidates.Count), j = random.Next(candidates.Count - 1), k = random.Next(candidates.Count - 2);
            if (j >= i) j++;
            if (k >= Math.Min(i, j)) k++;
            if (k >= Math.Max(i, j)) k++;
            Take(camera, points[candidates[i]], out world[0], out rays[0]);
            Take(camera, points[candidates[j]], out world[1], out rays[1]);
            Take(camera, points[candidates[k]], out world[2], out rays[2]);
            int count = ThreePointPose.Solve(world, rays, poses);
            for (int p = 0; p < count; p++)
            {
                double score = Score(fitting, poses[p], points);
                if (score > bestScore) (best, bestScore) = (poses[p], score);
            }
        }
        return best;
    }

    private static void Take(Camera camera, in KnownPoint p, out Vector3 world, out Vector3 ray)
    {
        world = p.Origin + p.Ray * (1 / p.Rho);
        ray = camera.Ray(p.Pixel);
    }

    private static double Score(PoseFitting fitting, Pose pose, ReadOnlySpan<KnownPoint> points)
    {
        // a hypothesis from three points is off by more than noise
        double reach = 4 * fitting.InlierSquare;
        double score = 0;
        foreach (ref readonly var p in points)
        {
            double e2 = fitting.SquaredDeviations(pose, p) / reach;
            if (e2 < 1) score += p.Trust * (1 - e2);
        }
        return score;
    }
}
