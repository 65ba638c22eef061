using System.Numerics;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.Loops;

/// <summary>Adjusts all keyframes and landmarks of a clip at once.</summary>
/// <param name="map">The map.</param>
/// <param name="again">For each landmark the points of later keyframes that show it again; null where there are none.</param>
internal sealed class GlobalAdjustment(GlobalMap map, List<LandmarkSighting>?[] again)
{
    // a corner that is found anew is not the same to a pixel: what is seen again counts less, and two tracks are never made one
    private const double AgainPrecision = 0.4;

    private const int ScaleHolders = 50;
    private const double ScaleHold = 0.05;

    private readonly List<int> _used = [];

    /// <summary>Adjusts.</summary>
    /// <param name="gate">Sightings that miss by more are left out, px.</param>
    /// <param name="iterations">At most.</param>
    /// <param name="cancellation">Stops within an iteration.</param>
    public void Run(double gate, int iterations, CancellationToken cancellation)
    {
        var problem = new BundleAdjustment(map.Camera)
        {
            HuberWidth = 2 * map.PixelDeviation,
            PixelLoss = RobustLoss.Cauchy,
            PixelDeviation = map.PixelDeviation,
        };
        for (int k = 0; k < map.Keyframes.Count; k++)
        {
            var keyframe = map.Keyframes[k];
            int n = problem.AddPose(keyframe.Pose, k == 0 ? PoseFreedom.Fixed : map.Freedom);
            if (map.Depth == DepthTrust.Estimated) problem.FreeAffinity(n, keyframe.Affinity, map.Affinity.ScaleDeviation, map.Affinity.ShiftDeviation);
        }
        _used.Clear();
        int held = 0;
        for (int l = 0; l < map.Landmarks.Count; l++)
        {
            var landmark = map.Landmarks[l];
            if (landmark.Sightings.Count + (again[l]?.Count ?? 0) < 2) continue;
            var host = landmark.Sightings[0];
            var keyframe = map.Keyframes[host.Keyframe];
            var reading = keyframe.ReadingOf(host.Index);
            // without depth nothing fixes the scale: some landmarks hold it, each so loosely that none is bent by it
            if (map.Depth == DepthTrust.None && landmark.IsReliable && landmark.Rho > 0 && held++ < ScaleHolders) reading = new(landmark.Rho, ScaleHold * landmark.Rho);
            // a camera that does not move sees no depth: any will do
            if (map.IsTurning) problem.AddPoint(host.Keyframe, keyframe.Points[host.Index], 1, new(1, 1));
            else problem.AddPoint(host.Keyframe, keyframe.Points[host.Index], landmark.Rho, reading);
            _used.Add(l);
            foreach (var s in landmark.Sightings)
                if (s != host && SquaredMiss(landmark, s) <= gate * gate)
                    problem.AddObservation(s.Keyframe, PointOf(s), map.IsTurning ? default : map.Keyframes[s.Keyframe].ReadingOf(s.Index));
            if (again[l] is not { } later) continue;
            foreach (var s in later)
                if (SquaredMiss(landmark, s) <= gate * gate) problem.AddObservation(s.Keyframe, PointOf(s), default, AgainPrecision);
        }
        problem.Solve(iterations, cancellation);
        Write(problem);
    }

    /// <summary>Mean squared miss of what was tracked, each counted up to a limit, for each keyframe and over all (last), px².</summary>
    public double[] Misses(double limit)
    {
        var sums = new double[map.Keyframes.Count + 1];
        var counts = new int[sums.Length];
        for (int l = 0; l < map.Landmarks.Count; l++)
        {
            if (map.Landmarks[l].Sightings.Count < 2) continue;
            foreach (var s in map.Landmarks[l].Sightings)
            {
                double miss = Math.Min(limit * limit, SquaredMiss(map.Landmarks[l], s));
                sums[s.Keyframe] += miss;
                sums[^1] += miss;
                counts[s.Keyframe]++;
                counts[^1]++;
            }
        }
        for (int i = 0; i < sums.Length; i++) sums[i] /= Math.Max(1, counts[i]);
        return sums;
    }

    private double SquaredMiss(GlobalLandmark landmark, LandmarkSighting s)
    {
        if (!map.Camera.Project(map.Direction(landmark, map.Keyframes[s.Keyframe].Pose), out double u, out double v)) return double.PositiveInfinity;
        var p = PointOf(s);
        return (u - p.X) * (u - p.X) + (v - p.Y) * (v - p.Y);
    }

    private Vector2 PointOf(LandmarkSighting s) => map.Keyframes[s.Keyframe].Points[s.Index];

    private void Write(BundleAdjustment problem)
    {
        for (int k = 0; k < map.Keyframes.Count; k++) (map.Keyframes[k].Pose, map.Keyframes[k].Affinity) = (problem.PoseOf(k), problem.AffinityOf(k));
        for (int i = 0; i < _used.Count; i++) (map.Landmarks[_used[i]].Pixel, map.Landmarks[_used[i]].Rho) = (problem.PixelOf(i), map.IsTurning ? 0 : problem.RhoOf(i));
    }
}
