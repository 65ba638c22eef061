namespace MetricDepth.Export;

/// <summary>How depth is spread over grey levels or colours.</summary>
public enum DepthSpacing
{
    /// <summary>Evenly in metres; in grey the far end is white.</summary>
    Linear,
    /// <summary>Evenly in 1/metres, as disparity: near things get most levels; in grey the near end is white.</summary>
    Inverse,
}
