using MetricDepth.Imaging;

namespace MetricDepth.Depth;

/// <summary>How far away things are in a clip, from a few frames spread over it.</summary>
internal static class DepthSurvey
{
    private const int FramesLookedAt = 5;
    private const int PixelsLookedAt = 20_000; // of a frame

    /// <summary>The median depth.</summary>
    /// <param name="depth">The depth video.</param>
    /// <param name="minConfidence">The least confidence that counts as depth; null for any.</param>
    /// <param name="nearest">Nearer is not looked at, m.</param>
    /// <param name="farthest">Farther is not looked at, m.</param>
    /// <param name="frames">How many frames of it are used; null for all.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>m; null if there is no depth in those frames.</returns>
    public static double? Median(DepthVideo depth, double? minConfidence, double nearest, double farthest, long? frames, CancellationToken cancellation)
    {
        List<float> values = [];
        var plane = new Plane<float>(depth.Width, depth.Height);
        long length = Math.Max(1, Math.Min(frames ?? long.MaxValue, depth.FrameCount ?? 1));
        int looks = (int)Math.Min(FramesLookedAt, length);
        int step = Math.Max(1, depth.Width * depth.Height / PixelsLookedAt);
        for (int i = 0; i < looks; i++)
        {
            long frame = (2 * i + 1) * length / (2 * looks);
            using var reader = DepthVideoReader.Open(depth, minConfidence, new() { FirstFrame = frame, MaxFrames = 1, Seek = true }, cancellation);
            if (!reader.Read(plane)) continue;
            for (int p = 0; p < plane.Data.Length; p += step)
                if (plane.Data[p] is > 0 and var z && z >= nearest && z <= farthest) values.Add(z);
        }
        if (values.Count == 0) return null;
        values.Sort();
        return values[values.Count / 2];
    }
}
