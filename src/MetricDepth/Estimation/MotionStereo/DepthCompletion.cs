using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Gives every pixel a depth: sure ones spread to the others, as far as the colour picture shows no edge. Inverse depth is what is
/// spread, because it is linear across a plane. From coarse to fine: what one reach smooths away, the next shorter one adds back
/// where it is sure, so that holes are filled from afar and slopes stay slopes. One instance serves one thread at a time.
/// </summary>
internal sealed class DepthCompletion(int width, int height, MotionStereoSettings settings)
{
    private const float LeastTrust = 1e-7f;

    private readonly EdgeAwareSmoother _smoother = new(width, height);
    private readonly Plane<float> _weight = new(width, height), _residual = new(width, height), _matched = new(width, height);

    /// <summary>Completes <paramref name="inverseDepth"/> in place.</summary>
    /// <param name="color">The picture whose edges hold, BGR0.</param>
    /// <param name="inverseDepth">Inverse depth; what its confidence says is what counts.</param>
    /// <param name="confidence">0..1; overwritten.</param>
    public void Complete(Plane<uint> color, Plane<float> inverseDepth, Plane<float> confidence)
    {
        var weight = _weight.Data;
        var residual = _residual.Data;
        var matched = _matched.Data;
        var depth = inverseDepth.Data;
        var trust = confidence.Data;
        _smoother.SetGuide(color, settings.CompletionRange);
        for (int i = 0; i < depth.Length; i++)
        {
            matched[i] = depth[i];
            weight[i] = trust[i] + LeastTrust;
            depth[i] *= weight[i];
            // for detail, half sure counts a quarter: false matches are never wholly sure
            trust[i] *= trust[i];
        }
        _smoother.Smooth(settings.CompletionStrength, inverseDepth, _weight);
        for (int i = 0; i < depth.Length; i++) depth[i] /= Math.Max(weight[i], 1e-20f);
        foreach (float strength in settings.DetailStrengths)
        {
            for (int i = 0; i < depth.Length; i++)
            {
                weight[i] = trust[i];
                residual[i] = (matched[i] - depth[i]) * trust[i];
            }
            _smoother.Smooth(strength, _residual, _weight);
            for (int i = 0; i < depth.Length; i++) depth[i] += residual[i] / (weight[i] + settings.DetailTrust);
        }
    }
}
