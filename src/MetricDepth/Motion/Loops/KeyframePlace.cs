using System.Numerics;

namespace MetricDepth.Motion.Loops;

/// <summary>What a keyframe is recognised by.</summary>
/// <param name="Keyframe">Its place among the keyframes.</param>
/// <param name="Landmarks">For each of its points the landmark, or a negative number.</param>
/// <param name="Descriptors">For each of its points what it looks like.</param>
internal sealed record KeyframePlace(int Keyframe, int[] Landmarks, PlaceDescriptor[] Descriptors);

/// <summary>
/// Looks at the pictures of some keyframes, one at a time, and keeps 32 bytes a point. A place need not be described twice: the next is taken
/// where much of what the last one saw is gone.
/// </summary>
internal static class KeyframePlaces
{
    // radius of the patch around a point at the typical distance, share of the picture's shorter side; and its limits
    private const float RadiusShare = 0.032f, SmallestShare = 0.012f, LargestShare = 0.08f;

    private const double SharedAtMost = 0.75;

    /// <summary>Describes; null where there are no pictures.</summary>
    public static KeyframePlace[]? Describe(GlobalMap map, PoseProblem problem, CancellationToken cancellation)
    {
        var places = Choose(map);
        var depths = Depths(map, places, out double typical);
        var frames = places.Select(p => map.Keyframes[p.Keyframe].Frame).ToArray();
        DescriptorExtractor? extractor = null;
        int next = 0;
        foreach (var (frame, picture) in problem.Pictures(frames, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (next >= frames.Length || frame != frames[next]) continue;
            extractor ??= new(picture.Width, picture.Height);
            extractor.Load(picture);
            var points = map.Keyframes[places[next].Keyframe].Points;
            float size = (float)picture.Width / map.Width, side = Math.Min(picture.Width, picture.Height);
            for (int i = 0; i < points.Length; i++)
            {
                float radius = (float)Math.Clamp(RadiusShare * typical / depths[next][i], SmallestShare, LargestShare) * side;
                places[next].Descriptors[i] = extractor.Describe((points[i] + new Vector2(0.5f)) * size - new Vector2(0.5f), radius);
            }
            next++;
        }
        return next == frames.Length ? places : null;
    }

    private static KeyframePlace[] Choose(GlobalMap map)
    {
        var landmarks = map.Keyframes.Select(k => new int[k.Points.Length]).ToArray();
        foreach (var of in landmarks) Array.Fill(of, -1);
        for (int l = 0; l < map.Landmarks.Count; l++)
            foreach (var s in map.Landmarks[l].Sightings) landmarks[s.Keyframe][s.Index] = l;
        var chosen = new List<KeyframePlace>();
        var last = new HashSet<int>();
        for (int k = 0; k < landmarks.Length; k++)
        {
            if (k > 0 && k < landmarks.Length - 1 && landmarks[k].Count(l => l >= 0 && last.Contains(l)) > SharedAtMost * last.Count) continue;
            last = [.. landmarks[k].Where(l => l >= 0)];
            chosen.Add(new(k, landmarks[k], new PlaceDescriptor[landmarks[k].Length]));
        }
        return [.. chosen];
    }

    private static double[][] Depths(GlobalMap map, KeyframePlace[] places, out double typical)
    {
        var all = new List<double>();
        var depths = new double[places.Length][];
        for (int k = 0; k < places.Length; k++)
        {
            var known = new List<double>();
            depths[k] = new double[places[k].Landmarks.Length];
            for (int i = 0; i < depths[k].Length; i++)
            {
                int l = places[k].Landmarks[i];
                double rho = l < 0 ? 0 : map.Landmarks[l].Rho, z = l < 0 ? 0 : map.Direction(map.Landmarks[l], map.Keyframes[places[k].Keyframe].Pose).Z;
                depths[k][i] = rho > 0 && z > 0 ? z / rho : 0;
                if (depths[k][i] > 0) known.Add(depths[k][i]);
            }
            known.Sort();
            // a point of unknown depth is as far as the middle one of its frame
            double middle = known.Count > 0 ? known[known.Count / 2] : 1;
            for (int i = 0; i < depths[k].Length; i++)
                if (depths[k][i] <= 0) depths[k][i] = middle;
            if (known.Count > 0) all.Add(middle);
        }
        all.Sort();
        typical = all.Count > 0 ? all[all.Count / 2] : 1;
        return depths;
    }
}
