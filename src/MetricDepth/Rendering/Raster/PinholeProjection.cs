using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering.Raster;

/// <summary>Perspective; depth is along the optical axis.</summary>
/// <param name="camera">The camera that the viewer holds.</param>
internal sealed class PinholeProjection(Intrinsics camera) : Projection(camera.Width, camera.Height)
{
    private readonly float _fx = (float)camera.Fx, _fy = (float)camera.Fy, _cx = (float)camera.Cx, _cy = (float)camera.Cy;

    public override double PixelsPerRadian => Math.Max(_fx, _fy);

    public override float WidestTriangle => float.PositiveInfinity;

    public override void Project(Vector256<float> x, Vector256<float> y, Vector256<float> z,
        out Vector256<float> u, out Vector256<float> v, out Vector256<float> distance)
    {
        var inverse = Vector256<float>.One / z;
        u = x * inverse * _fx + Vector256.Create(_cx);
        v = y * inverse * _fy + Vector256.Create(_cy);
        distance = z;
    }
}
