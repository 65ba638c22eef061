using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Estimation.Choice;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Geometry;
using MetricDepth.Inference;
using MetricDepth.Inference.Models;
using MetricDepth.Motion.Calibration;
using MetricDepth.Video;

namespace MetricDepth.Estimation;

/// <summary>What <c>ConvertTo-MetricDepth</c> is asked to do.</summary>
public sealed record DepthEstimationOptions
{
    /// <summary>The video.</summary>
    public required string SourcePath { get; init; }

    /// <summary>Where to write; null for <c>SourcePath_depth.mkv</c>.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The name of an installed model, <c>MotionStereo</c> for the built-in estimator, or null (<c>Auto</c>) for the best there is.</summary>
    public string? Model { get; init; }

    /// <summary>A depth model in a file of the user's own (ONNX or a checkpoint); null to go by <see cref="Model"/>.</summary>
    public string? ModelPath { get; init; }

    /// <summary>The installed single-image model that gives a relative video model its metres; null for the best there is.</summary>
    public string? MetricModel { get; init; }

    /// <summary>Take the conversion to metres from the first 60 frames only, not from a rolling average.</summary>
    public bool NoRollingAverage { get; init; }

    /// <summary>What runs the network, and how.</summary>
    public OnnxModelOptions Inference { get; init; } = new();

    /// <summary>What the output of <see cref="ModelPath"/> means; null to find out.</summary>
    public OutputMeaning? OutputMeaning { get; init; }

    /// <summary>How <see cref="ModelPath"/> wants its colours; null to find out.</summary>
    public OnnxDepth.ColorNormalization? Normalization { get; init; }

    /// <summary>The folder of the model store; null for the user's.</summary>
    public string? StoreFolder { get; init; }

    /// <summary>The shorter side at which the estimator works, px; null for its default.</summary>
    public int? InputSize { get; init; }

    /// <summary>The longer side of the depth video, px, at most; null keeps the clip's.</summary>
    public int? MaxResolution { get; init; }

    /// <summary>Stop after so many frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Resample to this rate, frames per second; null keeps the clip's.</summary>
    public double? TargetFrameRate { get; init; }

    /// <summary>The largest depth to store, metres.</summary>
    public double MaxDepth { get; init; } = DepthVideo.DefaultMaxDepth;

    /// <summary>Horizontal field of view, degrees; null to estimate.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null to estimate.</summary>
    public double? VerticalFov { get; init; }

    /// <summary>Write how sure each pixel is as a second video beside the depth.</summary>
    public bool Confidence { get; init; }

    /// <summary>A camera path: fixes the motion and, if it is in metres, the scale.</summary>
    public string? CameraPath { get; init; }

    /// <summary>What the unit of <see cref="CameraPath"/> rests on; the file does not say.</summary>
    public CameraPathScale CameraPathScale { get; init; } = CameraPathScale.Metric;

    /// <summary>The clip's median depth, metres: fixes the scale.</summary>
    public double? MedianDepth { get; init; }
}

/// <summary>Video to depth video.</summary>
public static class DepthEstimation
{
    private const int LargestResolution = 16384;

    /// <summary>Who estimates: the first whose condition holds.</summary>
    private static readonly (Func<DepthModelChoice, bool> Applies, Func<DepthModelChoice, DepthEstimationOptions, IDepthEstimator> Create)[] Estimators =
    [
        (choice => choice.Model is null, (_, _) => new MotionStereo.MotionStereoEstimator()),
        (choice => choice.Family == ModelFamily.VideoDepthAnything,
            (choice, options) => VideoDepthAnything.VideoDepthAnythingEstimator.Open(choice.Model!, choice.Metric, options)),
        (choice => choice.Family == ModelFamily.DepthAnythingV2,
            (choice, options) => new ImageDepthEstimator(new DepthAnything.DepthAnythingImageNetwork(choice.Model!, options.Inference))),
        (_ => true, (choice, options) => OnnxDepth.OnnxEstimators.Open(choice.Model!, options)),
    ];

