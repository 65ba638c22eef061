using MetricDepth.Geometry;
using MetricDepth.Rendering.Raster;

namespace MetricDepth.Rendering;

/// <summary>
/// The general path of DESIGN §7: the viewer may be anywhere. Convergence shifts the picture sideways, as on the fast path; a 180°
/// picture is not shifted, because headsets show it by angle.
/// </summary>
/// <param name="projection">What an eye's picture is.</param>
/// <param name="threads">Threads to draw an eye with.</param>
internal sealed class RasterEyeRenderer(EyeProjection projection, int threads = 1) : EyeRenderer
{
    private readonly Rasterizer _rasterizer = new(threads);

    public override void Render(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view)
    {
        var beside = new Pose(Rotation.Identity, new(-eye.Position * geometry.Baseline, 0, 0));
        _rasterizer.Draw(source, geometry.Camera, beside * geometry.SourceToView, Projection(geometry, eye, view), view);
    }

    private Projection Projection(StereoGeometry geometry, Eye eye, ViewImage view)
    {
        if (projection == EyeProjection.Equirectangular180) return new Equirectangular180Projection(view.Width, view.Height);
        var camera = geometry.Camera with { Cx = geometry.Camera.Cx + geometry.Shift(eye).Offset };
        return new PinholeProjection(camera.Resized(view.Width, view.Height));
    }
}
