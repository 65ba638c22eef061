using System.Globalization;
using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.Loops;

/// <summary>
/// Places that the camera came back to are recognised, the gaps spread over the path, and all keyframes adjusted together with all landmarks
/// and with where those were seen again. The map is expected to be adjusted already; where no loop is found it stays as it is.
/// </summary>
internal static class LoopClosing
{
    private const int MinPlaces = 4;
    private const double WideGate = 40, GateDeviations = 10;

    // by how much the misses of what was tracked may grow, root mean square, when loops are closed: beyond that the path was bent to fit
    private const double MostGrowth = 1.15, MostGrowthOfKeyframe = 1.6;

    /// <summary>Closes loops; writes poses, affinities and landmarks back into the map.</summary>
    /// <param name="map">What was solved.</param>
    /// <param name="problem">Where the pictures are.</param>
    /// <param name="progress">Is told what was found.</param>
    /// <param name="cancellation">Stops within an iteration or a picture.</param>
    /// <returns>How many loops were closed.</returns>
    public static int Run(GlobalMap map, PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (map.Keyframes.Count < MinPlaces || KeyframePlaces.Describe(map, problem, cancellation) is not { Length: >= MinPlaces } places) return 0;
        var loops = new LoopDetection(map, places).Run(cancellation);
        if (loops.Matches.Count == 0) return 0;
        bool isClosed = TryClose(map, places, loops, cancellation);
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{loops.Matches.Count} times the camera saw a place again after all tracks to it were lost ({loops.Count} returns){(isClosed ? "" : "; left as it was, because the path would have to be bent")}.")));
        return isClosed ? loops.Count : 0;
    }

    private static bool TryClose(GlobalMap map, KeyframePlace[] places, FoundLoops loops, CancellationToken cancellation)
    {
        double gate = GateDeviations * map.PixelDeviation;
        var before = Snapshot.Of(map);
        var again = new List<LandmarkSighting>?[map.Landmarks.Count];
        foreach (var m in loops.Matches)
            foreach (var (index, landmark) in m.Points) (again[landmark] ??= []).Add(new(places[m.To].Keyframe, index));
        var adjustment = new GlobalAdjustment(map, again);
        var apart = adjustment.Misses(gate);
        Relax(map, places, loops, cancellation);
        adjustment.Run(WideGate, 12, cancellation);
        adjustment.Run(gate, 12, cancellation);
        var together = adjustment.Misses(gate);
        // misses below a fifth of the noise come and go
        double floor = 0.04 * map.PixelDeviation * map.PixelDeviation;
        bool isBent = together[^1] + floor > MostGrowth * MostGrowth * (apart[^1] + floor);
        for (int k = 0; k < map.Keyframes.Count; k++)
            isBent |= together[k] + floor > MostGrowthOfKeyframe * MostGrowthOfKeyframe * (Math.Max(apart[k], apart[^1]) + floor);
        if (isBent) before.Restore(map);
        return !isBent;
    }

    private static void Relax(GlobalMap map, KeyframePlace[] places, FoundLoops loops, CancellationToken cancellation)
    {
        var nodes = map.Keyframes.Select(k => Similarity.Of(k.Pose)).ToArray();
        var edges = new List<PoseGraphEdge>();
        double depth = TypicalDepth(map), scale = map.IsTurning ? 0 : map.Depth switch { DepthTrust.Measured => 0, DepthTrust.Estimated => 0.005, _ => 0.01 };
        for (int k = 1; k < nodes.Length; k++)
            for (int reach = 1; reach <= 2 && reach <= k; reach++)
            {
                var relative = nodes[k - reach].Inverse * nodes[k];
                edges.Add(new(k - reach, k, relative, 0.002, 0.01 * relative.Translation.Length + 0.001 * depth, scale));
            }
        foreach (var m in loops.Matches)
            edges.Add(new(places[m.From].Keyframe, places[m.To].Keyframe, m.Relative, 0.002, 0.003 * depth, scale > 0 ? 0.02 : 0));
        PoseGraph.Relax(nodes, edges, map.Freedom, cancellation);
        foreach (var l in map.Landmarks) l.Rho /= nodes[l.Sightings[0].Keyframe].Scale;
        for (int k = 0; k < nodes.Length; k++)
        {
            var keyframe = map.Keyframes[k];
            keyframe.Pose = new(nodes[k].Rotation, nodes[k].Translation);
            if (map.Depth == DepthTrust.Estimated) keyframe.Affinity = keyframe.Affinity with { Scale = keyframe.Affinity.Scale * nodes[k].Scale };
        }
    }

    private static double TypicalDepth(GlobalMap map)
    {
        var rhos = map.Landmarks.Where(l => l.IsReliable && l.Rho > 0).Select(l => l.Rho).Order().ToArray();
        return rhos.Length > 0 ? 1 / rhos[rhos.Length / 2] : 1;
    }

    private sealed record Snapshot((Pose Pose, DepthAffinity Affinity)[] Keyframes, (Vector2 Pixel, double Rho)[] Landmarks)
    {
        public static Snapshot Of(GlobalMap map) => new([.. map.Keyframes.Select(k => (k.Pose, k.Affinity))], [.. map.Landmarks.Select(l => (l.Pixel, l.Rho))]);

        public void Restore(GlobalMap map)
        {
            for (int k = 0; k < Keyframes.Length; k++) (map.Keyframes[k].Pose, map.Keyframes[k].Affinity) = Keyframes[k];
            for (int l = 0; l < Landmarks.Length; l++) (map.Landmarks[l].Pixel, map.Landmarks[l].Rho) = Landmarks[l];
        }
    }
}
