using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>Two keyframes between which the points moved as no turning camera explains.</summary>
/// <param name="First">Place of the first among the keyframes.</param>
/// <param name="Second">Place of the second.</param>
/// <param name="Turn">What is left of the motion when the camera only turns.</param>
internal readonly record struct KeyframePair(int First, int Second, RotationFitResult Turn);

/// <summary>
/// The first two posed keyframes. The relative pose is found by two-view bundle adjustment from the best rotation and from
/// translations in thirteen directions, with all depths alike: between video frames that converges where the five-point algorithm
/// would need a search, it has no trouble with planes (both readings of a plane are found; more frames decide), and it has
/// no seed.
/// </summary>
internal static class Bootstrap
{
    // by how much the median point has to miss the best rotation: a share of the picture's diagonal (2.4 px at 640×480), and
    // never so little that tracking noise could do it
    private const double MinResidualShare = 0.003;
    private const double MinResidual = 1.0;
    private const double MinFlowShare = 0.04;

    private const double AmpleResidual = 4;
    private const int MinCommon = 50;
    private const double MinCommonShare = 0.35;
    private const int Candidates = 2;
    private const int LocalKeyframes = 10;

    /// <summary>Finds the pair to begin with; null when a turning camera explains every pair.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="frames">Keyframes in order.</param>
    /// <param name="cancellation">Stops between two pairs.</param>
    /// <param name="best">The pair that moved most, good enough or not; null when no two frames share enough points.</param>
    public static KeyframePair? FindPair(Camera camera, IReadOnlyList<TrackedFrame> frames, CancellationToken cancellation, out KeyframePair? best)
    {
        best = null;
        double bestScore = -1, least = Math.Max(MinResidual, MinResidualShare * Diagonal(camera));
        for (int a = 0; a < frames.Count; a++)
        {
            for (int b = a + 1; b < frames.Count; b++)
            {
                cancellation.ThrowIfCancellationRequested();
                Common(frames[a], frames[b], out var first, out var second);
                if (first.Length < Math.Max(MinCommon, MinCommonShare * frames[a].Ids.Length)) break;
                var turn = RotationFit.Run(camera, first, second);
                // other lenses can only explain more
                if (turn.MedianResidual >= least) turn = RotationFit.RunWithAnyLens(camera, first, second, least);
                double score = Math.Min(turn.MedianResidual, AmpleResidual * least) * Math.Min(1, turn.MovedShare / 0.7);
                if (score <= bestScore * 1.05) continue;
                bestScore = score;
                best = new(a, b, turn);
            }
            // a later start has to be clearly worth it: frames before the pair lean on what reaches back to them
            if (best is { } found && found.Turn.MedianResidual >= 2 * least && found.First == a) break;
        }
        return best is { } pair && IsParallax(pair.Turn, least) ? pair : null;
    }

    // measured on everyday clips: cameras that turn on the spot leave 0.5 to 1.1 px and under 1 % of the flow, cameras that move leave
    // 10 px and more, and a fifth of the flow
    private static bool IsParallax(RotationFitResult turn, double least) =>
        turn.MedianResidual >= Math.Max(least, MinFlowShare * turn.MedianFlow) && turn.MovedShare >= 0.6;

    private static double Diagonal(Camera camera) => 2 * Math.Sqrt(camera.Cx * camera.Cx + camera.Cy * camera.Cy);

