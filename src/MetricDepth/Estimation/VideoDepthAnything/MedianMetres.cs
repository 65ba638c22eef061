using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// Metres by one factor for the whole clip, so that nothing pumps: a metric network's as they are, or made so that the first window's median
/// depth is the one given or assumed. The window tells it in the same pass; a look at the whole clip would cost a second one.
/// </summary>
internal sealed class MedianMetres : IMetres
{
    private readonly bool inverse;
    private readonly double? median;
    private readonly float farthest;
    private readonly IProgress<FrameProgress>? progress;
    private float factor = 1;

    private MedianMetres(bool inverse, double? median, DepthScale scale, float farthest, IProgress<FrameProgress>? progress) =>
        (this.inverse, this.median, Scale, this.farthest, this.progress) = (inverse, median, scale, farthest, progress);

    /// <inheritdoc/>
    public DepthScale Scale { get; }

    /// <inheritdoc/>
    public bool RunsNetwork => false;

    /// <summary>For a network whose values are metres; the user's median depth comes before them.</summary>
    public static MedianMetres OfMetric(EstimationJob job, IProgress<FrameProgress>? progress) =>
        new(inverse: false, job.Options.MedianDepth, DepthScale.Metric, (float)job.Options.MaxDepth, progress);

    /// <summary>For a network of inverse depth up to a factor.</summary>
    public static MedianMetres OfRelative(EstimationJob job, IProgress<FrameProgress>? progress) =>
        new(inverse: true, job.Options.MedianDepth ?? ImageDepthEstimator.AssumedMedianDepth,
            job.Options.MedianDepth is null ? DepthScale.Relative : DepthScale.Assumed, (float)job.Options.MaxDepth, progress);

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<float> maps)
    {
        if (median is not { } wanted) return;
        var samples = new List<float>();
        int stride = Math.Max(1, maps.Length / 400_000);
        for (int i = 0; i < maps.Length; i += stride)
            if (maps[i] is > 0 and < float.PositiveInfinity and var value) samples.Add(value);
        if (samples.Count == 0)
            throw new MetricDepthException("ModelOutputUnusable", FailureKind.InvalidData,
                "What the model gives is nowhere above 0 in the clip's first frames. Leave out a black beginning, or check the model file with Get-DepthModel.");
        samples.Sort();
        float middle = samples[samples.Count / 2];
        factor = (float)(inverse ? wanted * middle : wanted / middle);
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture,
            $"The median of the first window's values, {middle:G4}, is {wanted} m; that factor holds for the whole clip.")));
    }

    /// <inheritdoc/>
    public void Convert(Plane<float> frame)
    {
        if (inverse) Apply(frame.Span, new ReciprocalDepth(factor, farthest));
        else Apply(frame.Span, new ProportionalDepth(factor));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static void Apply<TLaw>(Span<float> values, TLaw law) where TLaw : struct, IDepthLaw
    {
        foreach (ref float value in values) value = law.Metres(value);
    }
}
