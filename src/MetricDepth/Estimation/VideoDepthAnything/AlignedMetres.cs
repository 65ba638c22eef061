using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>Metres from a metric single-image network that sees some of the frames.</summary>
internal sealed class AlignedMetres(SampledMetricDepth samples, MetricAlignment alignment, Lock turn, double farthest) : IMetres
{
    private long frames;

    /// <inheritdoc/>
    public DepthScale Scale => DepthScale.Metric;

    /// <inheritdoc/>
    public bool RunsNetwork => true;

    /// <inheritdoc/>
    public void Begin(ReadOnlySpan<float> maps)
    {
    }

    /// <inheritdoc/>
    public void Convert(Plane<float> frame)
    {
        long index = frames++;
        Plane<float>? metric = null;
        if (alignment.WantsSample)
        {
            lock (turn) metric = samples.Of(index);
        }
        alignment.Next(frame, metric).Apply(frame.Span, farthest);
    }

    /// <inheritdoc/>
    public void Dispose() => samples.Dispose();
}
