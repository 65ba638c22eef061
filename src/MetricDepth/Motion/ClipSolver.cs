using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>The solving half of <see cref="CameraSolver"/>: takes tracked frames one by one, and gives the motion at the end.</summary>
internal sealed class ClipSolver
{
    /// <summary>Parallax of the median track below which depths would be guesses, degrees.</summary>
    private const double MinParallax = 0.7;

    /// <summary>Share of sightings that have to agree with one rigid scene.</summary>
    private const double MinInlierShare = 0.4;

    private const int MinMature = 30;
    private const double MaxStartOutliers = 0.5;

    private readonly CameraSolverOptions _options;
    private readonly int _width, _height;
    private readonly double _rate;
    private readonly IProgress<FrameProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly PrefixBuffer _prefix = new();
    private readonly bool _isFovGiven;
    private Intrinsics _full;
    private Camera _camera;
    private bool _isFovEstimated;
    private Odometry? _odometry;
    private KeyframePair? _bestPair;
    private long _frames, _lost;

    public ClipSolver(CameraSolverOptions options, int width, int height, double rate, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_options, _width, _height, _rate, _progress, _cancellation) = (options, width, height, rate, progress, cancellation);
        _isFovGiven = options.HorizontalFov is not null || options.VerticalFov is not null;
        SetCamera(_isFovGiven ? options.HorizontalFov : FieldOfViewMeasurement.AssumedFov, options.VerticalFov);
    }

    public void Add(TrackedFrame frame)
    {
        _cancellation.ThrowIfCancellationRequested();
        _frames++;
        if (frame.IsLost) _lost++;
        if (_options.KnownPath is { } path && frame.Index >= path.Poses.Count) throw Failures.CameraPathTooShort(path.Poses.Count, frame.Index);
        if (_odometry is not null)
        {
            _odometry.Add(frame);
            return;
        }
        _prefix.Add(frame);
        if (_prefix.IsFull && !TryStart()) _prefix.DropHalf(_camera);
    }

    public CameraMotion Finish()
    {
        if (_frames < 2) throw Failures.ClipTooShort(_frames);
        if (_lost == _frames) throw Failures.InsufficientTexture("no frame shows enough corners");
        if (_odometry is null && !TryStart()) throw WhyNotStarted();
        _odometry!.Finish();
        var statistics = _odometry.Statistics;
        if (statistics.Parallax < MinParallax)
            throw Failures.InsufficientParallax(string.Create(CultureInfo.InvariantCulture, $"the median point is seen under {statistics.Parallax:0.00}° of parallax, and {MinParallax}° are needed"));
        if (statistics.InlierShare < MinInlierShare && _options.KnownPath is null)
            throw Failures.InsufficientParallax(string.Create(CultureInfo.InvariantCulture, $"only {statistics.InlierShare:P0} of what is seen agrees with one rigid scene"));
        if (_options.KnownPath is not null && statistics.InlierShare < MinInlierShare)
            _progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"Only {statistics.InlierShare:P0} of the tracked points agree with the camera path given; check that it belongs to this clip and that the field of view is right.")));
        var poses = Assemble(out var depths);
        return new()
        {
            Intrinsics = _full,
            FieldOfViewEstimated = _isFovEstimated,
            Poses = poses,
            SceneDepths = depths,
            ReprojectionError = statistics.ReprojectionError * _full.Width / _width,
            Parallax = statistics.Parallax,
            InlierShare = statistics.InlierShare,
        };
    }

    private bool TryStart()
    {
        var keyframes = _prefix.Keyframes;
        if (keyframes.Length < 2) keyframes = WithLastFrame(keyframes);
        if (keyframes.Length < 2) return false;
        var map = _options.KnownPath is { } path ? StartFromPath(keyframes, path) : StartFromMotion(keyframes);
        if (map is null) return false;
        _odometry = new(map, _options.KnownPath, _rate);
        _odometry.Begin(_prefix.Frames);
        return true;
    }

    // a clip of a few frames may end before the second keyframe is due
    private TrackedFrame[] WithLastFrame(TrackedFrame[] keyframes)
    {
        var last = _prefix.Frames.LastOrDefault(f => !f.IsLost);
        return last is null || last.IsKeyframe ? keyframes : [.. keyframes, last];
    }

    private StructureMap? StartFromMotion(TrackedFrame[] keyframes)
    {
        var pair = Bootstrap.FindPair(_camera, keyframes, out var best);
        if (best is { } b && b.Turn.MedianResidual > (_bestPair?.Turn.MedianResidual ?? -1)) _bestPair = best;
        if (pair is not { } found) return null;
        if (!_isFovGiven) EstimateFov(MovingCalibration.Run(_width, _height, keyframes, found, _cancellation));
        var map = Bootstrap.Solve(_camera, keyframes, found);
        if (map is null) return null;
        Bootstrap.Extend(map, keyframes);
        return map.MatureCount >= MinMature && map.OutlierShare() <= MaxStartOutliers ? map : null;
    }

    private StructureMap StartFromPath(TrackedFrame[] frames, CameraPath path)
    {
        var keyframes = frames.Select(f => new Keyframe(f) { Pose = path.Poses[checked((int)f.Index)] }).ToArray();
        if (!_isFovGiven) EstimateFov(MovingCalibration.Run(_width, _height, keyframes));
        var map = new StructureMap(_camera);
        map.Start(keyframes);
        return map;
    }

    private void EstimateFov(FocalEstimate estimate)
    {
        if (estimate.IsReliable)
        {
            double fov = 2 * Math.Atan(_width / (2 * estimate.Camera.Fx)) * (180 / Math.PI);
            SetCamera(fov, null);
            _isFovEstimated = true;
            _progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"Horizontal field of view estimated from the motion: {fov:0.0}° (focal length known to {estimate.Deviation:P1}).")));
            return;
        }
        SetCamera(FieldOfViewMeasurement.AssumedFov, null);
        _isFovEstimated = false;
        _progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
            $"The motion does not tell the field of view; {FieldOfViewMeasurement.AssumedFov:0}° is assumed. Give -HorizontalFov if you know it.")));
    }

    private void SetCamera(double? horizontalFov, double? verticalFov)
    {
        _full = Intrinsics.FromFieldOfView(_options.Clip.Width, _options.Clip.Height, horizontalFov, verticalFov);
        _camera = new(_full.Resized(_width, _height));
    }

    private MetricDepthException WhyNotStarted() => _bestPair is null
        ? Failures.InsufficientTexture("no two frames share enough points")
        : Failures.InsufficientParallax("turning, zooming or things that move by themselves explain what is seen as well as a camera that travels does");

    private List<Pose> Assemble(out List<SceneDepth> depths)
    {
        var solved = _odometry!.Frames;
        depths = [];
        var world = new List<Pose>();
        int next = 0;
        SolvedFrame? before = null;
        int beforeAt = -1;
        for (int i = 0; i < solved.Count; i++)
        {
            if (solved[i] is { } known)
            {
                (before, beforeAt) = (known, i);
                world.Add(known.Pose);
                depths.Add(known.Depth);
                continue;
            }
            for (next = Math.Max(next, i); next < solved.Count && solved[next] is null;) next++;
            var after = next < solved.Count ? solved[next] : null;
            // a frame that could not be followed lies between its neighbours
            world.Add(before is null ? after!.Pose : after is null ? before.Pose
                : CameraInterpolation.Between(before.Pose, after.Pose, (double)(i - beforeAt) / (next - beforeAt)));
            depths.Add((before ?? after)!.Depth);
        }
        var poses = new List<Pose>(_prefix.Head.Count + world.Count);
        foreach (var r in _prefix.Head) poses.Add(world[0] * new Pose(r, default));
        depths.InsertRange(0, Enumerable.Repeat(depths[0], _prefix.Head.Count));
        poses.AddRange(world);
        if (_options.KnownPath is { } path) return [.. path.Poses.Take(poses.Count)];
        var toFirst = poses[0].Inverse;
        return poses.ConvertAll(p => toFirst * p);
    }
}
