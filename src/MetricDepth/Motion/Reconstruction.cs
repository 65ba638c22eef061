using System.Numerics;
using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// All keyframes of a clip and all points they see, adjusted together. Grows with the number of keyframes, which a global adjustment needs;
/// the frames between are not in it.
/// </summary>
internal sealed class Reconstruction
{
    /// <summary>Residuals beyond this are not inliers, px at the working size.</summary>
    public const double InlierDistance = StructureMap.InlierDistance;

    private const int MinSightings = 12;

    // new points are made after so many keyframes; after each at first
    private const int ExtensionStep = 8;
    private const double MinAgreement = 0.3;

    private readonly List<TrackedFrame> _frames = [];
    private readonly List<Pose> _poses = [];
    private readonly SortedDictionary<int, ScenePoint> _points = [];
    private readonly List<PosedSighting> _seen = [];

    /// <summary>Makes a reconstruction of posed keyframes.</summary>
    /// <param name="camera">The camera at the size of the tracks.</param>
    /// <param name="freedom">How poses may move.</param>
    /// <param name="keyframes">In order, with their poses, camera to world.</param>
    public Reconstruction(Camera camera, PoseFreedom freedom, IEnumerable<(TrackedFrame Frame, Pose Pose)> keyframes)
    {
        (Camera, Freedom) = (camera, freedom);
        foreach (var (frame, pose) in keyframes)
        {
            _frames.Add(frame);
            _poses.Add(pose);
        }
        Rebuild();
    }

    /// <summary>The camera.</summary>
    public Camera Camera { get; }

    /// <summary>How poses may move.</summary>
    public PoseFreedom Freedom { get; }

    /// <summary>The keyframes.</summary>
    public IReadOnlyList<TrackedFrame> Frames => _frames;

    /// <summary>Their poses, camera to world.</summary>
    public IReadOnlyList<Pose> Poses => _poses;

    private bool IsTurning => Freedom == PoseFreedom.RotationOnly;

    /// <summary>Poses keyframes from before the first, latest first, as long as they see enough of what is known; each makes more known.</summary>
    /// <param name="earlier">The keyframes, in order.</param>
    /// <param name="cancellation">Stops between keyframes.</param>
    public void ExtendBack(IReadOnlyList<TrackedFrame> earlier, CancellationToken cancellation)
    {
        var added = new List<(TrackedFrame Frame, Pose Pose)>();
        for (int i = earlier.Count - 1; i >= 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            var fit = Locate(earlier[i], added.Count > 0 ? added[^1].Pose : _poses[0], out var sightings);
            bool isLost = sightings.Count < MinSightings || fit.Inliers < MinAgreement * sightings.Count;
            if (!isLost) added.Add((earlier[i], fit.Pose));
            if (isLost || i == 0 || added.Count == ExtensionStep || earlier.Count - i <= ExtensionStep)
            {
                added.Reverse();
                _frames.InsertRange(0, added.Select(a => a.Frame));
                _poses.InsertRange(0, added.Select(a => a.Pose));
                if (added.Count > 0) Rebuild();
                added.Clear();
            }
            if (isLost) return;
        }
    }

    /// <summary>Makes the first keyframe's camera the world.</summary>
    public void Rebase()
    {
        var first = _poses[0].Inverse;
        for (int k = 0; k < _poses.Count; k++) _poses[k] = Constrained(first * _poses[k]);
        RefreshPoints();
    }

    /// <summary>Adjusts all keyframes and points together, twice: what does not fit is left out, and judged again.</summary>
    public void Adjust(int iterations, CancellationToken cancellation)
    {
        foreach (double gate in (ReadOnlySpan<double>)[InverseDepthFit.GateDistance, 2 * InlierDistance])
        {
            var problem = new BundleAdjustment(Camera);
            for (int k = 0; k < _poses.Count; k++) problem.AddPose(_poses[k], k == 0 ? PoseFreedom.Fixed : Freedom);
            var used = new List<ScenePoint>();
            foreach (var point in _points.Values)
            {
                if (point.IsOutlier || point.Sightings.Count < 2) continue;
                bool started = false;
                foreach (var (k, index) in CollectionsMarshal.AsSpan(point.Sightings)[1..])
                {
                    var pixel = _frames[k].Points[index];
                    if (!(PoseRefinement.SquaredResidual(Camera, _poses[k], SeenAt(point, pixel)) <= gate * gate)) continue;
                    if (!started)
                    {
                        problem.AddPoint(point.Sightings[0].Keyframe, _frames[point.Sightings[0].Keyframe].Points[point.Sightings[0].Index], point.Rho);
                        used.Add(point);
                        started = true;
                    }
                    problem.AddObservation(k, pixel);
                }
            }
            problem.Solve(iterations, cancellation);
            for (int k = 0; k < _poses.Count; k++) _poses[k] = problem.PoseOf(k);
            for (int i = 0; i < used.Count; i++) (used[i].Rho, used[i].Pixel) = (IsTurning ? 0 : problem.RhoOf(i), problem.PixelOf(i));
            RefreshPoints();
        }
    }

