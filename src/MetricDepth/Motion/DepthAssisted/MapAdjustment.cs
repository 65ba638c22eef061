using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>Adjusts a stretch of keyframes, or all of them, together with the points they see.</summary>
internal static class MapAdjustment
{
    // sightings that miss by more are mistakes, in deviations
    private const double Gate = 6;

    // a camera that does not move sees no depth: any will do
    private static readonly MeasuredInverseDepth AnyDepth = new(1, 1);

    /// <summary>Adjusts the keyframes from one on; earlier ones are held.</summary>
    /// <param name="map">The map.</param>
    /// <param name="freedom">How poses may move.</param>
    /// <param name="firstFree">Number of the first keyframe that moves; the very first never does.</param>
    /// <param name="firstSeen">Number of the first keyframe whose sightings count.</param>
    /// <param name="iterations">At most.</param>
    /// <param name="cancellation">Stops within an iteration.</param>
    /// <returns>The solved problem, and the number that it has given each keyframe (from <paramref name="firstSeen"/> on).</returns>
    public static (BundleAdjustment Problem, int[] Poses) Run(
        PointMap map, PoseFreedom freedom, int firstFree, int firstSeen, int iterations, CancellationToken cancellation)
    {
        var problem = new BundleAdjustment(map.Camera)
        {
            HuberWidth = map.PixelDeviation,
            PixelLoss = RobustLoss.Cauchy,
            PixelDeviation = map.PixelDeviation,
        };
        firstFree = Math.Max(firstFree, 1);
        bool turns = freedom == PoseFreedom.RotationOnly;
        var numbers = new Dictionary<MapKeyframe, int>();
        var poses = new List<int>();
        foreach (var k in map.Keyframes)
            if (k.Number >= firstSeen) poses.Add(NumberOf(k));
        var used = new List<MapPoint>();
        var fitting = new PoseFitting(map.Camera, map.Tracks, freedom);
        foreach (var p in map.Points)
        {
            if (!(p.IsKnown || turns) || p.IsOutlier || p.Sightings.Count < 2 || p.Sightings[^1].Keyframe.Number < firstFree) continue;
            int host = NumberOf(p.Host);
            if (turns) problem.AddPoint(host, p.Sightings[0].Pixel, AnyDepth.Value, AnyDepth);
            else problem.AddPoint(host, p.Sightings[0].Pixel, p.Rho, p.Sightings[0].Reading);
            var ray = p.Host.Pose.Rotation * map.Camera.Ray(p.Pixel);
            for (int i = 1; i < p.Sightings.Count; i++)
            {
                var s = p.Sightings[i];
                if (s.Keyframe.Number < firstSeen) continue;
                var known = new KnownPoint(p.Host.Pose.Translation, ray, turns ? 0 : p.Rho, turns ? 0 : p.Deviation, s.Pixel, default, 1);
                if (fitting.SquaredDeviations(s.Keyframe.Pose, known) > Gate * Gate) continue;
                problem.AddObservation(NumberOf(s.Keyframe), s.Pixel, turns ? default : s.Reading);
            }
            used.Add(p);
        }
        problem.Solve(iterations, cancellation);
        foreach (var (k, n) in numbers)
        {
            k.Pose = problem.PoseOf(n);
            k.Affinity = problem.AffinityOf(n);
        }
        for (int i = 0; i < used.Count; i++)
        {
            used[i].Pixel = problem.PixelOf(i);
            if (!turns) used[i].Rho = problem.RhoOf(i);
        }
        if (!turns)
            foreach (var p in used) map.RefreshDeviation(p);
        return (problem, [.. poses]);

        int NumberOf(MapKeyframe k)
        {
            if (numbers.TryGetValue(k, out int n)) return n;
            bool isFree = k.Number >= firstFree;
            numbers[k] = n = problem.AddPose(k.Pose, isFree ? freedom : PoseFreedom.Fixed);
            if (map.Trust != DepthTrust.Estimated) return n;
            if (isFree || firstFree == 1) problem.FreeAffinity(n, k.Affinity, DepthWaver.Scale, DepthWaver.Shift / map.MedianDepth);
            else problem.HoldAffinity(n, k.Affinity);
            return n;
        }
    }
}

/// <summary>How far the scale and the shift of one frame's estimated depth may be off.</summary>
internal static class DepthWaver
{
    /// <summary>Standard deviation of the logarithm of the scale.</summary>
    public const double Scale = 0.1;

    /// <summary>Standard deviation of the shift, as a share of the typical inverse depth.</summary>
    public const double Shift = 0.05;
}
