using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.OnnxDepth;
using MetricDepth.Geometry;
using MetricDepth.Inference;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Estimates the depth of every pixel of a video, in metres.</summary>
[Cmdlet(VerbsData.ConvertTo, "MetricDepth", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(DepthVideo))]
public sealed class ConvertToMetricDepthCommand : LensCommand<DepthEstimationOptions, DepthVideo>
{
    /// <summary>The largest depth to store, metres.</summary>
    [Parameter]
    [ValidateRange(0.1, 100000.0)]
    [ArgumentCompleter(typeof(MaxDepthCompleter))]
    public double MaxDepth { get; set; } = DepthVideo.DefaultMaxDepth;

    /// <summary>The camera's path: a camera path, or a JSON file in metres.</summary>
    [Parameter]
    [ValidateNotNull]
    public CameraPathArgument? CameraPath { get; set; }

    /// <summary>The clip's median depth, metres.</summary>
    [Parameter]
    [ValidateRange(0.01, 100000.0)]
    public double? MedianDepth { get; set; }

    /// <summary>An installed model, Auto or MotionStereo.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EstimatorCompleter))]
    public string? Model { get; set; }

    /// <summary>A depth model in a file: an ONNX network or a checkpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ModelPath { get; set; }

    /// <summary>What the output of a model in a file means.</summary>
    [Parameter]
    public OutputMeaning? OutputMeaning { get; set; }

    /// <summary>How an ONNX network wants its colours.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(NormalizationCompleter))]
    public string? Normalization { get; set; }

    /// <summary>The installed image model that gives a relative video model its metres.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MetricModelCompleter))]
    public string? MetricModel { get; set; }

    /// <summary>Take the conversion to metres from the first 60 frames only.</summary>
    [Parameter]
    public SwitchParameter NoRollingAverage { get; set; }

    /// <summary>The shorter side at which the estimator works, px.</summary>
    [Parameter]
    [ValidateRange(64, 4096)]
    public int? InputSize { get; set; }

    /// <summary>What runs the network.</summary>
    [Parameter]
    public InferenceDevice Device { get; set; }

    /// <summary>What the network calculates with.</summary>
    [Parameter]
    public InferencePrecision Precision { get; set; }

    /// <summary>Threads of the CPU for the network.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int? Threads { get; set; }

    /// <summary>The GPU memory that the network may take, bytes.</summary>
    [Parameter]
    [ValidateRange(1L << 28, 1L << 42)]
    [ArgumentCompleter(typeof(MemoryLimitCompleter))]
    public long? MemoryLimit { get; set; }

    /// <summary>The longer side of the depth video at most, px.</summary>
    [Parameter]
    [ValidateRange(64, 16384)]
    public int? MaxResolution { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <summary>Frames per second of the depth video.</summary>
    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double? TargetFrameRate { get; set; }

    /// <summary>Write how sure each pixel is, too, as a second video.</summary>
    [Parameter]
    public SwitchParameter Confidence { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        string destination = ClaimDestination(OutputName.DepthVideo(path), path);
        if (Confidence) OutputName.ThrowIfUnusable(OutputName.ConfidenceVideo(destination), Force, path);
        if (!ShouldWrite(destination, $"Estimate the depth of '{path}'")) return;
        Execute(new DepthEstimationOptions
        {
            SourcePath = path,
            DestinationPath = destination,
            Overwrite = Force,
            Model = Model,
            ModelPath = ResolveOptional(ModelPath),
            OutputMeaning = OutputMeaning,
            Normalization = Normalization is null ? null : ColorNormalization.Parse(Normalization),
            MetricModel = MetricModel,
            NoRollingAverage = NoRollingAverage,
            Inference = new() { Device = Device, Precision = Precision, Threads = Threads ?? Environment.ProcessorCount, MemoryLimit = MemoryLimit },
            InputSize = InputSize,
            MaxResolution = MaxResolution,
            MaxFrames = MaxFrames,
            TargetFrameRate = TargetFrameRate,
            MaxDepth = MaxDepth,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            Confidence = Confidence,
            CameraPath = ResolveOptional(CameraPath?.Path),
            CameraPathScale = CameraPath?.Scale ?? CameraPathScale.Metric,
            MedianDepth = MedianDepth,
        }, path);
    }

    /// <inheritdoc/>
    protected override void Run(
        DepthEstimationOptions options, Action<DepthVideo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(DepthEstimation.Run(options, progress, cancellation));
}
