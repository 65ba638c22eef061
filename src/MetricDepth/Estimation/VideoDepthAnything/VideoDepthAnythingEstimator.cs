using System.Diagnostics;
using MetricDepth.Depth;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Estimation.UniDepth;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// Depth that is steady over time, from Video-Depth-Anything: windows of 32 frames, as the original's offline mode has them, one window held.
/// </summary>
/// <remarks>
/// A metric network's values are metres. A relative one's become metres by a metric single-image network that sees some of the frames
/// (<see cref="MetricAlignment"/>), or without one by the median depth that the user gives or that is assumed (<see cref="MedianMetres"/>).
/// </remarks>
internal sealed class VideoDepthAnythingEstimator : IDepthEstimator
{
    private const string Activity = "Estimating depth";

    private readonly InstalledModel model;
    private readonly IImageNetwork? metric;
    private double metricFactor = 1;
    private IWindowNetwork? network;
    private WindowPlan? plan;

    /// <summary>Takes over what it is to work with.</summary>
    /// <param name="model">The video network's weights.</param>
    /// <param name="metric">A metric single-image network, if <paramref name="model"/> is to have its metres from one; disposed of with this.</param>
    public VideoDepthAnythingEstimator(InstalledModel model, IImageNetwork? metric) => (this.model, this.metric) = (model, metric);

    /// <summary>Opens the metric model too, if there is to be one.</summary>
    /// <exception cref="MetricDepthException">It cannot be opened.</exception>
    public static VideoDepthAnythingEstimator Open(InstalledModel model, InstalledModel? metric, DepthEstimationOptions options) => new(model,
        metric is null ? null
        : metric.Info.Family == ModelFamily.UniDepthV2 ? new UniDepthNetwork(OnnxModel.Open(metric.Path, options.Inference), metric.Info.Name)
        : new DepthAnythingImageNetwork(metric, options.Inference));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality { get; private set; } = new Dictionary<string, double>();

    /// <summary>The network's values say nothing of how sure it is.</summary>
    public bool HasConfidence => false;

    /// <inheritdoc/>
    public bool ReadsFieldOfView => metric is UniDepthNetwork;

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var options = job.Options;
        if (metric is not null && options.MedianDepth is not null)
            throw new MetricDepthException("ScaleGivenTwice", FailureKind.InvalidArgument,
                $"{metric.Name} gives the video model metres, and -MedianDepth does too. Give only one of -MetricModel and -MedianDepth.");
        var device = InferenceDevices.Resolve(options.Inference);
        device.Report(progress);
        using (var checkpoint = Checkpoint.Open(model.Path))
        {
            var weights = VideoDepthAnythingNetwork.Read(checkpoint, model.Info.Heads);
            long? available = device.Device == InferenceDevice.Cpu ? AvailableMemory.Bytes() : options.Inference.MemoryLimit;
            plan = WindowPlan.For(weights, job, device, available, progress);
            cancellation.ThrowIfCancellationRequested();
            network = new GraphWindowNetwork(weights, plan.Width, plan.Height, plan.Batch, options.Inference);
        }
        string kind = model.Info.IsMetric ? "depth in metres" : "inverse depth without a scale";
        progress?.Report(FrameProgress.Verbose($"{model.Info.Name} gives {kind}."));
        var seen = metric is null ? null : PrepareMetric(metric, job, progress, cancellation);
        if (metric is null && !model.Info.IsMetric && options.MedianDepth is null)
            progress?.Report(FrameProgress.Warning($"{model.Info.Name} gives inverse depth without a scale; the median depth of the clip's first frames is taken as {ImageDepthEstimator.AssumedMedianDepth} m. "
                + "Install a metric model (Install-DepthModel DepthAnythingV2-Metric-Indoor-Small), or give -MedianDepth to set it."));

        bool knowsLens = options.HorizontalFov is not null || options.VerticalFov is not null;
        Intrinsics? lens = knowsLens ? Intrinsics.FromFieldOfView(job.Width, job.Height, options.HorizontalFov, options.VerticalFov) : null;
        var scale = model.Info.IsMetric || metric is not null ? DepthScale.Metric : options.MedianDepth is null ? DepthScale.Relative : DepthScale.Assumed;
        string name = metric is null ? model.Info.Name : $"{model.Info.Name}+{metric.Name}";
        return seen is null ? new(name, scale, lens?.HorizontalFov, lens?.VerticalFov) : seen with { Estimator = name, Scale = scale };
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (network is null || plan is null) throw new InvalidOperationException("Prepare has to come first.");
        // Whoever fails, the decoders and the other stage are to end with it.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var turn = new Lock();
        using var metres = Metres(job, turn, progress, stop.Token);
        var stitcher = new WindowStitcher(plan.Width, plan.Height, job.Width, job.Height, aligns: !model.Info.IsMetric);
        long? total = ClipFrames.Count(job);
        var watch = Stopwatch.StartNew();
        long frames = 0;
        bool begun = false;
        using (var pictures = new ClipPictures(job, plan.Width, plan.Height, stop.Token))
        {
            IWindowNetwork shared = metres.RunsNetwork ? new TakenTurns(network, turn) : network;
            try
            {
                frames = new WindowSequence(shared).Run(pictures, (count, maps) => Task.Run(() =>
                {
                    if (!begun) metres.Begin(maps.Span[..(count * plan.Width * plan.Height)]);
                    begun = true;
                    stitcher.Add(maps, count, Show);
                }, CancellationToken.None), done => progress?.Report(new(Activity, done, total)), stop.Token);
                stitcher.Complete(Show);
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        }
        Quality = new Dictionary<string, double>
        {
            ["InputWidth"] = plan.Width,
            ["InputHeight"] = plan.Height,
            ["EstimatedMemoryGB"] = Math.Round(plan.Bytes / 1e9, 2),
            ["FramesPerSecond"] = Math.Round(frames / watch.Elapsed.TotalSeconds, 3),
        };

        void Show(Plane<float> frame)
        {
            stop.Token.ThrowIfCancellationRequested();
            metres.Convert(frame);
            emit(frame, null);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network?.Dispose();
        metric?.Dispose();
    }

    private IMetres Metres(EstimationJob job, Lock turn, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (metric is null) return model.Info.IsMetric ? MedianMetres.OfMetric(job, progress) : MedianMetres.OfRelative(job, progress);
        var averaging = job.Options.NoRollingAverage ? MetricAveraging.FirstFrames : MetricAveraging.Rolling;
        return new AlignedMetres(new(job, metric, metricFactor, cancellation), new(averaging), turn, job.Options.MaxDepth);
    }

    /// <summary>Gets the metric network ready; UniDepth also tells the camera.</summary>
    private EstimationFacts? PrepareMetric(IImageNetwork second, EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        EstimationFacts? seen = null;
        if (second is UniDepthNetwork uniDepth)
        {
            // its file has a size of its own
            var camera = new UniDepthEstimator(uniDepth);
            seen = camera.Prepare(job with { Options = job.Options with { InputSize = null } }, progress, cancellation);
            metricFactor = camera.MetricFactor;
        }
        else second.Prepare(job with { Options = job.Options with { InputSize = Math.Min(plan!.Width, plan.Height) } });
        progress?.Report(FrameProgress.Verbose($"Its metres come from {second.Name}, which gets {second.InputSize.Width}×{second.InputSize.Height} pixels "
            + (job.Options.NoRollingAverage ? "of 15 of the first frames." : "of the first ten frames and of every fourth.")));
        return seen;
    }
}
