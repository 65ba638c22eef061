using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Video;

namespace MetricDepth.Estimation.ImageDepth;

/// <summary>
/// Depth from a network that takes each frame for itself. Frames are decoded and prepared, seen by the network, and brought to size and
/// encoded at the same time.
/// </summary>
/// <remarks>
/// Metric depth is taken as it is; with <c>MedianDepth</c> it is scaled so that the clip's median becomes that. Inverse depth <c>v</c> that is
/// right up to a factor becomes <c>z = MedianDepth · (median(v) − v₀) / (v − v₀)</c>, the median over up to 8 frames spread over the
/// clip, <c>MedianDepth</c> <see cref="AssumedMedianDepth"/> unless given; what is farther than <c>MaxDepth</c> is set to it. <c>v₀</c>,
/// the value of what is infinitely far, is 0; only where the network's meaning leaves an offset open and it goes below 0 in those frames, it is
/// the value that one pixel in a thousand is below.
/// </remarks>
internal sealed class ImageDepthEstimator(IImageNetwork network) : IDepthEstimator
{
    /// <summary>The median depth of a clip where only inverse depth is known, metres.</summary>
    public const double AssumedMedianDepth = 3;

    private const int SampledFrames = 8, SamplesPerFrame = 50_000;
    private const string Activity = "Estimating depth";

    private float factor = 1, zero;
    private bool prepared;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality { get; private set; } = new Dictionary<string, double>();

    /// <summary>A network's map says nothing of how sure it is.</summary>
    public bool HasConfidence => false;

    /// <summary>What metric depth is multiplied by where no median is asked for.</summary>
    public double MetricFactor { get; set; } = 1;

    private bool IsInverse => network.Meaning != OutputMeaning.Depth;

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var options = job.Options;
        network.Prepare(job);
        network.Device.Report(progress);
        progress?.Report(FrameProgress.Verbose($"'{network.Name}' gives {Kind}: {network.Because}. It gets {network.InputSize.Width}×{network.InputSize.Height} pixels."));
        SetScale(job, progress, cancellation);
        if (!network.IsMetric && options.MedianDepth is null)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The model gives {Kind}, without a scale ({network.Because}); the clip's median depth is taken as {AssumedMedianDepth} m. Give -MedianDepth to set it.")));

        bool knowsLens = options.HorizontalFov is not null || options.VerticalFov is not null;
        Intrinsics? lens = knowsLens ? Intrinsics.FromFieldOfView(job.Width, job.Height, options.HorizontalFov, options.VerticalFov) : null;
        var scale = network.IsMetric ? DepthScale.Metric : options.MedianDepth is null ? DepthScale.Relative : DepthScale.Assumed;
        prepared = true;
        return new(network.Name, scale, lens?.HorizontalFov, lens?.VerticalFov);
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (!prepared) throw new InvalidOperationException("Prepare has to come first.");
        long? total = ClipFrames.Count(job);
        long done = 0;
        var depth = new Plane<float>(job.Width, job.Height);
        var reciprocal = new ReciprocalDepth(factor, (float)job.Options.MaxDepth, zero);
        using var reader = ClipFrames.Open(job, network, cancellation);
        new FramePipeline<Frame>
        {
            CreateJob = () => new(network),
            Readers = [frame =>
            {
                if (!reader.Read(frame.Picture.Bytes)) return false;
                network.Fill(frame.Picture, frame.Input);
                return true;
            }],
            CreateWorker = () => frame => network.Infer(frame.Input, frame.Map, cancellation),
            Write = frame =>
            {
                if (IsInverse) network.Resize(frame.Map, depth, reciprocal);
                else network.Resize(frame.Map, depth, new ProportionalDepth(factor));
                emit(depth, null);
                progress?.Report(new(Activity, ++done, total));
            },
            Workers = 1, // the network uses the cores itself
        }.Run(cancellation);
        Quality = new Dictionary<string, double> { ["InputWidth"] = network.InputSize.Width, ["InputHeight"] = network.InputSize.Height };
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private string Kind => (network.Meaning, network.IsMetric) switch
    {
        (OutputMeaning.Depth, true) => "depth in metres",
        (OutputMeaning.Depth, false) => "depth up to one factor",
        (OutputMeaning.InverseDepth, true) => "inverse depth in 1/metres",
        (OutputMeaning.InverseDepth, false) => "inverse depth",
        _ => "disparity",
    };

    /// <summary>One factor for all of the clip, so that nothing pumps.</summary>
    private void SetScale(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        factor = (float)MetricFactor;
        if (network.IsMetric && job.Options.MedianDepth is null) return;
        var samples = Samples(job, progress, cancellation);
        bool offsetOpen = network is { Meaning: OutputMeaning.InverseDepth, IsMetric: false };
        if (offsetOpen && samples[samples.Count / 1000] is < 0 and var lowest) zero = lowest;
        int first = samples.FindIndex(value => value > zero);
        if (first < 0)
            throw new MetricDepthException("ModelOutputUnusable", FailureKind.InvalidData,
                $"What '{network.Name}' gives is nowhere above 0 on this clip. Check that it is a depth model, or use another.");
        float median = samples[(first + samples.Count) / 2] - zero;
        double depth = job.Options.MedianDepth ?? AssumedMedianDepth;
        factor = (float)(IsInverse ? depth * median : depth / median);
    }

    /// <summary>Values of the map over a few frames, sorted.</summary>
    private List<float> Samples(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var samples = new List<float>();
        var map = new NetworkMap();
        ClipFrames.Sample(job, network, SampledFrames, "Finding the scale", input =>
        {
            network.Infer(input, map, cancellation);
            int stride = Math.Max(1, map.Values.Length / SamplesPerFrame);
            for (int i = 0; i < map.Values.Length; i += stride)
                if (float.IsFinite(map.Values[i])) samples.Add(map.Values[i]);
        }, progress, cancellation);
        if (samples.Count == 0) samples.Add(0); // all of it NaN: nowhere above 0
        samples.Sort();
        return samples;
    }

    /// <summary>The buffers of a frame on its way through.</summary>
    private sealed class Frame(IImageNetwork network)
    {
        public Plane<uint> Picture { get; } = new(network.FrameSize.Width, network.FrameSize.Height);

        public float[] Input { get; } = new float[network.InputLength];

        public NetworkMap Map { get; } = new();
    }
}
