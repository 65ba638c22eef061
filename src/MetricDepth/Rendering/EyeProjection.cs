namespace MetricDepth.Rendering;

/// <summary>How an eye's picture maps to directions.</summary>
internal enum EyeProjection
{
    /// <summary>A flat picture with the source camera's focal lengths and principal point.</summary>
    Rectilinear,
    /// <summary>
    /// A square in which columns are longitudes and rows latitudes, both −90° to 90° from border to border; the picture's middle is
    /// the viewer's axis.
    /// </summary>
    HalfEquirectangular,
}
