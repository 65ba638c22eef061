namespace MetricDepth.Imaging;

/// <summary>The colour maps there are.</summary>
public enum ColormapName
{
    /// <summary>Dark blue, green, yellow, dark red: the most distinct colours.</summary>
    Turbo,
    /// <summary>Dark violet, green, yellow: even in brightness, also for the colour-blind and in print without colour.</summary>
    Viridis,
    /// <summary>Black, violet, orange, pale yellow: as heat; even in brightness.</summary>
    Inferno,
}
