using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>The cameras of a render: the one that took the clip, the virtual one, and how they move. Without state after it is made.</summary>
internal sealed class ViewPlan
{
    // Where a loop is looked at to see how far its border comes in.
    private const int PhasesTried = 16;

    // What suits the eye, in shares of the distance to the target; an orbit's is an angle, degrees.
    private const double OrbitDegrees = 4, SwayShare = 0.07, DollyShare = 0.25;

    // The border is hidden as far as this share of the picture; what still shows is a hole.
    private const double SmallestShare = 0.6;

    // The pyramid's height in shares of the median depth.
    private const double FrustumShare = 0.12;

    // Frame counts may be estimates; a path is refused early only when it is clearly too short.
    private const long CountTolerance = 1;

    private readonly ViewTrajectory _trajectory;
    private readonly ViewerPath? _viewer;

    /// <summary>Plans a render.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="color">The colour video.</param>
    /// <param name="lastFrame">The last frame of the clip that is to be rendered; null if unknown.</param>
    /// <param name="progress">Told what was decided.</param>
    /// <param name="cancellation">Stops looking.</param>
    /// <exception cref="MetricDepthException">The viewpoint cannot be used.</exception>
    public ViewPlan(ViewRenderOptions options, VideoClip color, long? lastFrame, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var lens = SourceLens.Resolve(options.HorizontalFov, options.VerticalFov, options.Depth, color, progress, cancellation);
        SourceFov = lens.Source;
        Source = Intrinsics.FromFieldOfView(color.Width, color.Height, lens.HorizontalFov, lens.VerticalFov);
        _viewer = ViewerPath.Load(options.CameraPath, options.LockFrame, followCamera: false, lastFrame + 1);
        View = Camera(options);
        bool alone = options is { Frames.Count: 1, IsStills: false };
        long first = alone ? options.Frames![0] : 0;
        var survey = SceneSurvey.Take(options.Depth, Source, first, options.MinConfidence, cancellation);
        FrustumLength = FrustumShare * (survey?.MedianDepth ?? 1);
        if (options.ViewPath is { } viewPath)
        {
            var path = CameraPath.LoadAsWritten(viewPath);
            (_trajectory, PathLength) = (new PathTrajectory(path), path.Poses.Count);
            // Better refused now than after an hour.
            if (!alone && lastFrame is { } last && last >= path.Poses.Count + CountTolerance) throw PathTrajectory.TooShort(path, last);
            return;
        }

        var ahead = SourcePose(first) * new Vector3(0, 0, survey?.MedianDepth ?? 0);
        var rest = Rest(options, survey is null ? null : ahead, out double distance);
        if (options.Motion is not { } motion)
        {
            _trajectory = new FixedTrajectory(rest);
            ThrowIfNothingInView(survey, first, 1);
            return;
        }
        double amplitude = options.Amplitude ?? motion switch
        {
            ViewMotion.Orbit => OrbitDegrees,
            ViewMotion.Sway => SwayShare * distance,
            _ => DollyShare * distance,
        };
        double period = options.Period ?? ViewRenderOptions.DefaultPeriod;
        FramesPerLoop = (int)Math.Round(Math.Clamp(period * options.Depth.FrameRate.Value, 1, int.MaxValue));
        _trajectory = LoopTrajectory.For(motion, amplitude, rest, distance, FramesPerLoop);
        ThrowIfNothingInView(survey, first, PhasesTried);
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"{motion}: {amplitude:0.###} {(motion == ViewMotion.Orbit ? "degrees" : "m")} about a target {distance:0.##} m away, a loop of {FramesPerLoop} frames.")));
        if (options.ViewFov is null && survey is not null) HideBorder(survey, first, progress);
    }

    /// <summary>The camera that took the clip, at the size of the colour picture.</summary>
    public Intrinsics Source { get; }

    /// <summary>Where its field of view comes from.</summary>
    public FieldOfViewSource SourceFov { get; }

    /// <summary>The virtual camera, at the size of the result.</summary>
    public Intrinsics View { get; private set; }

    /// <summary>Frames in one loop of the motion; 0 without one.</summary>
    public int FramesPerLoop { get; }

    /// <summary>Poses in the given path; null without one.</summary>
    public long? PathLength { get; }

    /// <summary>How long the drawn camera is, m.</summary>
    public double FrustumLength { get; }

    /// <summary>Takes a point from the camera that took a frame to the virtual camera.</summary>
    /// <param name="sourceFrame">The frame of the clip.</param>
    /// <param name="viewFrame">The frame of the virtual camera; another one only where one picture is looked at from many places.</param>
    public Pose SourceToView(long sourceFrame, long viewFrame) => _trajectory.PoseAt(viewFrame).Inverse * SourcePose(sourceFrame);

    private Pose SourcePose(long frame) => _viewer?.SourceToView(frame) ?? Pose.Identity;

    /// <summary>The virtual camera before any border is hidden: the picture's shape lies inside what the clip's camera saw.</summary>
    private Intrinsics Camera(ViewRenderOptions options)
    {
        int width = options.Width ?? (options.Height is { } h ? (int)Math.Max(1, Math.Round((double)h * Source.Width / Source.Height)) : Source.Width);
        int height = options.Height ?? (options.Width is { } w ? (int)Math.Max(1, Math.Round((double)w * Source.Height / Source.Width)) : Source.Height);
        double scale = options.ViewFov is { } fov
            ? width / (2 * Math.Tan(fov * Math.PI / 360)) / Source.Fx
            : Math.Max((double)width / Source.Width, (double)height / Source.Height);
        return new(width, height, Source.Fx * scale, Source.Fy * scale, (width - 1) / 2.0, (height - 1) / 2.0);
    }

    private static Pose Rest(ViewRenderOptions options, Vector3? ahead, out double distance)
    {
        var position = options.Position ?? default;
        if ((options.Target ?? ahead) is not { } target)
        {
            if (options.Position is not null || options.Motion is not null)
                throw new MetricDepthException("TargetUnknown", FailureKind.InsufficientInformation,
                    $"The first frames of '{options.Depth.Path}' hold no depth, so there is nothing to look at. Give -Target.");
            (target, distance) = (new(0, 0, 1), 1);
        }
        // Without a viewpoint of its own it looks where the camera looked.
        if (options.Position is null && options.Target is null && options.Motion is null) target = new(0, 0, 1);
        distance = (target - position).Length;
        if (!(distance > 1e-6))
            throw new MetricDepthException("TargetIsPosition", FailureKind.InvalidArgument,
                "-Position and -Target are one point, so there is no direction to look in. Move one of them.");
        return Pose.LookAt(position, target);
    }

    private void ThrowIfNothingInView(SceneSurvey? survey, long first, int phases)
    {
        // With a camera path the scene may come into view later.
        if (survey is null || _viewer is not null) return;
        for (int phase = 0; phase < phases; phase++)
            if (survey.IsInView(SourceToView(first, (long)phase * FramesPerLoop / phases), View)) return;
        throw new MetricDepthException("NothingInView", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
            $"From there nothing of the scene is in view. Its median depth is {survey.MedianDepth:0.##} m; positions are metres right (x), down (y) and ahead (z) of the camera. Check the signs of -Position and -Target."));
    }

    private void HideBorder(SceneSurvey survey, long first, IProgress<FrameProgress>? progress)
    {
        double free = Enumerable.Range(0, PhasesTried)
            .Min(phase => survey.FreeShare(SourceToView(first, (long)phase * FramesPerLoop / PhasesTried), View));
        if (!(free < 1)) return;
        double before = View.HorizontalFov, scale = 1 / Math.Max(free, SmallestShare);
        View = View with { Fx = View.Fx * scale, Fy = View.Fy * scale };
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The field of view is narrowed from {before:0.#} to {View.HorizontalFov:0.#} degrees so that the border of what the camera saw stays out of sight. Give -ViewFov to decide yourself.")));
    }
}
