using MetricDepth.Geometry;
using MetricDepth.Rendering.Raster;

namespace MetricDepth.Rendering;

/// <summary>Where an eye is, and how its picture shows what is before it.</summary>
internal static class EyeCamera
{
    /// <summary>The viewer's axes, between the eyes, to those of an eye.</summary>
    public static Pose Beside(StereoGeometry geometry, Eye eye) => new(Rotation.Identity, new(-eye.Position * geometry.Baseline, 0, 0));

    /// <summary>
    /// An eye's projection. Convergence shifts the picture sideways; a 180° picture is not shifted, because headsets show it by angle.
    /// </summary>
    public static Projection Projection(EyeProjection projection, StereoGeometry geometry, Eye eye, ViewImage view)
    {
        if (projection == EyeProjection.Equirectangular180) return new Equirectangular180Projection(view.Width, view.Height);
        var viewer = geometry with { Camera = geometry.ViewCamera };
        var camera = viewer.Camera with { Cx = viewer.Camera.Cx + viewer.Shift(eye).Offset };
        return new PinholeProjection(camera.Resized(view.Width, view.Height));
    }
}
