using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Gives every pixel a depth: confident ones spread to the others, as far as the colour picture shows no edge. Inverse depth is
/// what is spread, because it is linear across a plane. One instance serves one thread at a time.
/// </summary>
internal sealed class DepthCompletion(int width, int height, MotionStereoSettings settings)
{
    private const float LeastTrust = 1e-7f;

    private readonly EdgeAwareSmoother _smoother = new(width, height);
    private readonly Plane<float> _weight = new(width, height), _detail = new(width, height);

    /// <summary>Completes <paramref name="inverseDepth"/> in place.</summary>
    /// <param name="color">The picture whose edges hold, BGR0.</param>
    /// <param name="inverseDepth">Inverse depth; what its confidence says is what counts.</param>
    /// <param name="confidence">0..1.</param>
    public void Complete(Plane<uint> color, Plane<float> inverseDepth, Plane<float> confidence)
    {
        var weight = _weight.Data;
        var detail = _detail.Data;
        var depth = inverseDepth.Data;
        var trust = confidence.Data;
        _smoother.SetGuide(color, settings.CompletionRange);
        for (int i = 0; i < depth.Length; i++)
        {
            weight[i] = trust[i] + LeastTrust;
            detail[i] = depth[i];
            depth[i] *= weight[i];
        }
        _smoother.Smooth(settings.CompletionStrength, inverseDepth, _weight);
        // reaching far flattens slopes between edges: what was sure but smoothed away is added back, smoothed over a short reach
        for (int i = 0; i < depth.Length; i++)
        {
            depth[i] /= Math.Max(weight[i], 1e-20f);
            weight[i] = trust[i];
            detail[i] = (detail[i] - depth[i]) * trust[i];
        }
        _smoother.Smooth(settings.DetailStrength, _detail, _weight);
        for (int i = 0; i < depth.Length; i++) depth[i] += detail[i] / (weight[i] + settings.DetailTrust);
    }
}
