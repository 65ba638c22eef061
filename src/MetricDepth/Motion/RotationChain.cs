using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>First guesses of the poses of a camera that only turns: each keyframe against the last one with which it shares enough.</summary>
internal static class RotationChain
{
    private const int MinShared = 8;
    private const int Reach = 5;

    /// <summary>Keyframes with their poses; the first is the identity. A keyframe that shares too little with those before it is left out.</summary>
    public static List<(TrackedFrame Frame, Pose Pose)> Of(Camera camera, IReadOnlyList<TrackedFrame> keyframes)
    {
        var chain = new List<(TrackedFrame Frame, Pose Pose)> { (keyframes[0], Pose.Identity) };
        foreach (var frame in keyframes.Skip(1))
        {
            for (int back = 1; back <= Math.Min(Reach, chain.Count); back++)
            {
                var (earlier, pose) = chain[^back];
                Bootstrap.Common(earlier, frame, out var before, out var now);
                if (before.Length < MinShared) continue;
                chain.Add((frame, new(pose.Rotation * RotationFit.Run(camera, before, now).Rotation, default)));
                break;
            }
        }
        return chain;
    }
}
