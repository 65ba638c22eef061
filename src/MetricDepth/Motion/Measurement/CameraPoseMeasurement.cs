using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Motion.DepthAssisted;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion.Measurement;

/// <summary>Point tracks, with depth or without, to a camera path.</summary>
public static class CameraPoseMeasurement
{
    /// <summary>Who solves: the first whose condition holds.</summary>
    private static readonly (Func<PoseProblem, bool> Applies, Func<IPoseSolver> Create)[] Solvers =
    [
        (p => p.Depth != DepthTrust.None, () => new DepthAssistedSolver()),
        (_ => true, () => new StructureFromMotionSolver()),
    ];

    /// <summary>What measures depth rather than estimating it; a file of the toolbox does not say, and its depth is a model's.</summary>
    private static readonly string[] Measuring = ["Import", "Scene"];

    // sizes are rounded to whole, often even, pixels when a clip is scaled down
    private const double AspectTolerance = 0.02;
    private const int RoundingPixels = 2;

    /// <summary>Solves and writes the camera path of one clip.</summary>
    /// <param name="options">What to solve and how.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, the clip holds too little, or the result cannot be written.</exception>
    public static CameraPath Run(CameraPoseOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        Run(options, problem => Solvers.First(s => s.Applies(problem)).Create(), progress, cancellation);

    internal static CameraPath Run(
        CameraPoseOptions options, Func<PoseProblem, IPoseSolver> choose, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        Check(options);
        var sources = Find(options, progress, cancellation);
        string destination = OutputName.Resolve(options.DestinationPath, DefaultDestination(options.Tracks, sources.Depth?.Path, sources.Color?.Path));
        string?[] inputs = [options.Tracks.Path, sources.Depth?.Path, sources.Color?.Path, options.MaskPath];
        OutputName.ThrowIfUnusable(destination, options.Overwrite, inputs);
        if (options.Visualize) OutputName.ThrowIfUnusable(OutputName.Visualization(destination), options.Overwrite, inputs);
        using var file = PartialFile.Create(destination, options.Overwrite);

        var lens = Lens(options, sources, progress, cancellation);
        using var problem = new TrackedClip(sources, withDepth: true)
        {
            Camera = Intrinsics.FromFieldOfView(sources.Width, sources.Height, lens.HorizontalFov, lens.VerticalFov),
            FrameRate = sources.Picture.FrameRate.Value,
            FrameCount = sources.FrameCount,
            Depth = TrustIn(sources.Depth),
            Constraint = options.Constraint,
        };
        var solution = choose(problem).Solve(problem, progress, cancellation);
        PoseReport.Tell(problem, solution, progress);
        var path = new CameraPath(file.FinalPath, solution.Poses)
        {
            Frames = solution.Frames,
            // metres that are assumed stay assumed
            Scale = solution.Scale == CameraPathScale.Metric && sources.Depth?.Scale != DepthScale.Metric ? CameraPathScale.Relative : solution.Scale,
            ReprojectionError = solution.ReprojectionError,
            InlierShare = solution.InlierShare,
            LoopsClosed = solution.LoopsClosed,
            ColorPath = sources.Color?.Path,
            Camera = problem.Camera,
            FramesPerSecond = problem.FrameRate,
        };
        PoseReport.TellScale(path, sources.Depth, progress);
        path.Save(file.TemporaryPath);
        if (options.Visualize)
            PoseVideo.Write(problem, path, OutputName.Visualization(destination), options.Overwrite, progress, cancellation);
        file.Commit();
        return path;
    }

    /// <summary>Where the path of some tracks goes unless somebody says otherwise.</summary>
    public static string DefaultDestination(PointTracks tracks, string? depthPath, string? colorPath) =>
        OutputName.CameraPath(depthPath ?? colorPath ?? tracks.ColorPath ?? tracks.Path);

    /// <summary>How far the depth can be trusted.</summary>
    internal static DepthTrust TrustIn(DepthVideo? depth) =>
        depth is null ? DepthTrust.None
        : depth.Scale == DepthScale.Metric && Measuring.Contains(depth.Estimator) ? DepthTrust.Measured
        : DepthTrust.Estimated;

    private static ClipSources Find(CameraPoseOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var tracks = options.Tracks;
        if (tracks.SightingCount == 0)
            throw new MetricDepthException("TracksEmpty", FailureKind.InsufficientInformation,
                $"'{tracks.Path}' holds no points. Track the clip anew with Get-PointTrack, and look at them with -Visualize.");
        if (tracks.LeftOutCount > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{tracks.LeftOutCount} sightings in '{tracks.Path}' are no positions or contradict each other; they are left out.")));
        var depth = options.DepthPath is { } d ? DepthVideoReader.Probe(d, cancellation) : null;
        string? colorPath = options.ColorPath ?? (File.Exists(tracks.ColorPath) ? tracks.ColorPath : File.Exists(depth?.ColorPath) ? depth.ColorPath : null);
        if (colorPath is null && (depth is null || options.Visualize))
            throw new MetricDepthException("ColorVideoUnknown", FailureKind.InvalidArgument, $"'{tracks.Path}' does not say which clip it belongs to. Give -ColorPath.");
        var color = colorPath is null ? null : VideoProbe.Probe(colorPath, cancellation);
        if (color is not null && depth is not null && !IsSameShape(color, depth))
            throw new MetricDepthException("DepthSizeMismatch", FailureKind.InvalidData,
                $"The depth video '{depth.Path}' ({depth.Size}) does not have the shape of the clip '{color.Path}' ({color.Size}), so it is of another one. Give the clip's own -DepthVideo, or the right -ColorPath.");
        return new(tracks, color, depth, options.MaskPath is { } mask ? (mask, options.Mask) : null, options.MaxFrames, progress) { MinConfidence = options.MinConfidence };
    }

    private static bool IsSameShape(VideoClip a, VideoClip b)
    {
        double error = Math.Abs(a.Width * (double)b.Height - a.Height * (double)b.Width);
        return error <= Math.Max(AspectTolerance * a.Width * b.Height, RoundingPixels * (double)Math.Max(a.Width, a.Height));
    }

    private static ResolvedFieldOfView Lens(CameraPoseOptions options, ClipSources sources, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        FieldOfViewResolver.Resolve(new()
        {
            HorizontalFov = options.HorizontalFov,
            VerticalFov = options.VerticalFov,
            Depth = sources.Depth,
            Color = sources.Color,
            Tracks = stop => WithoutDepth(sources, stop),
            TracksSize = (sources.Width, sources.Height),
        }, progress, cancellation);

    private static IEnumerable<SightedFrame> WithoutDepth(ClipSources sources, CancellationToken cancellation)
    {
        using var problem = new TrackedClip(sources, withDepth: false) { Camera = default, FrameRate = sources.Picture.FrameRate.Value };
        foreach (var frame in problem.Read(cancellation)) yield return frame;
    }

    private static void Check(CameraPoseOptions options)
    {
        if (options.Mask == MaskMeaning.WholeTrack && options.MaskPath is null)
            throw new MetricDepthException("StrictMaskWithoutMask", FailureKind.InvalidArgument, "-StrictMask leaves out what is ever masked, and there is no mask. Give -MaskPath, too.");
        if (options.MinConfidence is not null && options.DepthPath is null)
            throw new MetricDepthException("ConfidenceWithoutDepth", FailureKind.InvalidArgument, "-MinConfidence is about depth, and there is none. Give -DepthVideo, too.");
        if (options.MaxFrames is <= 0)
            throw new MetricDepthException("MaxFramesOutOfRange", FailureKind.InvalidArgument, "-MaxFrames must be 1 or more.");
    }
}
