using System.Numerics;
using MetricDepth.Geometry;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>
/// The poses from which three points are seen in three directions: Grunert's quartic, as in Haralick et al., "Review and analysis of
/// solutions of the three point perspective pose estimation problem", IJCV 1994. Serves as a start only, so nothing is polished.
/// </summary>
internal static class ThreePointPose
{
    /// <summary>Most solutions that there are.</summary>
    public const int MaxSolutions = 4;

    /// <summary>Solves.</summary>
    /// <param name="world">Three points in the world.</param>
    /// <param name="rays">Directions in which the camera sees them, of any length.</param>
    /// <param name="poses">Room for <see cref="MaxSolutions"/> poses, camera to world.</param>
    /// <returns>How many there are.</returns>
    public static int Solve(ReadOnlySpan<Vector3> world, ReadOnlySpan<Vector3> rays, Span<Pose> poses)
    {
        Vector3 f1 = rays[0].Normalized, f2 = rays[1].Normalized, f3 = rays[2].Normalized;
        double a2 = Square(world[1] - world[2]), b2 = Square(world[0] - world[2]), c2 = Square(world[0] - world[1]);
        if (!(a2 > 0) || !(b2 > 0) || !(c2 > 0)) return 0;
        double ca = Vector3.Dot(f2, f3), cb = Vector3.Dot(f1, f3), cg = Vector3.Dot(f1, f2);
        double d = (a2 - c2) / b2, s = (a2 + c2) / b2, c = c2 / b2, a = a2 / b2;
        Span<double> polynomial =
        [
            (1 + d) * (1 + d) - 4 * a * cg * cg,
            4 * (-d * (1 + d) * cb + 2 * a * cg * cg * cb - (1 - s) * ca * cg),
            2 * (d * d - 1 + 2 * d * d * cb * cb + 2 * (1 - c) * ca * ca - 4 * s * ca * cb * cg + 2 * (1 - a) * cg * cg),
            4 * (d * (1 - d) * cb - (1 - s) * ca * cg + 2 * c * ca * ca * cb),
            (d - 1) * (d - 1) - 4 * c * ca * ca,
        ];
        Span<double> roots = stackalloc double[MaxSolutions];
        int found = 0, count = PositiveRoots(polynomial, roots);
        for (int i = 0; i < count; i++)
        {
            double v = roots[i], below = 2 * (cg - v * ca), along = 1 + v * v - 2 * v * cb;
            if (Math.Abs(below) < 1e-9 || !(along > 1e-12)) continue;
            double u = ((d - 1) * v * v - 2 * d * cb * v + 1 + d) / below, s1 = Math.Sqrt(b2 / along);
            if (!(u > 0)) continue;
            Vector3 y1 = f1 * s1, y2 = f2 * (u * s1), y3 = f3 * (v * s1);
            if (!TryFrame(y1, y2, y3, out var camera) || !TryFrame(world[0], world[1], world[2], out var place)) continue;
            var rotation = place * camera.Transposed;
            poses[found++] = new(rotation, world[0] - rotation * y1);
        }
        return found;
    }

    private static double Square(Vector3 x) => Vector3.Dot(x, x);

    // axes that three points span, as columns
    private static bool TryFrame(Vector3 p, Vector3 q, Vector3 r, out Rotation frame)
    {
        var x = q - p;
        var z = Vector3.Cross(x, r - p);
        frame = Rotation.Identity;
        // thinner than a thousandth: no telling how it is turned about its long side
        if (!(z.Length > 1e-3 * x.Length * (r - p).Length)) return false;
        x = x.Normalized;
        z = z.Normalized;
        var y = Vector3.Cross(z, x);
        frame = new(x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z);
        return true;
    }

    // all four roots at once (Durand 1960, Kerner 1966)
    private static int PositiveRoots(ReadOnlySpan<double> polynomial, Span<double> roots)
    {
        double lead = polynomial[4];
        if (!(Math.Abs(lead) > 1e-12)) return 0;
        Span<Complex> z = stackalloc Complex[4];
        Complex seed = new(0.4, 0.9);
        z[0] = Complex.One;
        for (int i = 1; i < 4; i++) z[i] = z[i - 1] * seed;
        for (int round = 0; round < 60; round++)
        {
            double change = 0;
            for (int i = 0; i < 4; i++)
            {
                Complex value = polynomial[4], others = lead;
                for (int k = 3; k >= 0; k--) value = value * z[i] + polynomial[k];
                for (int j = 0; j < 4; j++)
                    if (j != i) others *= z[i] - z[j];
                if (others == Complex.Zero) continue;
                var step = value / others;
                z[i] -= step;
                change = Math.Max(change, Math.Abs(step.Real) + Math.Abs(step.Imaginary));
            }
            if (change < 1e-12) break;
        }
        int count = 0;
        foreach (var root in z)
            // double roots come out as pairs a little off the real axis
            if (root.Real > 0 && double.IsFinite(root.Real) && Math.Abs(root.Imaginary) < 1e-4 * (1 + root.Real)) roots[count++] = root.Real;
        return count;
    }
}
