using MetricDepth.Imaging;

namespace MetricDepth.Estimation;

/// <summary>Over which frames the conversion from relative to metric depth is averaged.</summary>
public enum MetricAveraging
{
    /// <summary>Over the last 60 frames: follows a moving camera.</summary>
    Rolling,
    /// <summary>Over the first 60 frames of one kind, once and for all: steadier where the camera stands.</summary>
    FirstFrames,
}

/// <summary>
/// Gives relative inverse depth, steady but without a unit, the metres of a single-image network, metric but trembling: mean and deviation
/// of the one are brought to those of the other, averaged over time. The formulas are those of the metric depth video toolbox
/// (<c>video_metric_convert.py</c> with and without <c>--no_rolling_average</c>, commit 9cd61be).
/// </summary>
/// <remarks>
/// <para>A frame that is sampled gives <c>c = σ(1/m)/σ(r)</c>, <c>a = mean(1/m)</c> and <c>b = mean(r)</c>, over the frame's pixels, σ the
/// population's deviation. Sampled is every 4th frame, and every frame while there are fewer than 10 samples; without a rolling average only
/// while there are fewer than 15. A frame is converted with the first sample while there are fewer than 10, then with the mean of those at hand,
/// its own among them: <c>z = 1/((r − b)·c + a)</c>. After that the oldest of more than 15 is forgotten.</para>
/// <para>What the toolbox leaves to chance: a metric pixel of 0, below, or NaN has no inverse and is left out, and so is the relative pixel
/// there (infinity counts as inverse 0). A frame without any such pixel, or whose relative depth is the same everywhere (a black picture),
/// is no sample. Until there is one, frames have their mean metric depth all over if that is known, otherwise none.</para>
/// </remarks>
public sealed class MetricAlignment(MetricAveraging averaging)
{
    private const int SampledEvery = 4, EnoughSamples = 10, Memory = 60 / SampledEvery;

    private readonly Queue<MetricConversion> samples = new(Memory + 1);
    private long frame;

    /// <summary>Whether the next frame wants a metric depth.</summary>
    public bool WantsSample =>
        (averaging == MetricAveraging.Rolling || samples.Count < Memory) && (frame % SampledEvery == 0 || samples.Count < EnoughSamples);

    /// <summary>Samples at hand.</summary>
    public int SampleCount => samples.Count;

    /// <summary>Takes the next frame.</summary>
    /// <param name="relative">Its relative inverse depth.</param>
    /// <param name="metric">Its metric depth, metres, of the same size; not looked at unless <see cref="WantsSample"/>.</param>
    /// <returns>How its relative depth becomes metres.</returns>
    public MetricConversion Next(Plane<float> relative, Plane<float>? metric)
    {
        MetricConversion? alone = null;
        bool sampled = false;
        if (WantsSample)
        {
            if (metric is null || metric.Width != relative.Width || metric.Height != relative.Height)
                throw new ArgumentException("This frame needs a metric depth of its own size.", nameof(metric));
            var sums = JointMoments.Of(relative, metric);
            if (sums.Count > 0 && !sums.IsRelativeFlat)
            {
                samples.Enqueue(new(sums.InverseDeviation / sums.RelativeDeviation, sums.InverseMean, sums.RelativeMean));
                sampled = true;
            }
            else if (sums.Count > 0) alone = new(0, sums.InverseMean, sums.RelativeMean);
        }
        frame++;
        if (samples.Count == 0) return alone ?? MetricConversion.None;
        // The toolbox's list never shrinks below ten again, so that its first entry is the clip's first sample whenever it is asked for.
        var conversion = samples.Count < EnoughSamples ? samples.Peek() : Mean();
        if (sampled && samples.Count > Memory) samples.Dequeue();
        return conversion;
    }

    private MetricConversion Mean()
    {
        double factor = 0, inverse = 0, relative = 0;
        foreach (var sample in samples)
        {
            factor += sample.Factor;
            inverse += sample.InverseMean;
            relative += sample.RelativeMean;
        }
        return new(factor / samples.Count, inverse / samples.Count, relative / samples.Count);
    }
}
