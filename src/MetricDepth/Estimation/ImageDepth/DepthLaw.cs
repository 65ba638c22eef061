namespace MetricDepth.Estimation.ImageDepth;

/// <summary>Turns one number of a network into metres; 0 where there is no depth.</summary>
internal interface IDepthLaw
{
    float Metres(float raw);
}

/// <summary>Metres, or proportional to them.</summary>
internal readonly record struct ProportionalDepth(float Factor) : IDepthLaw
{
    public float Metres(float raw) => raw > 0 && float.IsFinite(raw) ? raw * Factor : 0;
}

/// <summary>
/// Depth from inverse depth: <c>z = factor / (raw − zero)</c>, never beyond what can be stored; at and below <c>zero</c> is the far end.
/// </summary>
internal readonly record struct ReciprocalDepth(float Factor, float Farthest, float Zero = 0) : IDepthLaw
{
    public float Metres(float raw)
    {
        float above = raw - Zero;
        return float.IsNaN(above) ? 0
            : above * Farthest <= Factor ? Farthest
            : float.IsPositiveInfinity(above) ? 0
            : Factor / above;
    }
}
