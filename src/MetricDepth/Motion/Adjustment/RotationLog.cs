using MetricDepth.Geometry;

namespace MetricDepth.Motion.Adjustment;

/// <summary>The logarithmic map of SO(3).</summary>
internal static class RotationLog
{
    /// <summary>The rotation vector (axis times angle, radians) whose exponential is the rotation.</summary>
    public static Vector3 Of(Rotation r)
    {
        var v = new Vector3(r.M21 - r.M12, r.M02 - r.M20, r.M10 - r.M01) * 0.5;
        double sine = v.Length, cosine = (r.M00 + r.M11 + r.M22 - 1) * 0.5, angle = Math.Atan2(sine, cosine);
        if (sine > 1e-9) return v * (angle / sine);
        if (cosine > 0) return v;
        // half a turn: the axis is the column of (R + I)/2 that is largest
        double x = Math.Max(0, (r.M00 + 1) * 0.5), y = Math.Max(0, (r.M11 + 1) * 0.5), z = Math.Max(0, (r.M22 + 1) * 0.5);
        var axis = x >= y && x >= z ? new Vector3(x, (r.M01 + r.M10) * 0.25, (r.M02 + r.M20) * 0.25)
            : y >= z ? new Vector3((r.M01 + r.M10) * 0.25, y, (r.M12 + r.M21) * 0.25)
            : new Vector3((r.M02 + r.M20) * 0.25, (r.M12 + r.M21) * 0.25, z);
        return axis.Normalized * Math.PI;
    }
}
