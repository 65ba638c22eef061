using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.Loops;

/// <summary>
/// The end of solving a path: places that the camera came back to are recognised, the gaps spread over the path, and all keyframes adjusted
/// together with all landmarks, those seen from both ends of a loop as one.
/// </summary>
internal static class GlobalFinish
{
    private const int MinKeyframes = 4;
    private const double WideGate = 40, GateDeviations = 12;

    // by how much the misses of what was tracked may grow, root mean square, when loops are closed: beyond that the path was bent to fit
    private const double MostGrowth = 1.15, MostGrowthOfKeyframe = 1.6;

    /// <summary>Finishes; writes poses, affinities, covariances and landmarks back into the map.</summary>
    /// <returns>How many loops were closed.</returns>
    public static int Run(GlobalMap map, PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var merged = new MergedLandmarks(map);
        var adjustment = new GlobalAdjustment(map, merged);
        double gate = GateDeviations * map.PixelDeviation;
        adjustment.Run(gate, 12, cancellation);
        int closed = 0;
        if (map.Keyframes.Count >= MinKeyframes && map.Freedom != PoseFreedom.Fixed && KeyframePlaces.Describe(map, problem, cancellation) is { } places)
        {
            var loops = new LoopDetection(map, places).Run(cancellation);
            if (loops.Matches.Count > 0)
            {
                foreach (var m in loops.Matches) merged.Add(m, places[m.To]);
                if (TryClose(map, merged, loops, gate, cancellation) is { } better)
                {
                    (adjustment, closed) = (better, loops.Count);
                    WriteMembers(map, merged);
                }
                progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                    $"{loops.Matches.Count} keyframes recognised in earlier ones, {loops.Closed.Count} of them after all tracks to them were lost; {closed} loops closed.")));
            }
        }
        var covariances = adjustment.Problem!.CovarianceOf([.. Enumerable.Range(0, map.Keyframes.Count)]);
        for (int k = 0; k < covariances.Length; k++) map.Keyframes[k].Covariance = covariances[k];
        return closed;
    }

    private static GlobalAdjustment? TryClose(GlobalMap map, MergedLandmarks merged, FoundLoops loops, double gate, CancellationToken cancellation)
    {
        var before = Snapshot.Of(map);
        var apart = new GlobalAdjustment(map, new(map)).Misses(gate);
        if (loops.Closed.Count > 0) Relax(map, loops, cancellation);
        var adjustment = new GlobalAdjustment(map, merged);
        adjustment.Run(WideGate, 15, cancellation);
        adjustment.Run(gate, 20, cancellation);
        var together = adjustment.Misses(gate);
        // misses below a fifth of the noise come and go
        double floor = 0.04 * map.PixelDeviation * map.PixelDeviation;
        bool isBent = together[^1] + floor > MostGrowth * MostGrowth * (apart[^1] + floor);
        for (int k = 0; k < map.Keyframes.Count; k++)
            isBent |= together[k] + floor > MostGrowthOfKeyframe * MostGrowthOfKeyframe * (Math.Max(apart[k], apart[^1]) + floor);
        if (!isBent) return adjustment;
        before.Restore(map);
        return null;
    }

    private static void Relax(GlobalMap map, FoundLoops loops, CancellationToken cancellation)
    {
        var nodes = map.Keyframes.Select(k => Similarity.Of(k.Pose)).ToArray();
        var edges = new List<PoseGraphEdge>();
        double depth = 1 / Math.Max(1e-9, map.Landmarks.Where(l => l.Rho > 0).Select(l => l.Rho).Order().ElementAtOrDefault(map.Landmarks.Count(l => l.Rho > 0) / 2));
        double scale = map.Depth switch { DepthTrust.Measured => 0, DepthTrust.Estimated => 0.005, _ => 0.01 };
        for (int k = 1; k < nodes.Length; k++)
            for (int reach = 1; reach <= 2 && reach <= k; reach++)
            {
                var relative = nodes[k - reach].Inverse * nodes[k];
                edges.Add(new(k - reach, k, relative, 0.002, 0.01 * relative.Translation.Length + 0.001 * depth, scale));
            }
        foreach (var m in loops.Closed) edges.Add(new(m.From, m.To, m.Relative, 0.002, 0.003 * depth, scale > 0 ? 0.02 : 0));
        PoseGraph.Relax(nodes, edges, map.Freedom, cancellation);
        foreach (var l in map.Landmarks) l.Rho /= nodes[l.Sightings[0].Keyframe].Scale;
        for (int k = 0; k < nodes.Length; k++)
        {
            var keyframe = map.Keyframes[k];
            keyframe.Pose = new(nodes[k].Rotation, nodes[k].Translation);
            if (map.Depth == DepthTrust.Estimated) keyframe.Affinity = keyframe.Affinity with { Scale = keyframe.Affinity.Scale * nodes[k].Scale };
        }
    }

    // a landmark that another stands for is where that one is
    private static void WriteMembers(GlobalMap map, MergedLandmarks merged)
    {
        for (int l = 0; l < map.Landmarks.Count; l++)
        {
            int root = merged.RootOf(l);
            if (root == l) continue;
            var landmark = map.Landmarks[l];
            var y = map.Direction(map.Landmarks[root], map.Keyframes[landmark.Sightings[0].Keyframe].Pose);
            landmark.IsMerged = map.Landmarks[root].IsMerged = true;
            if (!map.Camera.Project(y, out double u, out double v)) continue;
            (landmark.Pixel, landmark.Rho) = (new((float)u, (float)v), map.Landmarks[root].Rho / y.Z);
        }
    }

    private sealed record Snapshot((Pose Pose, DepthAffinity Affinity)[] Keyframes, (System.Numerics.Vector2 Pixel, double Rho)[] Landmarks)
    {
        public static Snapshot Of(GlobalMap map) => new([.. map.Keyframes.Select(k => (k.Pose, k.Affinity))], [.. map.Landmarks.Select(l => (l.Pixel, l.Rho))]);

        public void Restore(GlobalMap map)
        {
            for (int k = 0; k < Keyframes.Length; k++) (map.Keyframes[k].Pose, map.Keyframes[k].Affinity) = Keyframes[k];
            for (int l = 0; l < Landmarks.Length; l++) (map.Landmarks[l].Pixel, map.Landmarks[l].Rho) = Landmarks[l];
        }
    }
}
