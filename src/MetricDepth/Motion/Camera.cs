using System.Numerics;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>The pinhole model in the form the solvers use it.</summary>
/// <param name="Fx">Horizontal focal length, px.</param>
/// <param name="Fy">Vertical focal length, px.</param>
/// <param name="Cx">Principal point, px.</param>
/// <param name="Cy">Principal point, px.</param>
internal readonly record struct Camera(double Fx, double Fy, double Cx, double Cy)
{
    /// <summary>Nearer to the camera's plane than this share of the viewing ray's length, a point is not seen.</summary>
    private const double MinDepth = 1e-3;

    public Camera(Intrinsics k) : this(k.Fx, k.Fy, k.Cx, k.Cy)
    {
    }

    /// <summary>The viewing ray of a pixel, with z = 1.</summary>
    public Vector3 Ray(Vector2 p) => new((p.X - Cx) / Fx, (p.Y - Cy) / Fy, 1);

    /// <summary>The pixel of a direction; false behind the camera.</summary>
    public bool Project(Vector3 y, out double u, out double v)
    {
        double inverse = 1 / y.Z;
        u = Fx * y.X * inverse + Cx;
        v = Fy * y.Y * inverse + Cy;
        return y.Z > MinDepth;
    }

    /// <summary>The same camera with both focal lengths multiplied.</summary>
    public Camera Scaled(double factor) => this with { Fx = Fx * factor, Fy = Fy * factor };
}
