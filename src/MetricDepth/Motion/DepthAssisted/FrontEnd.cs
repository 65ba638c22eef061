using System.Numerics;
using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>Where a frame was when it was first posed: in its keyframe, so that later adjustments carry it along.</summary>
/// <param name="Keyframe">Number of the keyframe; negative where the frame could not be posed.</param>
/// <param name="InKeyframe">Camera to the keyframe's camera.</param>
internal readonly record struct FirstPose(int Keyframe, Pose InKeyframe)
{
    /// <summary>A frame that could not be posed.</summary>
    public static FirstPose None => new(-1, Pose.Identity);
}

/// <summary>
/// The first pass: every frame is posed against the map, from where its motion so far leads it; keyframes extend the map, and the last few
/// of them are adjusted whenever one is added.
/// </summary>
internal sealed class FrontEnd
{
    /// <summary>Fewer tracks than this say nothing about a camera.</summary>
    public const int MinTracks = 24;

    private const int MinReadings = 20, Window = 10, Reach = 10, WindowIterations = 5;

    // a keyframe is due when so much has changed since the last: more of them would count the same errors of the same tracks more often
    private const double MinOverlap = 0.6, MinKnown = 0.6, MaxTurn = 0.2, MaxMoveByDepth = 0.1, MaxFlow = 0.1;

    // what a constraint leaves out of the motion grows with the distance between keyframes: there they stand this much closer together
    private const double ConstrainedShare = 0.6;

    // how far a hand-held camera departs from constant motion within a thirtieth of a second
    private const double TurnChange = 0.03, MoveChangeByDepth = 0.02;

    // less agreement with what stood still than this asks for a second opinion
    private const double DoubtfulShare = 0.6;

    // tracks drift with the frames, and the map allows for that; between a keyframe and the next they are much better. Were they not held to it,
    // somebody who walks past would carry the camera along: what is near moves the pose, and what is far hardly objects
    private const double OwnShare = 0.4;

    private readonly PointMap _map;
    private readonly PoseFitting _fitting, _judge;
    private readonly PoseFreedom _freedom;
    private readonly double _frameRate, _diagonal;
    private readonly CancellationToken _cancellation;
    private readonly List<FirstPose> _first = [];
    private readonly List<KnownPoint> _known = [];
    private readonly List<MapPoint> _owners = [];
    private readonly List<float> _flow = [];
    private FirstPose _last = FirstPose.None, _before = FirstPose.None;
    private SightedFrame? _lastFrame;
    private long _lastIndex, _beforeIndex;
    private long _lostFrom = -1;

    public FrontEnd(PointMap map, PoseFreedom freedom, double frameRate, double diagonal, CancellationToken cancellation)
    {
        (_map, _freedom, _frameRate, _diagonal, _cancellation) = (map, freedom, frameRate, diagonal, cancellation);
        // a constraint is a simplification: what it leaves out of the motion is left in the pixels
        _fitting = new(map.Camera, TrackNoise.BetweenKeyframes(diagonal, freedom == PoseFreedom.Free ? OwnShare : 1), freedom);
        // whether a point stands still shows over many frames: it is judged by what tracks are good for over many frames
        _judge = freedom == PoseFreedom.Free ? new(map.Camera, map.Tracks, freedom) : _fitting;
    }

    /// <summary>One a frame.</summary>
    public IReadOnlyList<FirstPose> Frames => _first;

    /// <summary>The most readings that a frame has shown while there was no map.</summary>
    public int MostReadings { get; private set; }

    /// <summary>Takes the next frame.</summary>
    /// <exception cref="MetricDepthException"><c>TrackingLost</c>: there is plenty to see, but none of it was seen before.</exception>
    public void Add(SightedFrame frame)
    {
        if (_map.Keyframes.Count == 0)
        {
            Start(frame);
            return;
        }
        _map.Match(frame, _freedom == PoseFreedom.RotationOnly, _known, _owners);
        if (Locate(frame) is not { } fit)
        {
            _first.Add(FirstPose.None);
            if (frame.Ids.Length < MinTracks) return;
            if (_lostFrom < 0) _lostFrom = frame.Index;
            if (frame.Index - _lostFrom >= Patience) throw DepthAssistedFailures.TrackingLost(_lostFrom, _frameRate);
            return;
        }
        _lostFrom = -1;
        var known = CollectionsMarshal.AsSpan(_known);
        for (int i = 0; i < known.Length; i++) _owners[i].Observe(_judge.SquaredDeviations(fit.Pose, known[i]) <= _judge.InlierSquare);
        Remember(frame, fit.Pose);
        if (IsKeyframeDue(frame, fit.Pose)) AddKeyframe(frame, fit.Pose);
        else _map.NoteReadings(fit.Pose, known, _owners);
    }

