using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// The built-in estimator (DESIGN §6): the camera is solved from tracked points, then every frame is matched against its
/// neighbours. Needs a camera that moves through a scene that mostly stands still; nothing to download. Where the picture is cut,
/// each shot is solved by itself; a shot that holds too little has no depth, and a clip of mostly such shots is refused.
/// </summary>
public sealed class MotionStereoEstimator : IDepthEstimator
{
    /// <summary>The name in the tags.</summary>
    public const string Name = "MotionStereo";

    /// <summary>
    /// Without any known distance, the clip's median depth is taken to be this, metres: a few steps away, as in most rooms and
    /// streets; ten times that still fits the default largest depth.
    /// </summary>
    public const double AssumedMedianDepth = 2;

    private const double LargestArea = 4e6;
    private const double MinSolvedShare = 0.5;

    private readonly List<(Shot Shot, ShotStereo? Stereo)> _shots = [];
    private MotionStereoSettings _settings = new();
    private double? _medianDepth;
    private Dictionary<string, double> _quality = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality => _quality;

    /// <inheritdoc/>
    public bool HasConfidence => true;

    private IEnumerable<ShotStereo> Solved => _shots.Where(s => s.Stereo is not null).Select(s => s.Stereo!);

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (job.Options.InputSize is { } input) _settings = _settings with { ShorterSide = input };
        var size = WorkingSize(job);
        SolveShots(job, new(size.Width, size.Height, _settings), progress, cancellation);
        bool isPathMetric = job.Options is { CameraPath: not null, CameraPathScale: CameraPathScale.Metric };
        if (!isPathMetric) _medianDepth = job.Options.MedianDepth ?? AssumedMedianDepth;
        // one distance tells the scale of one shot only
        var scale = isPathMetric || (job.Options.MedianDepth is not null && _shots.Count == 1) ? DepthScale.Metric : DepthScale.Assumed;
        Tell(job, size, scale, progress);
        var camera = Solved.First().Motion.Intrinsics;
        return new(Name, scale, camera.HorizontalFov, camera.VerticalFov)
        {
            FieldOfViewSource = Solved.First().Motion.FieldOfViewEstimated ? FieldOfViewSource.Motion : FieldOfViewSource.Assumed,
        };
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (_shots.Count == 0) throw new InvalidOperationException("Prepare was not called.");
        long done = 0, total = _shots[^1] is { Stereo: { } last } ? last.Shot.First + last.Motion.Poses.Count : job.Clip.FrameCount ?? 0;
        void Count(Plane<float> depth, Plane<float>? confidence)
        {
            emit(depth, confidence);
            progress?.Report(new("Matching depth", ++done, total > 0 ? total : null));
        }
        foreach (var (shot, stereo) in _shots)
        {
            if (stereo is null) EmitNothing(job, shot, Count, cancellation);
            else stereo.Estimate((float)Scale(stereo), Count, cancellation);
            Forget();
        }
        double Mean(Func<ShotStereo, double> figure) => Solved.Sum(s => figure(s) * s.Motion.Poses.Count) / Solved.Sum(s => (double)s.Motion.Poses.Count);
        _quality = new()
        {
            ["ReprojectionError"] = Mean(s => s.Motion.ReprojectionError),
            ["Parallax"] = Mean(s => s.Motion.Parallax),
            ["InlierShare"] = Mean(s => s.Motion.InlierShare),
            ["Coverage"] = Mean(s => s.Coverage),
            ["Shots"] = _shots.Count,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>From cut to cut: where the picture can no longer be followed, a shot ends and the next begins.</summary>
    private void SolveShots(EstimationJob job, MatchingBuffers buffers, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        long? end = job.Options.MaxFrames;
        double? fov = job.Options.HorizontalFov;
        MetricDepthException? firstFailure = null;
        long solved = 0, unsolved = 0;
        for (var shot = new Shot(0, end); ;)
        {
            ShotStereo? stereo = null;
            try
            {
                stereo = new(job, shot, fov, _settings, buffers, progress, cancellation);
                // one clip, one lens: the first shot's serves the others
                if (job.Options.VerticalFov is null) fov ??= stereo.Motion.Intrinsics.HorizontalFov;
                solved += stereo.Motion.Poses.Count;
            }
            catch (MetricDepthException e) when (e.Frame is > 0 && job.Options.CameraPath is null)
            {
                shot = shot with { MaxFrames = e.Frame };
                continue;
            }
            catch (MetricDepthException e) when (e.Kind == FailureKind.InsufficientInformation && (shot.First > 0 || shot.MaxFrames != end))
            {
                firstFailure ??= e;
                long frames = shot.MaxFrames ?? Math.Max(1, (job.Clip.FrameCount ?? shot.First + 1) - shot.First);
                unsolved += frames;
                progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                    $"Frames {shot.First} to {shot.First + frames - 1}, a shot of their own, get no depth. {e.Message}")));
            }
            _shots.Add((shot, stereo));
            Forget();
            long next = shot.First + (shot.MaxFrames ?? long.MaxValue / 2);
            if (shot.MaxFrames is null || next >= (end ?? long.MaxValue)) break;
            shot = new(next, end - next);
        }
        if (firstFailure is not null && solved < MinSolvedShare * (solved + unsolved)) throw firstFailure;
    }

    /// <summary>What one shot leaves behind (tracks, pyramids, decoders' buffers) is large and old; unasked, the collector would let it pile up.</summary>
    private static void Forget() => GC.Collect();

    private double Scale(ShotStereo stereo) => _medianDepth is { } median ? median / stereo.Depths.Median : 1;

    private void Tell(EstimationJob job, (int Width, int Height) size, DepthScale scale, IProgress<FrameProgress>? progress)
    {
        string cuts = _shots.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" in each of the {_shots.Count} shots between cuts") : "";
        if (scale == DepthScale.Assumed)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The scale is assumed: {(job.Options.CameraPath is null ? "motion alone does not tell it" : "the camera path is right up to one factor only")}, so the median depth was set to {_medianDepth} m{cuts}. ")
                + (_shots.Count > 1 ? "Convert the shots one by one with -MedianDepth for true metres."
                    : job.Options.CameraPath is null ? "Give -MedianDepth or -CameraPath for true metres."
                    : "Give -MedianDepth for true metres, too.")));
        foreach (var stereo in Solved)
        {
            var (camera, depths, factor) = (stereo.Motion.Intrinsics, stereo.Depths, Scale(stereo));
            string how = job.Options.HorizontalFov is not null || job.Options.VerticalFov is not null ? "given" : Solved.First().Motion.FieldOfViewEstimated ? "estimated" : "assumed";
            progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
                $"From frame {stereo.Shot.First}: field of view {camera.HorizontalFov:F1}° x {camera.VerticalFov:F1}° ({how}); matching at {size.Width}x{size.Height}; depth {factor * depths.Near:F2} to {factor * depths.Far:F2} m.")));
        }
    }

    private static void EmitNothing(EstimationJob job, Shot shot, DepthSink emit, CancellationToken cancellation)
    {
        using var frames = FrameReader.Open(job.Clip,
            new() { Layout = PixelLayout.Gray8, Width = 16, Height = 16, FrameRate = job.FrameRate, FirstFrame = shot.First, MaxFrames = shot.MaxFrames }, cancellation);
        var buffer = new byte[frames.FrameBytes];
        var nothing = new Plane<float>(job.Width, job.Height);
        while (frames.Read(buffer)) emit(nothing, job.Options.Confidence ? nothing : null);
    }

    private (int Width, int Height) WorkingSize(EstimationJob job)
    {
        double width = job.Clip.Width, height = job.Clip.Height;
        double scale = Math.Min(1, _settings.ShorterSide / Math.Min(width, height));
        // beyond this the costs of one frame no longer fit an array
        scale = Math.Min(scale, Math.Sqrt(LargestArea / (width * height)));
        return (Math.Max(16, (int)Math.Round(job.Clip.Width * scale)), Math.Max(16, (int)Math.Round(job.Clip.Height * scale)));
    }
}