    /// <summary>Estimates and writes the depth of one clip.</summary>
    /// <returns>The depth video, with the estimator's figures of merit.</returns>
    /// <exception cref="MetricDepthException">An option is out of range, the clip or the destination cannot be used, or the clip holds
    /// too little for the estimator.</exception>
    public static DepthVideo Run(DepthEstimationOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        Validate(options);
        string destination = OutputName.Resolve(options.DestinationPath, OutputName.DepthVideo(options.SourcePath));
        OutputName.ThrowIfUnusable(destination, options.Overwrite, options.SourcePath, options.CameraPath, options.ModelPath);
        string? confidencePath = options.Confidence ? OutputName.ConfidenceVideo(destination) : null;
        if (confidencePath is not null) OutputName.ThrowIfUnusable(confidencePath, options.Overwrite, options.SourcePath, options.CameraPath, options.ModelPath);
        var clip = VideoProbe.Probe(options.SourcePath, cancellation);
        var choice = DepthModelChoice.For(options, () => InferenceDevices.Resolve(options.Inference).Device != InferenceDevice.Cpu);
        progress?.Report(FrameProgress.Verbose($"{choice.Name} estimates: {choice.Because}."));
        foreach (string idle in ModelParameters.Idle(choice, options)) progress?.Report(FrameProgress.Warning(idle));
        using var estimator = Estimators.First(e => e.Applies(choice)).Create(choice, options);
        // the way between two pictures that a camera path gives tells the lens better than the pictures alone
        var lens = options.CameraPath is not null ? new(options.HorizontalFov, options.VerticalFov, FieldOfViewSource.None)
            : FieldOfViewResolver.Resolve(new()
            {
                HorizontalFov = options.HorizontalFov,
                VerticalFov = options.VerticalFov,
                Color = clip,
                Need = FieldOfViewNeed.Optional,
                Evidence = estimator.ReadsFieldOfView ? FieldOfViewEvidence.LensTags : FieldOfViewEvidence.Any,
            }, progress, cancellation);
        options = options with { HorizontalFov = lens.HorizontalFov, VerticalFov = lens.VerticalFov };
        var job = Plan(clip, options);
        var facts = estimator.Prepare(job, progress, cancellation);
        var video = new DepthVideo
        {
            Path = Path.GetFullPath(destination),
            Width = job.Width,
            Height = job.Height,
            FrameRate = job.FrameRate,
            ColorPath = clip.Path,
            MaxDepth = options.MaxDepth,
            HorizontalFov = facts.HorizontalFov,
            VerticalFov = facts.VerticalFov,
            FieldOfViewSource = facts.HorizontalFov is null ? FieldOfViewSource.None
                : lens.Source != FieldOfViewSource.None ? lens.Source
                : options.HorizontalFov is not null || options.VerticalFov is not null ? FieldOfViewSource.Given : facts.FieldOfViewSource,
            Estimator = facts.Estimator,
            Scale = facts.Scale,
            ConfidencePath = confidencePath is null ? null : Path.GetFullPath(confidencePath),
        };
        using var writer = DepthVideoWriter.Open(video, options.Overwrite, cancellation);
        estimator.Estimate(job, writer.Write, progress, cancellation);
        var result = writer.Complete();
        if (writer.ClampingMessage is { } message) progress?.Report(FrameProgress.Warning(message));
        return result with { Quality = estimator.Quality };
    }

    /// <summary>The size and rate of the depth video.</summary>
    private static EstimationJob Plan(VideoClip clip, DepthEstimationOptions options)
    {
        int width = clip.Width, height = clip.Height;
        if (options.MaxResolution is { } longest && longest < Math.Max(width, height))
        {
            double scale = (double)longest / Math.Max(width, height);
            width = Math.Max(1, (int)Math.Round(width * scale));
            height = Math.Max(1, (int)Math.Round(height * scale));
        }
        var rate = clip.FrameRate;
        if (options.TargetFrameRate is { } wanted && !Rational.TryFrom(wanted, out rate))
            throw OutOfRange("TargetFrameRate", wanted, "a positive number of frames per second");
        return new(clip, width, height, rate, options);
    }

    private static void Validate(DepthEstimationOptions o)
    {
        if (!(o.MaxDepth > 0 && o.MaxDepth <= 1e6)) throw OutOfRange("MaxDepth", o.MaxDepth, "between 0 and 1,000,000 metres");
        if (o.MedianDepth is { } median && !(median > 0 && median <= 1e6)) throw OutOfRange("MedianDepth", median, "between 0 and 1,000,000 metres");
        if (o.InputSize is { } input && input is < 32 or > LargestResolution) throw OutOfRange("InputSize", input, "between 32 and 16384 px");
        if (o.MaxResolution is { } size && size is < 32 or > LargestResolution) throw OutOfRange("MaxResolution", size, "between 32 and 16384 px");
        if (o.MaxFrames is { } frames && frames < 1) throw OutOfRange("MaxFrames", frames, "at least 1");
        if (o.TargetFrameRate is { } rate && !(rate > 0 && rate <= 1000)) throw OutOfRange("TargetFrameRate", rate, "between 0 and 1000 frames per second");
        if (o.CameraPath is not null && o.CameraPathScale == CameraPathScale.None)
            throw new MetricDepthException("CameraPathWithoutDistance", FailureKind.InvalidArgument,
                $"The camera of '{o.CameraPath}' only turned. Its path tells no distances, and depth cannot be seen from one place. Take the clip with a camera that moves sideways, or leave out -CameraPath and use a depth model (Get-DepthModel lists what Install-DepthModel fetches).");
        if (o.CameraPath is not null && o.CameraPathScale == CameraPathScale.Metric && o.MedianDepth is not null)
            throw new MetricDepthException("ScaleGivenTwice", FailureKind.InvalidArgument,
                "-CameraPath in metres and -MedianDepth both fix the scale. Give only one of them; a path that is right up to one factor only goes with -MedianDepth as the object that Measure-CameraPose gave.");
    }

    private static MetricDepthException OutOfRange(string parameter, double value, string range) =>
        new(parameter + "OutOfRange", FailureKind.InvalidArgument,
            string.Create(CultureInfo.InvariantCulture, $"-{parameter} {value} is out of range. It must be {range}."));
}
