using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Video;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// The built-in estimator (DESIGN §6): the camera is solved from tracked points, then every frame is matched against its
/// neighbours. Needs a camera that moves through a scene that mostly stands still; nothing to download.
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

    private const int SurveyFrames = 10;
    private const double LargestArea = 4e6;

    private MotionStereoSettings _settings = new();
    private CameraMotion? _motion;
    private KeyDepth? _seed;
    private double _scale = 1;
    private int _width, _height;
    private Dictionary<string, double> _quality = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality => _quality;

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (job.Options.InputSize is { } size) _settings = _settings with { ShorterSide = size };
        (_width, _height) = WorkingSize(job);
        _motion = SolveCamera(job, progress, cancellation);
        var (survey, seed) = Survey(job, progress, cancellation);
        _seed = seed;
        _motion = _motion with { SceneDepths = [.. _motion.SceneDepths.Select(d => Widen(d, survey))] };
        DepthScale scale;
        if (job.Options.CameraPath is not null) scale = DepthScale.Metric;
        else
        {
            _scale = (job.Options.MedianDepth ?? AssumedMedianDepth) / survey.Median;
            scale = job.Options.MedianDepth is null ? DepthScale.Assumed : DepthScale.Metric;
        }
        if (scale == DepthScale.Assumed)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The scale is assumed: motion alone does not tell it, so the median depth was set to {AssumedMedianDepth} m. Give -MedianDepth or -CameraPath for true metres.")));
        var camera = _motion.Intrinsics;
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"Field of view {camera.HorizontalFov:F1}° x {camera.VerticalFov:F1}° ({(_motion.FieldOfViewEstimated ? "estimated" : "given")}); matching at {_width}x{_height}; depth {_scale * survey.Near:F2} to {_scale * survey.Far:F2} m.")));
        return new(Name, scale, camera.HorizontalFov, camera.VerticalFov);
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, Action<Plane<float>> emit, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var motion = _motion ?? throw new InvalidOperationException("Prepare was not called.");
        var dense = new DenseReconstruction(motion, _width, _height, _settings);
        using var frames = Open(job, _width, _height, cancellation);
        bool sameSize = _width == job.Width && _height == job.Height;
        // the second reader runs behind the first by the matcher's window, which costs a decoder and saves the window's frames at full size
        using var pictures = sameSize ? null : Open(job, job.Width, job.Height, cancellation);
        var picture = sameSize ? null : new Plane<uint>(job.Width, job.Height);
        var depth = new Plane<float>(job.Width, job.Height);
        float scale = (float)_scale;
        long done = 0;
        dense.Run(color => frames.Read(color.Bytes), (index, color, inverse) =>
        {
            if (pictures is not null && !pictures.Read(picture!.Bytes)) throw new InvalidOperationException("The clip gave fewer frames the second time.");
            GuidedUpsampling.Run(inverse, color, picture ?? color, depth, _settings.Threads, cancellation);
            foreach (ref float d in depth.Span) d = d > 0 ? scale / d : 0;
            emit(depth);
            progress?.Report(new("Matching depth", ++done, motion.Poses.Count));
        }, _seed, cancellation);
        _quality = new()
        {
            ["ReprojectionError"] = motion.ReprojectionError,
            ["Parallax"] = motion.Parallax,
            ["InlierShare"] = motion.InlierShare,
            ["Coverage"] = dense.Coverage,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>The camera of every frame.</summary>
    private static CameraMotion SolveCamera(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation) =>
        CameraSolver.Run(new()
        {
            Clip = job.Clip,
            HorizontalFov = job.Options.HorizontalFov,
            VerticalFov = job.Options.VerticalFov,
            MaxFrames = job.Options.MaxFrames,
            FrameRate = job.FrameRate,
            KnownPath = job.Options.CameraPath is { } file ? CameraPath.Load(file) : null,
        }, progress, cancellation);

    private (SceneDepth Range, KeyDepth Seed) Survey(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        using var frames = Open(job, _width, _height, cancellation);
        long total = _motion!.Poses.Count, done = 0;
        return new DenseReconstruction(_motion, _width, _height, _settings).Survey(color =>
        {
            progress?.Report(new("Surveying depth", done++, total));
            return frames.Read(color.Bytes);
        }, SurveyFrames, cancellation);
    }

    /// <summary>The range to sweep in one frame: what its own tracks show, and what the clip shows anywhere, within reason.</summary>
    private static SceneDepth Widen(SceneDepth own, SceneDepth clip)
    {
        if (!(own.Count > 0 && own.Near > 0 && own.Far > own.Near)) return clip;
        return own with
        {
            Near = Math.Max(Math.Min(own.Near, clip.Near), own.Near / 2),
            Far = Math.Min(Math.Max(own.Far, clip.Far), own.Far * 2),
        };
    }

    private static FrameReader Open(EstimationJob job, int width, int height, CancellationToken cancellation) => FrameReader.Open(job.Clip,
        new() { Width = width, Height = height, FrameRate = job.FrameRate, MaxFrames = job.Options.MaxFrames }, cancellation);

    private (int Width, int Height) WorkingSize(EstimationJob job)
    {
        double width = job.Clip.Width, height = job.Clip.Height;
        double scale = Math.Min(1, _settings.ShorterSide / Math.Min(width, height));
        // beyond this the costs of one frame no longer fit an array
        scale = Math.Min(scale, Math.Sqrt(LargestArea / (width * height)));
        return (Math.Max(16, (int)Math.Round(job.Clip.Width * scale)), Math.Max(16, (int)Math.Round(job.Clip.Height * scale)));
    }
}
