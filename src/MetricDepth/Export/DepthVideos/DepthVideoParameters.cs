namespace MetricDepth.Export.DepthVideos;

/// <summary>The parameters that only some formats have a use for.</summary>
[Flags]
internal enum DepthVideoParameters
{
    /// <summary>None: depth limits leave depth out.</summary>
    None = 0,
    /// <summary>Depth limits are the ends of the scale, instead of leaving depth out.</summary>
    Range = 1,
    /// <summary>Metres a step.</summary>
    DepthUnit = 2,
    /// <summary>How depth is spread over the scale.</summary>
    Spacing = 4,
    /// <summary>Which colours.</summary>
    Colormap = 8,
    /// <summary>The colour video beside the depth.</summary>
    SideBySide = 16,
}