    /// <summary>Ends the pass: the last frame is a keyframe, so that nothing hangs loose.</summary>
    public void Finish()
    {
        if (_lastFrame is not null && _last.Keyframe >= 0 && _map.Keyframes[^1].Frame != _lastFrame.Index) AddKeyframe(_lastFrame, PoseOf(_last));
    }

    private long Patience => Math.Max(10, (long)Math.Round(_frameRate / 2));

    private Pose PoseOf(FirstPose f) => _map.Keyframes[f.Keyframe].Pose * f.InKeyframe;

    private void Start(SightedFrame frame)
    {
        int readings = frame.Depths.Count(d => d > 0 && float.IsFinite(d));
        MostReadings = Math.Max(MostReadings, readings);
        int enough = _freedom == PoseFreedom.RotationOnly ? frame.Ids.Length : readings;
        if (enough < MinReadings)
        {
            _first.Add(FirstPose.None);
            return;
        }
        _map.Add(frame, Pose.Identity);
        Remember(frame, Pose.Identity);
    }

    private void Remember(SightedFrame frame, Pose pose)
    {
        (_before, _beforeIndex) = (_last, _lastIndex);
        var k = _map.Keyframes[^1];
        (_last, _lastIndex, _lastFrame) = (new(k.Number, k.Pose.Inverse * pose), frame.Index, frame);
        _first.Add(_last);
    }

    private FittedPose? Locate(SightedFrame frame)
    {
        if (_known.Count < FrameAcceptance.MinInliers) return null;
        var known = CollectionsMarshal.AsSpan(_known);
        double gap = frame.Index - _lastIndex, frames = gap * 30 / _frameRate;
        var guess = Predict(gap);
        var prior = new PosePrior(guess, TurnChange * frames, MoveChangeByDepth * _map.MedianDepth * frames);
        var fit = _fitting.Run(guess, known, prior);
        double trust = 0;
        foreach (ref readonly var p in known) trust += p.Trust;
        if (fit.Trusted < DoubtfulShare * trust && _freedom != PoseFreedom.RotationOnly
            && PoseConsensus.Find(_map.Camera, _fitting, known, unchecked((int)frame.Index)) is { } seed)
        {
            var other = _fitting.Run(seed, known, null);
            // what moves as one must not win over the scene by a hair: constant motion is the better guess
            if (other.Trusted > 1.2 * fit.Trusted) fit = other;
        }
        bool isSound = _freedom == PoseFreedom.Free
            ? FrameAcceptance.Accepts(fit, known.Length, _map.MedianDepth)
            : FrameAcceptance.Accepts(fit, known.Length, _map.MedianDepth, FrameAcceptance.MinConstrainedShare);
        return isSound ? fit : null;
    }

    private Pose Predict(double gap)
    {
        var last = PoseOf(_last);
        // after a while without sight nobody knows how it went on
        if (_before.Keyframe < 0 || gap > _frameRate / 6) return last;
        var before = PoseOf(_before);
        var step = before.Inverse * last;
        double share = gap / (_lastIndex - _beforeIndex);
        return last * new Pose(Rotation.Exp(CameraInterpolation.Log(step.Rotation) * share), step.Translation * share);
    }

    private bool IsKeyframeDue(SightedFrame frame, Pose pose)
    {
        var k = _map.Keyframes[^1];
        var since = k.Pose.Inverse * pose;
        double reach = _freedom == PoseFreedom.Free ? 1 : ConstrainedShare;
        if (since.Rotation.Angle > reach * MaxTurn || since.Translation.Length > reach * MaxMoveByDepth * _map.MedianDepth) return true;
        if (frame.Ids.Count(id => _map.Find(id) is not null) < (1 - reach * (1 - MinKnown)) * frame.Ids.Length) return true;
        _flow.Clear();
        for (int i = 0, j = 0; i < k.Ids.Length && j < frame.Ids.Length;)
        {
            if (k.Ids[i] == frame.Ids[j]) _flow.Add(Vector2.Distance(k.Points[i++], frame.Points[j++]));
            else if (k.Ids[i] < frame.Ids[j]) i++;
            else j++;
        }
        if (_flow.Count < (1 - reach * (1 - MinOverlap)) * k.Ids.Length) return true;
        _flow.Sort();
        return _flow[_flow.Count / 2] > reach * MaxFlow * _diagonal;
    }

    private void AddKeyframe(SightedFrame frame, Pose pose)
    {
        var k = _map.Add(frame, pose);
        int first = k.Number - Window + 1;
        MapAdjustment.Run(_map, _freedom, first, Math.Max(0, first - Reach), WindowIterations, _cancellation);
        // the frame is its own keyframe now
        _last = new(k.Number, Pose.Identity);
        _first[checked((int)frame.Index)] = _last;
    }
}
