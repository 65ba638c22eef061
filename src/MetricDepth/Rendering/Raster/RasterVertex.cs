namespace MetricDepth.Rendering.Raster;

/// <summary>A corner of a triangle on the screen.</summary>
/// <param name="U">Column, px, a multiple of 1/256.</param>
/// <param name="V">Row, px, a multiple of 1/256.</param>
/// <param name="Q">Depth in the source over depth in the view: what makes interpolation on the screen true in space. 0: not drawn.</param>
/// <param name="W">Inverse depth in the view, 1/m.</param>
/// <param name="X">Column in the source that gives the colour, px.</param>
/// <param name="Y">Row in the source, px.</param>
internal readonly record struct RasterVertex(float U, float V, float Q, float W, float X, float Y);
