using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>
/// The keyframes of a window and the points they see. Grows forward or backward one keyframe at a time from a first solved pair:
/// pose from known points, depth of new points, bundle adjustment of the neighbourhood.
/// </summary>
internal sealed class StructureMap
{
    /// <summary>Residuals beyond this are not inliers, px at the working size.</summary>
    public const double InlierDistance = 2.0;

    /// <summary>A point carries poses when its inverse depth is known to this share of the scene's typical one.</summary>
    public const double MatureDeviation = 0.15;

    private const int MinSightings = 12;

    private readonly CancellationToken _cancellation;
    private readonly List<Keyframe> _keyframes = [];
    private readonly Dictionary<int, Landmark> _landmarks = [];
    private readonly List<PosedSighting> _seen = [];
    private double _typicalRho = 1;

    /// <summary>An empty map.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="cancellation">Stops an adjustment between two iterations.</param>
    public StructureMap(Camera camera, CancellationToken cancellation) => (Camera, _cancellation) = (camera, cancellation);

    public Camera Camera { get; private set; }

    /// <summary>Posed keyframes of the window, in frame order.</summary>
    public IReadOnlyList<Keyframe> Keyframes => _keyframes;

    public IReadOnlyDictionary<int, Landmark> Landmarks => _landmarks;

    /// <summary>Starts from keyframes whose poses are known: makes points of everything that two of them see.</summary>
    public void Start(IEnumerable<Keyframe> keyframes)
    {
        foreach (var k in keyframes)
        {
            k.IsPosed = true;
            Insert(k);
        }
        foreach (var k in _keyframes) Host(k);
        RefreshDepths();
    }

    /// <summary>Poses a keyframe from the points it shares with the window and adds it.</summary>
    /// <returns>The share of its known points that agree, 0 when there are too few.</returns>
    public double Add(Keyframe keyframe, Pose guess)
    {
        var fit = Locate(keyframe.Frame, guess, out int seen);
        keyframe.Pose = fit.Pose;
        AddPosed(keyframe);
        return seen < MinSightings ? 0 : (double)fit.Inliers / seen;
    }

    /// <summary>Adds a keyframe whose pose is known.</summary>
    public void AddPosed(Keyframe keyframe)
    {
        keyframe.IsPosed = true;
        Insert(keyframe);
        Host(keyframe);
        RefreshDepths();
    }

