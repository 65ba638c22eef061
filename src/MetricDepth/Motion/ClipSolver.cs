using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>The solving half of <see cref="CameraSolver"/>: takes tracked frames one by one, and gives the motion at the end.</summary>
internal sealed class ClipSolver
{
    /// <summary>Parallax of the median track below which depths would be guesses, degrees.</summary>
    public const double MinParallax = 0.7;

    /// <summary>Share of sightings that have to agree with one rigid scene.</summary>
    private const double MinInlierShare = 0.4;

    private readonly CameraSolverOptions _options;
    private readonly int _width, _height;
    private readonly double _rate;
    private readonly IProgress<FrameProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly SequentialSolver _solver;
    private readonly bool _isFovGiven;
    private Intrinsics _full;
    private Camera _camera;
    private bool _isFovEstimated;
    private long _frames, _lost;

    public ClipSolver(CameraSolverOptions options, int width, int height, double rate, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_options, _width, _height, _rate, _progress, _cancellation) = (options, width, height, rate, progress, cancellation);
        _isFovGiven = options.HorizontalFov is not null || options.VerticalFov is not null;
        SetCamera(_isFovGiven ? options.HorizontalFov : FieldOfViewMeasurement.AssumedFov, options.VerticalFov);
        _solver = new(_camera, rate, options.KnownPath, cancellation) { Calibrate = _isFovGiven ? null : Calibrate };
    }

    public void Add(TrackedFrame frame)
    {
        _cancellation.ThrowIfCancellationRequested();
        _frames++;
        if (frame.IsLost) _lost++;
        if (_options.KnownPath is { } path && frame.Index >= path.Poses.Count) throw Failures.CameraPathTooShort(path.Poses.Count, frame.Index);
        _solver.Add(frame);
    }

    public CameraMotion Finish()
    {
        if (_frames < 2) throw Failures.ClipTooShort(_frames);
        if (_lost == _frames) throw Failures.InsufficientTexture("no frame shows enough corners");
        if (!_solver.Finish()) throw WhyNotStarted();
        var statistics = _solver.Odometry!.Statistics;
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

    private Camera Calibrate(TrackedFrame[] keyframes, KeyframePair? pair)
    {
        EstimateFov(pair is { } found
            ? MovingCalibration.Run(_width, _height, keyframes, found, _cancellation)
            : MovingCalibration.Run(_width, _height, [.. keyframes.Select(f => new Keyframe(f) { Pose = _options.KnownPath!.Poses[checked((int)f.Index)] })], _cancellation));
        return _camera;
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

    private MetricDepthException WhyNotStarted() => _solver.BestPair is null
        ? Failures.InsufficientTexture("no two frames share enough points")
        : Failures.InsufficientParallax("turning, zooming or things that move by themselves explain what is seen as well as a camera that travels does");

    private List<Pose> Assemble(out List<SceneDepth> depths)
    {
        var solved = _solver.Odometry!.Frames;
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
        var poses = new List<Pose>(_solver.Prefix.Head.Count + world.Count);
        foreach (var r in _solver.Prefix.Head) poses.Add(world[0] * new Pose(r, default));
        depths.InsertRange(0, Enumerable.Repeat(depths[0], _solver.Prefix.Head.Count));
        poses.AddRange(world);
        if (_options.KnownPath is { } path) return [.. path.Poses.Take(poses.Count)];
        var toFirst = poses[0].Inverse;
        return poses.ConvertAll(p => toFirst * p);
    }
}
