using MetricDepth.Geometry;

namespace MetricDepth.Export.Cameras.Readers;

/// <summary>Poses from numbers in files, if they are any.</summary>
internal static class RigidMotion
{
    // what float32 and a few printed digits leave; more is a scale, a shear or a mirror
    private const double Tolerance = 1e-2;

    /// <summary>A quaternion, of any length but zero, and a position.</summary>
    public static bool TryFromQuaternion(double w, double x, double y, double z, Vector3 position, out Pose pose)
    {
        bool isRotation = UnitQuaternion.TryNormalize(w, x, y, z, out var q);
        pose = new(q.ToRotation(), position);
        return isRotation;
    }

    /// <summary>The first three rows of a 4×4 matrix; rounding is taken out of the rotation.</summary>
    public static bool TryFromRows(ReadOnlySpan<double> m, out Pose pose)
    {
        var r = new Rotation(m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]);
        var square = r * r.Transposed;
        double error = Math.Abs(square.M00 - 1) + Math.Abs(square.M11 - 1) + Math.Abs(square.M22 - 1)
            + Math.Abs(square.M01) + Math.Abs(square.M02) + Math.Abs(square.M12);
        double determinant = Vector3.Dot(new(r.M00, r.M01, r.M02), Vector3.Cross(new(r.M10, r.M11, r.M12), new(r.M20, r.M21, r.M22)));
        pose = new(r, new(m[3], m[7], m[11]));
        if (!(error <= Tolerance && determinant > 0)) return false;
        // what is exact to rounding stays as it is written
        if (error > 1e-9) pose = pose with { Rotation = r.Orthonormalised };
        return true;
    }
}
