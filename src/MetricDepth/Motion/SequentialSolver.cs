using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// Structure from motion as frames come: waits until the camera has moved enough, solves the first keyframes together, and extends from
/// there in a sliding window. What motion stereo's streaming solver and the solver of whole camera paths have in common.
/// </summary>
/// <param name="camera">The camera at the size of the tracks.</param>
/// <param name="frameRate">Frames per second, for messages.</param>
/// <param name="known">The poses, if they are known.</param>
/// <param name="cancellation">Stops between two iterations of an adjustment.</param>
internal sealed class SequentialSolver(Camera camera, double frameRate, CameraPath? known, CancellationToken cancellation)
{
    private const int MinMature = 30;
    private const double MaxStartOutliers = 0.5;

    private KeyframePair? _bestPair;

    /// <summary>Finds the camera from the keyframes of a start and the pair that has parallax (null where the poses are known); null to keep what was given.</summary>
    public Func<TrackedFrame[], KeyframePair?, Camera>? Calibrate { get; init; }

    /// <summary>The camera.</summary>
    public Camera Camera { get; private set; } = camera;

    /// <summary>What was seen before the start; after it, its frames are the first that the odometry took over.</summary>
    public PrefixBuffer Prefix { get; } = new();

    /// <summary>What follows the start; null before it.</summary>
    public Odometry? Odometry { get; private set; }

    /// <summary>The pair of frames that moved most, if no start could be made; null when no two frames share enough points.</summary>
    public KeyframePair? BestPair => _bestPair;

    /// <summary>Takes the next frame.</summary>
    public void Add(TrackedFrame frame)
    {
        if (Odometry is not null)
        {
            Odometry.Add(frame);
            return;
        }
        Prefix.Add(frame);
        if (Prefix.IsFull && !TryStart()) Prefix.DropHalf(Camera);
    }

    /// <summary>Gives the last frames their poses; false when there never was parallax to start from.</summary>
    public bool Finish()
    {
        if (Odometry is null && !TryStart()) return false;
        Odometry!.Finish();
        return true;
    }

    private bool TryStart()
    {
        var keyframes = Prefix.Keyframes;
        if (keyframes.Length < 2) keyframes = WithLastFrame(keyframes);
        if (keyframes.Length < 2) return false;
        var map = known is { } path ? StartFromPath(keyframes, path) : StartFromMotion(keyframes);
        if (map is null) return false;
        Odometry = new(map, known, frameRate);
        Odometry.Begin(Prefix.Frames);
        return true;
    }

    // a clip of a few frames may end before the second keyframe is due
    private TrackedFrame[] WithLastFrame(TrackedFrame[] keyframes)
    {
        var last = Prefix.Frames.LastOrDefault(f => !f.IsLost);
        return last is null || last.IsKeyframe ? keyframes : [.. keyframes, last];
    }

    private StructureMap? StartFromMotion(TrackedFrame[] keyframes)
    {
        var pair = Bootstrap.FindPair(Camera, keyframes, cancellation, out var best);
        if (best is { } b && b.Turn.MedianResidual > (_bestPair?.Turn.MedianResidual ?? -1)) _bestPair = best;
        if (pair is not { } found) return null;
        if (Calibrate is not null) Camera = Calibrate(keyframes, found);
        var map = Bootstrap.Solve(Camera, keyframes, found, cancellation);
        if (map is null) return null;
        Bootstrap.Extend(map, keyframes);
        return map.MatureCount >= MinMature && map.OutlierShare() <= MaxStartOutliers ? map : null;
    }

    private StructureMap StartFromPath(TrackedFrame[] frames, CameraPath path)
    {
        var keyframes = frames.Select(f => new Keyframe(f) { Pose = path.Poses[checked((int)f.Index)] }).ToArray();
        if (Calibrate is not null) Camera = Calibrate(frames, null);
        var map = new StructureMap(Camera, cancellation);
        map.Start(keyframes);
        return map;
    }
}
