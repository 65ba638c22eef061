using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Inference;
using MetricDepth.Video;

namespace MetricDepth.Estimation.OnnxDepth;

/// <summary>
/// Depth from a neural network in an ONNX file: one RGB picture in, depth or inverse depth out, each frame for itself.
/// </summary>
/// <remarks>
/// <para>In: float32 <c>[1, 3, H, W]</c> or <c>[1, H, W, 3]</c>, H and W fixed or free (then the shorter side is 518 px or
/// <c>InputSize</c>, both sides multiples of 14), colours in 0..1 less a mean, over a deviation (ImageNet's unless the metadata has
/// <c>metricdepth.mean</c> and <c>metricdepth.std</c>).</para>
/// <para>Out: float32 <c>[1, H, W]</c> or <c>[1, 1, H, W]</c>. Depth is taken as metres; with <c>MedianDepth</c> it is scaled so that
/// the clip's median becomes that. Inverse depth <c>v</c> becomes <c>z = MedianDepth · median(v) / v</c>, the median over up to
/// 8 frames spread over the clip, <c>MedianDepth</c> <see cref="AssumedMedianDepth"/> unless given; what is farther than
/// <c>MaxDepth</c> is set to it. Which of the two it is: see <see cref="DepthOutput"/>.</para>
/// </remarks>
public sealed class OnnxDepthEstimator : IDepthEstimator
{
    /// <summary>The median depth of a clip where only inverse depth is known, metres.</summary>
    public const double AssumedMedianDepth = 3;

    private const int SampledFrames = 8;
    private const string Activity = "Estimating depth";

    private readonly OnnxModel model;
    private readonly OnnxTensorInfo output;
    private readonly DepthMeaning meaning;
    private readonly string because;
    private ImageInput? input;
    private float factor = 1;

    /// <summary>Loads the network.</summary>
    /// <param name="modelPath">The ONNX file.</param>
    /// <param name="inference">How it is run; null for the defaults.</param>
    /// <exception cref="MetricDepthException">The file is missing, cannot be run, or its output is not one depth map.</exception>
    public OnnxDepthEstimator(string modelPath, OnnxModelOptions? inference = null)
    {
        model = OnnxModel.Open(modelPath, inference);
        try
        {
            output = DepthOutput.Choose(model);
            (meaning, because) = DepthOutput.Interpret(model, output);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Quality { get; private set; } = new Dictionary<string, double>();

    /// <summary>A network's output says nothing of how sure it is.</summary>
    public bool HasConfidence => false;

    /// <inheritdoc/>
    public EstimationFacts Prepare(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var options = job.Options;
        if (options.CameraPath is not null)
            throw new MetricDepthException("CameraPathNotUsed", FailureKind.InvalidArgument,
                "A network takes each frame for itself and has no use for -CameraPath. Leave it out, or leave out -ModelPath.");
        input = ImageInput.For(model, job.Clip.Width, job.Clip.Height, options.InputSize);

        model.Choice.Report(progress);
        bool inverse = meaning == DepthMeaning.InverseDepth;
        string kind = inverse ? "inverse depth" : "depth in metres";
        progress?.Report(FrameProgress.Verbose($"'{Path.GetFileName(model.Path)}' gives {kind}: {because}. It gets {input.Width}×{input.Height} pixels."));
        if (inverse || options.MedianDepth is not null)
        {
            double median = MedianOutput(job, progress, cancellation);
            double depth = options.MedianDepth ?? AssumedMedianDepth;
            factor = (float)(inverse ? depth * median : depth / median);
        }
        if (inverse && options.MedianDepth is null)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The model gives inverse depth without a scale ({because}); the clip's median depth is taken as {AssumedMedianDepth} m. Give -MedianDepth to set it.")));

        bool knowsLens = options.HorizontalFov is not null || options.VerticalFov is not null;
        Intrinsics? lens = knowsLens ? Intrinsics.FromFieldOfView(job.Width, job.Height, options.HorizontalFov, options.VerticalFov) : null;
        var scale = !inverse ? DepthScale.Metric : options.MedianDepth is null ? DepthScale.Relative : DepthScale.Assumed;
        return new("Onnx:" + Path.GetFileNameWithoutExtension(model.Path), scale, lens?.HorizontalFov, lens?.VerticalFov);
    }

    /// <inheritdoc/>
    public void Estimate(EstimationJob job, DepthSink emit, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        if (input is null) throw new InvalidOperationException("Prepare has to come first.");
        long? total = Frames(job);
        long done = 0;
        var depth = new Plane<float>(job.Width, job.Height);
        foreach (var picture in Pictures(job, cancellation))
        {
            var raw = model.Run([input.Fill(picture)], output.Name, cancellation);
            if (meaning == DepthMeaning.InverseDepth) DepthMap.Resize(raw, depth, new ReciprocalDepth(factor, (float)job.Options.MaxDepth));
            else DepthMap.Resize(raw, depth, new ProportionalDepth(factor));
            emit(depth, null);
            progress?.Report(new(Activity, ++done, total));
        }
        Quality = new Dictionary<string, double> { ["InputWidth"] = input.Width, ["InputHeight"] = input.Height };
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    /// <summary>The median output over a few frames spread over the clip: one factor for all of it, so that nothing pumps.</summary>
    private double MedianOutput(EstimationJob job, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        long step = Math.Max(1, (Frames(job) ?? 10 * SampledFrames) / SampledFrames);
        var samples = new List<float>();
        long frame = 0;
        int taken = 0;
        foreach (var picture in Pictures(job, cancellation))
        {
            if (frame++ % step != 0) continue;
            var raw = model.Run([input!.Fill(picture)], output.Name, cancellation);
            DepthMap.Size(raw);
            int stride = Math.Max(1, raw.Values.Length / 50_000);
            for (int i = 0; i < raw.Values.Length; i += stride)
                if (raw.Values.Span[i] is > 0 and < float.PositiveInfinity and var value) samples.Add(value);
            progress?.Report(new("Finding the scale", ++taken, SampledFrames));
            if (taken == SampledFrames) break;
        }
        if (samples.Count == 0)
            throw new MetricDepthException("ModelOutputUnusable", FailureKind.InvalidData,
                $"The model's output '{output.Name}' is nowhere above 0 on this clip. Check that the model is a depth model, or use another.");
        samples.Sort();
        return samples[samples.Count / 2];
    }

    private IEnumerable<Plane<uint>> Pictures(EstimationJob job, CancellationToken cancellation)
    {
        var picture = new Plane<uint>(input!.Width, input.Height);
        using var reader = FrameReader.Open(job.Clip,
            new() { Width = input.Width, Height = input.Height, FrameRate = job.FrameRate, MaxFrames = job.Options.MaxFrames }, cancellation);
        while (reader.Read(picture.Bytes)) yield return picture;
    }

    private static long? Frames(EstimationJob job)
    {
        long? all = job.Clip.FrameCount is { } count ? (long)Math.Round(count * job.FrameRate.Value / job.Clip.FrameRate.Value) : null;
        return job.Options.MaxFrames is { } limit ? Math.Min(limit, all ?? limit) : all;
    }
}
