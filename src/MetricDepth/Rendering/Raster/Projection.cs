using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>Where points before a viewer lie in its picture. Pixel centres are at integer coordinates.</summary>
/// <param name="width">Width of the picture, px.</param>
/// <param name="height">Height of the picture, px.</param>
internal abstract class Projection(int width, int height)
{
    /// <summary>Width of the picture, px.</summary>
    public int Width { get; } = width;

    /// <summary>Height of the picture, px.</summary>
    public int Height { get; } = height;

    /// <summary>Pixels to a radian in the middle of the picture.</summary>
    public abstract double PixelsPerRadian { get; }

    /// <summary>A triangle wider than this, px, runs round the back of the viewer, from one border of the picture to the other.</summary>
    public abstract float WidestTriangle { get; }

    /// <summary>Projects eight points.</summary>
    /// <param name="x">Right of the viewer; any unit, the same for all three.</param>
    /// <param name="y">Below it.</param>
    /// <param name="z">Before it.</param>
    /// <param name="u">Receives the column, px.</param>
    /// <param name="v">Receives the row, px.</param>
    /// <param name="distance">Receives what depth is in this picture, in the unit of the point; not above 0: it cannot be seen.</param>
    public abstract void Project(Vector256<float> x, Vector256<float> y, Vector256<float> z,
        out Vector256<float> u, out Vector256<float> v, out Vector256<float> distance);
}
