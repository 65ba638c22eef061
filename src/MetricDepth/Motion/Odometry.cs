using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// Extends a bootstrapped map through the clip and gives every frame its pose. Keeps a window of keyframes and the frames
/// between them; what leaves the window is final and shrinks to a pose and four numbers.
/// </summary>
internal sealed class Odometry
{
    private const int Window = 24;
    private const int FreeKeyframes = 23;
    private const int MaxPending = 400;

    // most of what is seen has to agree with the pose; a blurred keyframe or two may not
    private const double MinAgreement = 0.3;
    private const int MaxDisagreeing = 4;

    private readonly StructureMap _map;
    private readonly Queue<TrackedFrame> _pending = [];
    private readonly SolutionStatistics _statistics;
    private readonly List<SolvedFrame?> _frames = [];
    private readonly CameraPath? _known;
    private readonly double _frameRate;
    private Keyframe _newest;
    private int _disagreeing;
    private long _disagreeingFrom;

    /// <summary>Continues from a map.</summary>
    /// <param name="map">The map that the clip's first frames gave.</param>
    /// <param name="known">The poses, if they are known; in the map's world.</param>
    /// <param name="frameRate">Frames per second, for messages.</param>
    public Odometry(StructureMap map, CameraPath? known, double frameRate)
    {
        _map = map;
        _known = known;
        _frameRate = frameRate;
        _statistics = new SolutionStatistics();
        _newest = map.Keyframes[^1];
    }

    public SolutionStatistics Statistics => _statistics;

    /// <summary>What is known of each frame so far; null for a frame that could not be followed.</summary>
    public IReadOnlyList<SolvedFrame?> Frames => _frames;

    /// <summary>Takes over the frames that the map was made from: all frames, in order, the map's keyframes among them.</summary>
    public void Begin(IEnumerable<TrackedFrame> frames)
    {
        foreach (var f in frames) _pending.Enqueue(f);
        TrimWindow();
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
        if (_known is not null)
        {
            keyframe.Pose = _known.Poses[checked((int)frame.Index)];
            _map.AddPosed(keyframe);
        }
        else
        {
            double agreement = _map.Add(keyframe, guess);
            _disagreeing = agreement < MinAgreement ? _disagreeing + 1 : 0;
            if (_disagreeing == 1) _disagreeingFrom = frame.Index;
            if (_disagreeing > MaxDisagreeing) throw Failures.TrackingLost(_disagreeingFrom, _frameRate);
            _map.Adjust(Math.Max(1, _map.Keyframes.Count - FreeKeyframes), 6);
        }
        _newest = keyframe;
        TrimWindow();
    }

    private void TrimWindow()
    {
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
        if (_known is not null)
        {
            pose = _known.Poses[checked((int)frame.Index)];
        }
        else if (before?.Frame.Index == frame.Index)
        {
            pose = before.Pose;
        }
        else
        {
            var guess = before is null ? after!.Pose : after is null ? before.Pose
                : CameraInterpolation.Between(before.Pose, after.Pose, (double)(frame.Index - before.Frame.Index) / (after.Frame.Index - before.Frame.Index));
            pose = _map.Locate(frame, guess, out _).Pose;
        }
        return new(frame.Index, pose, MeasureDepths(frame, pose));
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
internal sealed record SolvedFrame(long Index, Pose Pose, SceneDepth Depth);
