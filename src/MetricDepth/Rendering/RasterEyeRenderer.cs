using MetricDepth.Rendering.Raster;

namespace MetricDepth.Rendering;

/// <summary>
/// The general path of DESIGN §7: the viewer may be anywhere.
/// </summary>
/// <param name="projection">What an eye's picture is.</param>
/// <param name="threads">Threads to draw an eye with.</param>
internal sealed class RasterEyeRenderer(EyeProjection projection, int threads = 1) : EyeRenderer
{
    private readonly Rasterizer _rasterizer = new(threads);

    public override void Render(SourceImage source, StereoGeometry geometry, Eye eye, ViewImage view) => _rasterizer.Draw(
        source, geometry.Camera, EyeCamera.Beside(geometry, eye) * geometry.SourceToView, EyeCamera.Projection(projection, geometry, eye, view), view);
}
