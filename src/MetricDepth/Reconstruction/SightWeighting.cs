namespace MetricDepth.Reconstruction;

/// <summary>How much one look at a surface counts in the average.</summary>
internal enum SightWeighting
{
    /// <summary>Near and head-on looks count more, what lies deep behind a surface less.</summary>
    DepthAndAngle,
    /// <summary>Every look counts the same, as in other programs: for comparisons.</summary>
    Uniform,
}