    /// <summary>Solves the pair and the keyframes between; null when no solution holds.</summary>
    public static StructureMap? Solve(Camera camera, IReadOnlyList<TrackedFrame> frames, KeyframePair pair, CancellationToken cancellation)
    {
        Common(frames[pair.First], frames[pair.Second], out var first, out var second);
        var solutions = new List<(double Cost, Pose Pose)>();
        foreach (var direction in Directions())
        {
            // half a typical depth of baseline per unit of residual angle would be a fine start; the exact size is free
            var problem = TwoViews(camera, first, second, new(pair.Turn.Rotation, direction * 0.1));
            problem.Solve(25, cancellation);
            int inFront = 0;
            for (int i = 0; i < problem.PointCount; i++) inFront += problem.RhoOf(i) > 0 ? 1 : -1;
            var solved = problem.PoseOf(1);
            // mirrored: depths behind the camera become depths in front when the baseline turns round
            if (inFront < 0) solved = solved with { Translation = -solved.Translation };
            solutions.Add((problem.Cost, solved with { Translation = solved.Translation.Normalized }));
        }
        solutions.Sort((x, y) => x.Cost.CompareTo(y.Cost));
        var distinct = new List<Pose>();
        foreach (var (cost, pose) in solutions)
        {
            if (distinct.Count >= Candidates || cost > 3 * solutions[0].Cost + 1) break;
            if (!distinct.Exists(d => Vector3.Dot(d.Translation, pose.Translation) > 0.97)) distinct.Add(pose);
        }
        StructureMap? winner = null;
        double least = double.PositiveInfinity;
        foreach (var pose in distinct)
        {
            var map = Build(camera, frames, pair, pose, cancellation, out double cost);
            if (cost < least) (winner, least) = (map, cost);
        }
        return winner;
    }

    /// <summary>Adds the keyframes before and after those the map was started from, nearest first, and adjusts all.</summary>
    public static void Extend(StructureMap map, IReadOnlyList<TrackedFrame> keyframes)
    {
        var known = map.Keyframes.Select(k => k.Frame.Index).ToHashSet();
        long first = map.Keyframes[0].Frame.Index;
        foreach (var f in keyframes.Where(f => f.Index > first && !known.Contains(f.Index)))
        {
            map.Add(new(f), map.Keyframes[^1].Pose);
            map.Adjust(Math.Max(1, map.Keyframes.Count - LocalKeyframes), 6);
        }
        foreach (var f in keyframes.Where(f => f.Index < first).Reverse()) map.Add(new(f), map.Keyframes[0].Pose);
        map.Adjust(1, 20);
    }

    /// <summary>Where the points that two frames share are in each.</summary>
    public static void Common(TrackedFrame a, TrackedFrame b, out Vector2[] first, out Vector2[] second)
    {
        var p = new List<Vector2>();
        var q = new List<Vector2>();
        for (int i = 0, j = 0; i < a.Ids.Length && j < b.Ids.Length;)
        {
            if (a.Ids[i] < b.Ids[j]) i++;
            else if (a.Ids[i] > b.Ids[j]) j++;
            else
            {
                p.Add(a.Points[i++]);
                q.Add(b.Points[j++]);
            }
        }
        first = [.. p];
        second = [.. q];
    }

    private static BundleAdjustment TwoViews(Camera camera, Vector2[] first, Vector2[] second, Pose relative)
    {
        var problem = new BundleAdjustment(camera);
        problem.AddPose(Pose.Identity, true);
        problem.AddPose(relative, false);
        for (int i = 0; i < first.Length; i++)
        {
            problem.AddPoint(0, first[i], 1);
            problem.AddObservation(1, second[i]);
        }
        return problem;
    }

    private static StructureMap Build(Camera camera, IReadOnlyList<TrackedFrame> frames, KeyframePair pair, Pose relative, CancellationToken cancellation, out double cost)
    {
        var map = new StructureMap(camera, cancellation);
        Keyframe a = new(frames[pair.First]), b = new(frames[pair.Second]) { Pose = relative };
        map.Start([a, b]);
        map.NormaliseScale();
        map.Adjust(1, 10);
        int steps = pair.Second - pair.First;
        for (int i = pair.First + 1; i < pair.Second; i++)
            map.Add(new(frames[i]), CameraInterpolation.Between(a.Pose, b.Pose, (double)(i - pair.First) / steps));
        var problem = map.Adjust(1, 25);
        map.NormaliseScale();
        cost = problem.Cost / Math.Max(1, problem.ObservationCount) + map.OutlierShare();
        return map;
    }

    // one of each opposite pair: the mirrored solution is the same with depths negated
    private static IEnumerable<Vector3> Directions()
    {
        for (int x = -1; x <= 1; x++)
            for (int y = -1; y <= 1; y++)
                for (int z = -1; z <= 1; z++)
                    if (x > 0 || (x == 0 && (y > 0 || (y == 0 && z > 0))))
                        yield return new Vector3(x, y, z).Normalized;
    }
}
