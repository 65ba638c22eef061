namespace MetricDepth.Motion.Loops;

/// <summary>What a keyframe is recognised by.</summary>
/// <param name="Landmarks">For each of its points the landmark, or a negative number.</param>
/// <param name="Descriptors">For each of its points what it looks like.</param>
internal sealed record KeyframePlace(int[] Landmarks, PlaceDescriptor[] Descriptors);

/// <summary>Looks at the keyframes' pictures, one at a time, and keeps 32 bytes a point.</summary>
internal static class KeyframePlaces
{
    // radius of the patch around a point at the typical distance, share of the picture's shorter side; and its limits
    private const float RadiusShare = 0.032f, SmallestShare = 0.012f, LargestShare = 0.08f;

    /// <summary>Describes all keyframes; null where there are no pictures.</summary>
    public static KeyframePlace[]? Describe(GlobalMap map, PoseProblem problem, CancellationToken cancellation)
    {
        var places = Assign(map);
        var depths = Depths(map, places, out double typical);
        var frames = map.Keyframes.Select(k => k.Frame).ToArray();
        DescriptorExtractor? extractor = null;
        int next = 0;
        foreach (var (frame, picture) in problem.Pictures(frames, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            if (next >= frames.Length || frame != frames[next]) continue;
            if (picture.Width != map.Width || picture.Height != map.Height) return null;
            extractor ??= new(map.Width, map.Height);
            extractor.Load(picture);
            var keyframe = map.Keyframes[next];
            float side = Math.Min(map.Width, map.Height);
            for (int i = 0; i < keyframe.Points.Length; i++)
            {
                float radius = (float)Math.Clamp(RadiusShare * typical / depths[next][i], SmallestShare, LargestShare) * side;
                places[next].Descriptors[i] = extractor.Describe(keyframe.Points[i], radius);
            }
            next++;
        }
        return next == frames.Length ? places : null;
    }

    private static KeyframePlace[] Assign(GlobalMap map)
    {
        var places = map.Keyframes.Select(k => new KeyframePlace(new int[k.Points.Length], new PlaceDescriptor[k.Points.Length])).ToArray();
        foreach (var p in places) Array.Fill(p.Landmarks, -1);
        for (int l = 0; l < map.Landmarks.Count; l++)
            foreach (var s in map.Landmarks[l].Sightings) places[s.Keyframe].Landmarks[s.Index] = l;
        return places;
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
                double rho = l < 0 ? 0 : map.Landmarks[l].Rho, z = l < 0 ? 0 : map.Direction(map.Landmarks[l], map.Keyframes[k].Pose).Z;
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
