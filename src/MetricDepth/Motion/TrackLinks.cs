using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>Where a clip falls apart: keyframes that share no tracks have nothing to say of each other's place.</summary>
internal static class TrackLinks
{
    private const int MinShared = 12;
    private const int Reach = 5;

    // what a cut may take off at the ends without the rest being useless
    private const double MinShare = 0.9;

    /// <summary>The longest run of keyframes in which each shares tracks with one just before it.</summary>
    /// <exception cref="MetricDepthException"><c>TrackingLost</c>: more than a tenth of the keyframes lie outside of it.</exception>
    public static List<TrackedFrame> Longest(List<TrackedFrame> keyframes, double frameRate)
    {
        var starts = new List<int> { 0 };
        for (int k = 1; k < keyframes.Count; k++)
            if (!IsLinked(keyframes, starts[^1], k)) starts.Add(k);
        if (starts.Count == 1) return keyframes;
        starts.Add(keyframes.Count);
        int best = 0;
        for (int i = 1; i < starts.Count - 1; i++)
            if (starts[i + 1] - starts[i] > starts[best + 1] - starts[best]) best = i;
        int length = starts[best + 1] - starts[best];
        if (length < MinShare * keyframes.Count) throw Failures.PathLost(keyframes[starts[1]].Index, frameRate);
        return keyframes.GetRange(starts[best], length);
    }

    private static bool IsLinked(List<TrackedFrame> keyframes, int first, int k)
    {
        for (int earlier = k - 1; earlier >= Math.Max(first, k - Reach); earlier--)
        {
            Bootstrap.Common(keyframes[earlier], keyframes[k], out var shared, out _);
            if (shared.Length >= MinShared) return true;
        }
        return false;
    }
}
