using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Gives every pixel a depth: confident ones spread to the others, as far as the colour picture shows no edge. Inverse depth is
/// what is spread, because it is linear across a plane. One instance serves one thread at a time.
/// </summary>
internal sealed class DepthCompletion(int width, int height, MotionStereoSettings settings)
{
    private readonly EdgeAwareSmoother _smoother = new(width, height);
    private readonly Plane<float> _weight = new(width, height);

    /// <summary>Completes <paramref name="inverseDepth"/> in place.</summary>
    /// <param name="color">The picture whose edges hold, BGR0.</param>
    /// <param name="inverseDepth">Inverse depth; what its confidence says is what counts.</param>
    /// <param name="confidence">0..1.</param>
    public void Complete(Plane<uint> color, Plane<float> inverseDepth, Plane<float> confidence)
    {
        var w = _weight.Data;
        var d = inverseDepth.Data;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = confidence.Data[i] + 1e-9f;
            d[i] *= w[i];
        }
        _smoother.SetGuide(color, settings.CompletionRange);
        _smoother.Smooth(settings.CompletionStrength, inverseDepth, _weight);
        for (int i = 0; i < w.Length; i++) d[i] /= MathF.Max(w[i], 1e-30f);
    }
}
