using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion;

/// <summary>Poses between poses: translation along the line, rotation at constant speed about one axis (slerp).</summary>
internal static class CameraInterpolation
{
    /// <summary>The pose at a share of the way from one to another; shares outside 0..1 extrapolate.</summary>
    public static Pose Between(Pose a, Pose b, double share)
    {
        var turn = Log(b.Rotation * a.Rotation.Transposed);
        return new(Rotation.Exp(turn * share) * a.Rotation, a.Translation * (1 - share) + b.Translation * share);
    }

    /// <summary>The rotation vector of a rotation: the logarithm map of SO(3), for angles below π.</summary>
    public static Vector3 Log(Rotation r)
    {
        double angle = r.Angle;
        var axis = new Vector3(r.M21 - r.M12, r.M02 - r.M20, r.M10 - r.M01);
        return angle < 1e-9 ? axis * 0.5 : axis * (angle / (2 * Math.Sin(angle)));
    }
}
