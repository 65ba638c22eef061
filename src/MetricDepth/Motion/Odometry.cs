using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>
/// Extends a bootstrapped map through the clip and gives every frame its pose. Keeps a window of keyframes and the frames
/// between them; what leaves the window is final and shrinks to a pose and four numbers.
/// </summary>
internal sealed class Odometry
{
    private const int Window = 24;
    private const int FreeKeyframes = 10;
    private const int MaxPending = 400;

    private readonly StructureMap _map;
    private readonly Queue<TrackedFrame> _pending = [];
    private readonly SolutionStatistics _statistics;
    private readonly List<SolvedFrame?> _frames = [];
    private Keyframe _newest;

    public Odometry(StructureMap map)
    {
        _map = map;
        _statistics = new SolutionStatistics();
        _newest = map.Keyframes[^1];
    }

    public SolutionStatistics Statistics => _statistics;

    /// <summary>What is known of each frame so far; null for a frame that could not be followed.</summary>
    public IReadOnlyList<SolvedFrame?> Frames => _frames;

    /// <summary>Takes over the frames that the map was started from: all frames, in order, the map's keyframes among them.</summary>
    public void Begin(IReadOnlyList<TrackedFrame> frames)
    {
        var known = _map.Keyframes.ToDictionary(k => k.Frame.Index);
        var before = frames.Where(f => f.IsKeyframe && f.Index < _map.Keyframes[0].Frame.Index).Reverse().ToArray();
        var between = frames.Where(f => f.IsKeyframe && f.Index > _map.Keyframes[0].Frame.Index && !known.ContainsKey(f.Index)).ToArray();
        foreach (var f in before)
        {
            _map.Add(new Keyframe(f), _map.Keyframes[0].Pose);
            _map.Adjust(1, 8);
        }
        foreach (var f in frames) _pending.Enqueue(f);
        foreach (var f in between) AddKeyframe(f);
        _map.Adjust(1, 20);
    }

    /// <summary>Takes the next frame.</summary>
    public void Add(TrackedFrame frame)
    {
        _pending.Enqueue(frame);
        if (frame.IsKeyframe) AddKeyframe(frame);
        if (_pending.Count > MaxPending) FinishFrames(_pending.Count - MaxPending / 2);
    }

    /// <summary>Gives the last frames their poses.</summary>
    public void Finish()
    {
        FinishFrames(_pending.Count);
        foreach (var l in _map.InOrder()) _statistics.AddTrack(_map.Camera, l);
    }

    private void AddKeyframe(TrackedFrame frame)
    {
        var previous = _map.Keyframes.Count > 1 ? _map.Keyframes[^2] : null;
        var guess = _newest.Pose;
        if (previous is not null)
        {
            double step = _newest.Frame.Index - previous.Frame.Index;
            guess = CameraInterpolation.Between(previous.Pose, _newest.Pose, 1 + Math.Min(1, (frame.Index - _newest.Frame.Index) / step));
        }
        var keyframe = new Keyframe(frame);
        _map.Add(keyframe, guess);
        _newest = keyframe;
        _map.Adjust(Math.Max(1, _map.Keyframes.Count - FreeKeyframes), 6);
        while (_map.Keyframes.Count > Window)
        {
            long next = _map.Keyframes[1].Frame.Index;
            int ready = _pending.Count(f => f.Index < next);
            FinishFrames(ready);
            _map.DropOldest(l => _statistics.AddTrack(_map.Camera, l));
        }
    }

    private void FinishFrames(int count)
    {
        for (; count > 0; count--)
        {
            var frame = _pending.Dequeue();
            _frames.Add(frame.IsLost ? null : Solve(frame));
        }
    }

    private SolvedFrame Solve(TrackedFrame frame)
    {
        Keyframe? before = null, after = null;
        foreach (var k in _map.Keyframes)
        {
            if (k.Frame.Index <= frame.Index) before = k;
            else after ??= k;
        }
        Pose pose;
        if (before?.Frame.Index == frame.Index)
        {
            pose = before.Pose;
        }
        else
        {
            var guess = before is null ? after!.Pose : after is null ? before.Pose
                : CameraInterpolation.Between(before.Pose, after.Pose, (double)(frame.Index - before.Frame.Index) / (after.Frame.Index - before.Frame.Index));
            pose = _map.Locate(frame, guess, out _).Pose;
        }
        return new(pose, MeasureDepths(frame, pose));
    }

    private SceneDepth MeasureDepths(TrackedFrame frame, Pose pose)
    {
        var depths = new List<double>(frame.Ids.Length);
        for (int i = 0; i < frame.Ids.Length; i++)
        {
            if (!_map.Landmarks.TryGetValue(frame.Ids[i], out var l)) continue;
            if (l.IsMature || l.IsOutlier)
                _statistics.AddSighting(PoseRefinement.SquaredResidual(_map.Camera, pose, l.SeenAt(_map.Camera, frame.Points[i])), !l.IsOutlier);
            if (!l.IsMature || l.IsOutlier || l.Rho < 2 * l.Deviation) continue;
            double z = l.DepthIn(_map.Camera, pose);
            if (z > 0) depths.Add(z);
        }
        depths.Sort();
        int n = depths.Count;
        return n == 0 ? default : new(depths[(int)(0.02 * (n - 1))], depths[n / 2], depths[(int)Math.Ceiling(0.98 * (n - 1))], n);
    }
}

/// <summary>A frame's pose in the solver's world and the depths it sees.</summary>
internal sealed record SolvedFrame(Pose Pose, SceneDepth Depth);
