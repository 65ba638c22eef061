namespace MetricDepth.Rendering;

/// <summary>How an eye's surroundings are laid out in its picture.</summary>
internal enum EyeProjection
{
    /// <summary>The source camera's own perspective, resized to the picture.</summary>
    Perspective,

    /// <summary>The half sphere in front, 180° by 180°: columns are longitude, rows latitude.</summary>
    Equirectangular180,
}
