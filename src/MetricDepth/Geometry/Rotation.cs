namespace MetricDepth.Geometry;

/// <summary>A rotation as a row-major 3×3 orthonormal matrix.</summary>
/// <param name="M00">Row 0, column 0.</param><param name="M01">Row 0, column 1.</param><param name="M02">Row 0, column 2.</param>
/// <param name="M10">Row 1, column 0.</param><param name="M11">Row 1, column 1.</param><param name="M12">Row 1, column 2.</param>
/// <param name="M20">Row 2, column 0.</param><param name="M21">Row 2, column 1.</param><param name="M22">Row 2, column 2.</param>
public readonly record struct Rotation(
    double M00, double M01, double M02, double M10, double M11, double M12, double M20, double M21, double M22)
{
    /// <summary>No rotation.</summary>
    public static Rotation Identity => new(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /// <summary>The inverse rotation.</summary>
    public Rotation Transposed => new(M00, M10, M20, M01, M11, M21, M02, M12, M22);

    /// <summary>The rotation angle, radians, 0..π.</summary>
    public double Angle => Math.Acos(Math.Clamp((M00 + M11 + M22 - 1) / 2, -1, 1));

    /// <summary>The same without the rounding errors of many products: rows at right angles and of length 1 (Gram-Schmidt).</summary>
    public Rotation Orthonormalised
    {
        get
        {
            var x = new Vector3(M00, M01, M02).Normalized;
            var y = new Vector3(M10, M11, M12);
            y = (y - x * Vector3.Dot(x, y)).Normalized;
            var z = Vector3.Cross(x, y);
            return new(x.X, x.Y, x.Z, y.X, y.Y, y.Z, z.X, z.Y, z.Z);
        }
    }

    /// <summary>Rotates a vector.</summary>
    public static Vector3 operator *(Rotation r, Vector3 v) => new(
        r.M00 * v.X + r.M01 * v.Y + r.M02 * v.Z,
        r.M10 * v.X + r.M11 * v.Y + r.M12 * v.Z,
        r.M20 * v.X + r.M21 * v.Y + r.M22 * v.Z);

    /// <summary>The rotation that applies <paramref name="b"/> first, then <paramref name="a"/>.</summary>
    public static Rotation operator *(Rotation a, Rotation b) => new(
        a.M00 * b.M00 + a.M01 * b.M10 + a.M02 * b.M20, a.M00 * b.M01 + a.M01 * b.M11 + a.M02 * b.M21, a.M00 * b.M02 + a.M01 * b.M12 + a.M02 * b.M22,
        a.M10 * b.M00 + a.M11 * b.M10 + a.M12 * b.M20, a.M10 * b.M01 + a.M11 * b.M11 + a.M12 * b.M21, a.M10 * b.M02 + a.M11 * b.M12 + a.M12 * b.M22,
        a.M20 * b.M00 + a.M21 * b.M10 + a.M22 * b.M20, a.M20 * b.M01 + a.M21 * b.M11 + a.M22 * b.M21, a.M20 * b.M02 + a.M21 * b.M12 + a.M22 * b.M22);

    /// <summary>The rotation of a rotation vector (axis times angle in radians): Rodrigues' formula, the exponential map of SO(3).</summary>
    public static Rotation Exp(Vector3 w)
    {
        double t2 = Vector3.Dot(w, w), t = Math.Sqrt(t2);
        double a = t2 < 1e-12 ? 1 - t2 / 6 : Math.Sin(t) / t, b = t2 < 1e-12 ? 0.5 - t2 / 24 : (1 - Math.Cos(t)) / t2;
        return new(
            1 - b * (w.Y * w.Y + w.Z * w.Z), b * w.X * w.Y - a * w.Z, b * w.X * w.Z + a * w.Y,
            b * w.X * w.Y + a * w.Z, 1 - b * (w.X * w.X + w.Z * w.Z), b * w.Y * w.Z - a * w.X,
            b * w.X * w.Z - a * w.Y, b * w.Y * w.Z + a * w.X, 1 - b * (w.X * w.X + w.Y * w.Y));
    }

    /// <summary>The rows alone; the compiler's version would print <see cref="Transposed"/> of <see cref="Transposed"/> without end.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"[{M00}, {M01}, {M02}; {M10}, {M11}, {M12}; {M20}, {M21}, {M22}]");
}
