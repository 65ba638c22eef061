namespace MetricDepth.Geometry;

/// <summary>A rotation as a quaternion of length 1, <c>w + xi + yj + zk</c> (Hamilton's convention, as COLMAP, TUM and Blender use it); double precision.</summary>
public readonly record struct UnitQuaternion
{
    private UnitQuaternion(double w, double x, double y, double z) => (W, X, Y, Z) = (w, x, y, z);

    /// <summary>The cosine of half the angle.</summary>
    public double W { get; }

    /// <summary>The axis' x times the sine of half the angle.</summary>
    public double X { get; }

    /// <summary>The axis' y times the sine of half the angle.</summary>
    public double Y { get; }

    /// <summary>The axis' z times the sine of half the angle.</summary>
    public double Z { get; }

    /// <summary>Brings four numbers to length 1.</summary>
    /// <param name="w">The real part.</param>
    /// <param name="x">The part of i.</param>
    /// <param name="y">The part of j.</param>
    /// <param name="z">The part of k.</param>
    /// <param name="rotation">The rotation; without one, the identity.</param>
    /// <returns>False where they have no direction: all zero, or no finite numbers.</returns>
    public static bool TryNormalize(double w, double x, double y, double z, out UnitQuaternion rotation)
    {
        // divided by the largest first: squares of very small and very large numbers leave the range
        double largest = Math.Max(Math.Max(Math.Abs(w), Math.Abs(x)), Math.Max(Math.Abs(y), Math.Abs(z)));
        rotation = new(1, 0, 0, 0);
        if (!(largest > 1e-6 && double.IsFinite(largest))) return false;
        (w, x, y, z) = (w / largest, x / largest, y / largest, z / largest);
        double length = Math.Sqrt(w * w + x * x + y * y + z * z);
        if (!double.IsFinite(length)) return false;
        rotation = new(w / length, x / length, y / length, z / length);
        return true;
    }

    /// <summary>The quaternion of a rotation matrix, w ≥ 0 (Shepperd, 1978: the largest of the four is found first, so that nothing small is divided by).</summary>
    public static UnitQuaternion From(Rotation r)
    {
        double trace = r.M00 + r.M11 + r.M22;
        double w, x, y, z;
        if (trace >= r.M00 && trace >= r.M11 && trace >= r.M22)
            (w, x, y, z) = (1 + trace, r.M21 - r.M12, r.M02 - r.M20, r.M10 - r.M01);
        else if (r.M00 >= r.M11 && r.M00 >= r.M22)
            (w, x, y, z) = (r.M21 - r.M12, 1 + r.M00 - r.M11 - r.M22, r.M01 + r.M10, r.M02 + r.M20);
        else if (r.M11 >= r.M22)
            (w, x, y, z) = (r.M02 - r.M20, r.M01 + r.M10, 1 + r.M11 - r.M00 - r.M22, r.M12 + r.M21);
        else
            (w, x, y, z) = (r.M10 - r.M01, r.M02 + r.M20, r.M12 + r.M21, 1 + r.M22 - r.M00 - r.M11);
        double s = (w < 0 ? -1 : 1) / Math.Sqrt(w * w + x * x + y * y + z * z);
        return new(w * s, x * s, y * s, z * s);
    }

    /// <summary>The rotation matrix.</summary>
    public Rotation ToRotation() => new(
        1 - 2 * (Y * Y + Z * Z), 2 * (X * Y - W * Z), 2 * (X * Z + W * Y),
        2 * (X * Y + W * Z), 1 - 2 * (X * X + Z * Z), 2 * (Y * Z - W * X),
        2 * (X * Z - W * Y), 2 * (Y * Z + W * X), 1 - 2 * (X * X + Y * Y));

    /// <summary>The cosine of half the angle between two rotations; its sign tells whether they lie in the same half.</summary>
    public static double Dot(UnitQuaternion a, UnitQuaternion b) => a.W * b.W + a.X * b.X + a.Y * b.Y + a.Z * b.Z;

    /// <summary>The same rotation with all signs turned.</summary>
    public static UnitQuaternion operator -(UnitQuaternion q) => new(-q.W, -q.X, -q.Y, -q.Z);

    /// <summary>The rotation between two on the shorter way, at constant speed (Shoemake, 1985).</summary>
    /// <param name="a">At 0.</param>
    /// <param name="b">At 1.</param>
    /// <param name="t">0..1.</param>
    public static UnitQuaternion Slerp(UnitQuaternion a, UnitQuaternion b, double t)
    {
        double cosine = Dot(a, b);
        if (cosine < 0) (b, cosine) = (-b, -cosine);
        double u = 1 - t;
        // nearly the same: the sine would be divided by itself
        if (cosine < 1 - 1e-12)
        {
            double angle = Math.Acos(cosine), sine = Math.Sin(angle);
            (u, t) = (Math.Sin(u * angle) / sine, Math.Sin(t * angle) / sine);
        }
        TryNormalize(u * a.W + t * b.W, u * a.X + t * b.X, u * a.Y + t * b.Y, u * a.Z + t * b.Z, out var between);
        return between;
    }
}