    /// <summary>Mean squared residual over everything seen, each counted up to the inlier distance, px²: none can improve it by giving points up.</summary>
    public double CappedError()
    {
        double sum = 0;
        long count = 0;
        foreach (var point in _points.Values)
            foreach (var (k, index) in CollectionsMarshal.AsSpan(point.Sightings)[1..])
            {
                sum += Math.Min(InlierDistance * InlierDistance, PoseRefinement.SquaredResidual(Camera, _poses[k], SeenAt(point, _frames[k].Points[index])));
                count++;
            }
        return sum / Math.Max(1, count);
    }

    /// <summary>The points, in order of their numbers.</summary>
    public IEnumerable<ScenePoint> Points => _points.Values;

    /// <summary>Takes poses that were found elsewhere and judges all points by them.</summary>
    /// <param name="poses">One a keyframe, camera to world.</param>
    public void Take(IReadOnlyList<Pose> poses)
    {
        for (int k = 0; k < _poses.Count; k++) _poses[k] = Constrained(poses[k]);
        RefreshPoints();
    }

    /// <summary>The pose of any frame from the points it sees.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="guess">A pose in the neighbourhood.</param>
    /// <param name="sightings">What it sees of points that are known.</param>
    public PoseFit Locate(TrackedFrame frame, Pose guess, out List<PointSighting> sightings)
    {
        sightings = new(frame.Ids.Length);
        for (int i = 0; i < frame.Ids.Length; i++)
            if (_points.TryGetValue(frame.Ids[i], out var p) && p.IsMature && !p.IsOutlier) sightings.Add(SeenAt(p, frame.Points[i]));
        if (sightings.Count < MinSightings)
        {
            // points of uncertain depth still fix the rotation
            for (int i = 0; i < frame.Ids.Length; i++)
                if (_points.TryGetValue(frame.Ids[i], out var p) && !p.IsMature && !p.IsOutlier) sightings.Add(SeenAt(p, frame.Points[i]));
        }
        return sightings.Count < 6 ? new(guess, 0, 0)
            : PoseRefinement.Run(Camera, Constrained(guess), CollectionsMarshal.AsSpan(sightings), InlierDistance, Freedom);
    }

    private Pose Constrained(Pose pose) => Freedom switch
    {
        PoseFreedom.RotationOnly => pose with { Translation = default },
        PoseFreedom.InPlane => pose with { Translation = pose.Translation with { Z = 0 } },
        _ => pose,
    };

    private PointSighting SeenAt(ScenePoint point, Vector2 pixel)
    {
        var host = _poses[point.Sightings[0].Keyframe];
        return new(host.Translation, host.Rotation * Camera.Ray(point.Pixel), point.Rho, pixel);
    }

    private void Rebuild()
    {
        var before = _points.Values.ToDictionary(p => p.Id, p => p.Rho);
        _points.Clear();
        for (int k = 0; k < _frames.Count; k++)
            for (int i = 0; i < _frames[k].Ids.Length; i++)
            {
                int id = _frames[k].Ids[i];
                if (!_points.TryGetValue(id, out var point))
                {
                    _points.Add(id, point = new(id) { Pixel = _frames[k].Points[i], Rho = IsTurning ? 0 : before.GetValueOrDefault(id, 1) });
                }
                point.Sightings.Add((k, i));
            }
        RefreshPoints();
    }

    /// <summary>Solves the inverse depth of points by themselves, poses held, and judges which are known and which do not fit.</summary>
    private void RefreshPoints()
    {
        var rhos = new List<double>();
        double typical = 1;
        // the scene's typical depth is known only after a first look
        for (int round = 0; round < 2; round++)
        {
            rhos.Clear();
            foreach (var p in _points.Values)
            {
                _seen.Clear();
                foreach (var (k, index) in CollectionsMarshal.AsSpan(p.Sightings)[1..]) _seen.Add(new(_poses[k], _frames[k].Points[index]));
                if (IsTurning) JudgeBearing(p);
                else JudgePoint(p, typical);
                if (p.IsMature && !p.IsOutlier && p.Rho > 0) rhos.Add(p.Rho);
            }
            if (IsTurning || rhos.Count < 8) return;
            rhos.Sort();
            typical = rhos[rhos.Count / 2];
        }
    }

    private void JudgePoint(ScenePoint p, double typical)
    {
        var fit = InverseDepthFit.Run(Camera, _poses[p.Sightings[0].Keyframe], p.Pixel, CollectionsMarshal.AsSpan(_seen), p.Rho, typical);
        p.Rho = fit.Rho;
        p.IsMature = _seen.Count > 0 && fit.Deviation < StructureMap.MatureDeviation * Math.Max(fit.Rho, typical);
        p.IsOutlier = _seen.Count > 0 && (fit.Rho < -3 * fit.Deviation || fit.MeanSquare > InlierDistance * InlierDistance);
    }

    private void JudgeBearing(ScenePoint p)
    {
        double squares = 0;
        foreach (var (pose, pixel) in _seen)
            squares += Math.Min(InverseDepthFit.GateDistance * InverseDepthFit.GateDistance, PoseRefinement.SquaredResidual(Camera, pose, SeenAt(p, pixel)));
        p.IsMature = _seen.Count > 0;
        p.IsOutlier = _seen.Count > 0 && squares / _seen.Count > InlierDistance * InlierDistance;
    }
}
