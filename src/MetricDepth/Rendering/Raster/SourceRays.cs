using MetricDepth.Geometry;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// The points of the source picture in the viewer's axes, divided by their depth: with inverse depth w, the pixel (x, y) is at
/// <c>R K⁻¹ (x, y, 1) + w t</c>, which has no infinities and is linear in all three.
/// </summary>
internal readonly struct SourceRays
{
    /// <summary>R K⁻¹ (0, 0, 1).</summary>
    public readonly Vector3 Origin;

    /// <summary>From one column to the next.</summary>
    public readonly Vector3 PerColumn;

    /// <summary>From one row to the next.</summary>
    public readonly Vector3 PerRow;

    /// <summary>t.</summary>
    public readonly Vector3 PerInverseDepth;

    /// <summary>Prepares a frame.</summary>
    /// <param name="camera">The source camera.</param>
    /// <param name="sourceToView">Its axes to those of the viewer.</param>
    public SourceRays(Intrinsics camera, Pose sourceToView)
    {
        var rotation = sourceToView.Rotation;
        Origin = rotation * new Vector3(-camera.Cx / camera.Fx, -camera.Cy / camera.Fy, 1);
        PerColumn = rotation * new Vector3(1 / camera.Fx, 0, 0);
        PerRow = rotation * new Vector3(0, 1 / camera.Fy, 0);
        PerInverseDepth = sourceToView.Translation;
    }

    /// <summary>The ray of a place in the picture.</summary>
    public Vector3 At(double x, double y) => Origin + PerColumn * x + PerRow * y;
}