    /// <summary>The pose of any frame near the window from the points it sees.</summary>
    public PoseFit Locate(TrackedFrame frame, Pose guess, out int seen)
    {
        var sightings = new List<PointSighting>(frame.Ids.Length);
        for (int i = 0; i < frame.Ids.Length; i++)
            if (_landmarks.TryGetValue(frame.Ids[i], out var l) && l.IsMature && !l.IsOutlier && l.Host.Frame != frame)
                sightings.Add(l.SeenAt(Camera, frame.Points[i]));
        if (sightings.Count < MinSightings)
        {
            // the camera turns into the unknown: points of uncertain depth still fix the rotation
            for (int i = 0; i < frame.Ids.Length; i++)
                if (_landmarks.TryGetValue(frame.Ids[i], out var l) && !l.IsMature && !l.IsOutlier && l.Host.Frame != frame)
                    sightings.Add(l.SeenAt(Camera, frame.Points[i]));
        }
        seen = sightings.Count;
        return seen < 6 ? new(guess, 0, 0) : PoseRefinement.Run(Camera, guess, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sightings), InlierDistance);
    }

    /// <summary>Adjusts the keyframes from <paramref name="firstFree"/> on, and all points they see; earlier ones hold the frame and the scale.</summary>
    /// <returns>The solved problem, with its cost.</returns>
    public BundleAdjustment Adjust(int firstFree, int iterations, bool freeFocal = false)
    {
        var problem = new BundleAdjustment(Camera, freeFocal);
        var poses = new Dictionary<Keyframe, int>();
        for (int i = 0; i < _keyframes.Count; i++) poses[_keyframes[i]] = problem.AddPose(_keyframes[i].Pose, i < firstFree);
        var used = new List<Landmark>();
        long oldestFree = firstFree < _keyframes.Count ? _keyframes[firstFree].Frame.Index : long.MinValue;
        foreach (var l in InOrder())
        {
            if (l.IsOutlier || l.LastSeen.Frame.Index < oldestFree) continue;
            if (!poses.TryGetValue(l.Host, out int host)) poses[l.Host] = host = problem.AddPose(l.Host.Pose, true);
            bool started = false;
            foreach (var k in _keyframes)
            {
                if (k == l.Host || !TrySee(k, l, out var pixel)) continue;
                if (PoseRefinement.SquaredResidual(Camera, k.Pose, l.SeenAt(Camera, pixel)) > InverseDepthFit.GateDistance * InverseDepthFit.GateDistance) continue;
                if (!started)
                {
                    problem.AddPoint(host, l.Pixel, l.Rho);
                    used.Add(l);
                    started = true;
                }
                problem.AddObservation(poses[k], pixel);
            }
        }
        problem.Solve(iterations, _cancellation);
        foreach (var k in _keyframes) k.Pose = problem.PoseOf(poses[k]);
        for (int i = 0; i < used.Count; i++) used[i].Rho = problem.RhoOf(i);
        Camera = problem.Camera;
        RefreshDepths();
        return problem;
    }

    /// <summary>Forgets the oldest keyframe and the points that no keyframe of the window sees any more.</summary>
    /// <param name="retired">Told of each point that goes.</param>
    public void DropOldest(Action<Landmark> retired)
    {
        _keyframes.RemoveAt(0);
        long oldest = _keyframes.Count > 0 ? _keyframes[0].Frame.Index : long.MaxValue;
        foreach (var l in InOrder())
        {
            if (l.LastSeen.Frame.Index >= oldest) continue;
            _landmarks.Remove(l.Id);
            retired(l);
        }
    }

    /// <summary>Multiplies the world by a factor.</summary>
    public void Rescale(double factor)
    {
        foreach (var k in _keyframes) k.Pose = k.Pose with { Translation = k.Pose.Translation * factor };
        foreach (var l in _landmarks.Values)
        {
            l.Rho /= factor;
            l.Deviation /= factor;
        }
        _typicalRho /= factor;
    }

    /// <summary>Makes the median inverse depth 1.</summary>
    public void NormaliseScale() => Rescale(_typicalRho);

    /// <summary>Points that carry poses now.</summary>
    public int MatureCount => _landmarks.Values.Count(l => l.IsMature && !l.IsOutlier);

    /// <summary>
    /// Mean squared residual over everything seen, each counted up to the inlier distance, px²: one figure by which solutions with other
    /// cameras can be compared, because none can improve it by giving points up.
    /// </summary>
    public double CappedError()
    {
        double sum = 0;
        int count = 0;
        const double cap = InlierDistance * InlierDistance;
        foreach (var l in InOrder())
            foreach (var k in _keyframes)
            {
                if (k == l.Host || !TrySee(k, l, out var pixel)) continue;
                sum += Math.Min(cap, PoseRefinement.SquaredResidual(Camera, k.Pose, l.SeenAt(Camera, pixel)));
                count++;
            }
        return sum / Math.Max(1, count);
    }

    /// <summary>Share of the points with a second view that do not fit.</summary>
    public double OutlierShare()
    {
        int seen = 0, outliers = 0;
        foreach (var l in _landmarks.Values)
        {
            if (double.IsPositiveInfinity(l.Deviation)) continue;
            seen++;
            outliers += l.IsOutlier ? 1 : 0;
        }
        return (double)outliers / Math.Max(1, seen);
    }

    /// <summary>Points in order of their number: every sum has one order.</summary>
    public IEnumerable<Landmark> InOrder() => _landmarks.Values.OrderBy(l => l.Id).ToArray();

    public static bool TrySee(Keyframe keyframe, Landmark landmark, out Vector2 pixel)
    {
        int i = keyframe.Frame.IndexOf(landmark.Id);
        pixel = i >= 0 ? keyframe.Frame.Points[i] : default;
        return i >= 0;
    }

    private void Insert(Keyframe k)
    {
        int at = _keyframes.Count;
        while (at > 0 && _keyframes[at - 1].Frame.Index > k.Frame.Index) at--;
        _keyframes.Insert(at, k);
    }

    // a track becomes a point of the first posed keyframe that sees it; its depth waits for a second one
    private void Host(Keyframe k)
    {
        for (int i = 0; i < k.Frame.Ids.Length; i++)
        {
            int id = k.Frame.Ids[i];
            if (!_landmarks.TryGetValue(id, out var l)) _landmarks.Add(id, new(id, k, k.Frame.Points[i], _typicalRho));
            else if (k.Frame.Index > l.LastSeen.Frame.Index) l.LastSeen = k;
        }
    }

    /// <summary>Solves the inverse depth of points by themselves, poses held, and judges which are known and which do not fit.</summary>
    private void RefreshDepths()
    {
        var rhos = new List<double>();
        foreach (var l in InOrder())
        {
            var fit = FitDepth(l);
            bool isSeen = _seen.Count > 0;
            if (isSeen) (l.Rho, l.Deviation) = (fit.Rho, fit.Deviation);
            l.IsMature = isSeen && l.Deviation < MatureDeviation * Math.Max(l.Rho, _typicalRho);
            // behind the camera by more than its uncertainty, or far off its track: it moves, or was mistracked
            l.IsOutlier = isSeen && (l.Rho < -3 * l.Deviation || fit.MeanSquare > InlierDistance * InlierDistance);
            if (l.IsMature && !l.IsOutlier && l.Rho > 0) rhos.Add(l.Rho);
        }
        if (rhos.Count < 8) return;
        rhos.Sort();
        _typicalRho = rhos[rhos.Count / 2];
    }

    private InverseDepthFit FitDepth(Landmark l)
    {
        _seen.Clear();
        foreach (var k in _keyframes)
            if (k != l.Host && TrySee(k, l, out var pixel)) _seen.Add(new(k.Pose, pixel));
        return InverseDepthFit.Run(Camera, l.Host.Pose, l.Pixel, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_seen), l.Rho, _typicalRho);
    }
}
