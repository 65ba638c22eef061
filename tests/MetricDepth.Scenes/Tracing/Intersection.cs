using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace MetricDepth.Scenes.Tracing;

/// <summary>Eight rays against one unit shape at once. A convex body is the stretch [near, far] of the ray that lies inside it.</summary>
internal static class Intersection
{
    /// <summary>Where rays <c>o + t d</c> (unit axes) meet the shape; <paramref name="t"/> is infinite where they do not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Find(Shape shape, V ox, V oy, V oz, V dx, V dy, V dz, out V t, out Vector256<int> face)
    {
        var one = V.One;
        V near, far;
        switch (shape)
        {
            case Shape.Box:
            {
                Slab(ox, dx, out var nx, out var fx);
                Slab(oy, dy, out var ny, out var fy);
                Slab(oz, dz, out var nz, out var fz);
                near = Vector256.Max(nx, Vector256.Max(ny, nz));
                far = Vector256.Min(fx, Vector256.Min(fy, fz));
                var axis = Vector256.ConditionalSelect(Vector256.Equals(near, nx), Positive(dx, 1, 0),
                    Vector256.ConditionalSelect(Vector256.Equals(near, ny), Positive(dy, 3, 2), Positive(dz, 5, 4)));
                // entering through the face that looks against the ray
                face = (axis.AsInt32() ^ Vector256<int>.One);
                break;
            }
            case Shape.Room:
            {
                Slab(ox, dx, out _, out var fx);
                Slab(oy, dy, out _, out var fy);
                Slab(oz, dz, out _, out var fz);
                t = Vector256.Min(fx, Vector256.Min(fy, fz));
                face = Vector256.ConditionalSelect(Vector256.Equals(t, fx), Positive(dx, 1, 0),
                    Vector256.ConditionalSelect(Vector256.Equals(t, fy), Positive(dy, 3, 2), Positive(dz, 5, 4))).AsInt32();
                return;
            }
            case Shape.Cylinder:
            {
                var a = dx * dx + dz * dz;
                var b = ox * dx + oz * dz;
                var cross = ox * dz - oz * dx;
                var disc = a - cross * cross;
                var root = Vector256.Sqrt(Vector256.Max(disc, V.Zero));
                var inv = one / a;
                var n0 = (-b - root) * inv;
                Slab(oy, dy, out var ny, out var fy);
                near = Vector256.Max(n0, ny);
                far = Vector256.Min((root - b) * inv, fy);
                far = Vector256.ConditionalSelect(Vector256.LessThan(disc, V.Zero), Vector256.Create(float.NegativeInfinity), far);
                face = Vector256.ConditionalSelect(Vector256.Equals(near, n0), V.Zero, Positive(dy, 1, 2)).AsInt32();
                break;
            }
            default:
            {
                var a = dx * dx + dy * dy + dz * dz;
                var b = ox * dx + oy * dy + oz * dz;
                var cx = oy * dz - oz * dy;
                var cy = oz * dx - ox * dz;
                var cz = ox * dy - oy * dx;
                var disc = a - (cx * cx + cy * cy + cz * cz);
                var root = Vector256.Sqrt(Vector256.Max(disc, V.Zero));
                near = (-b - root) / a;
                far = Vector256.ConditionalSelect(Vector256.LessThan(disc, V.Zero), Vector256.Create(float.NegativeInfinity), (root - b) / a);
                face = Vector256<int>.Zero;
                break;
            }
        }
        var hit = Vector256.LessThanOrEqual(near, far) & Vector256.GreaterThan(near, Vector256.Create(1e-4f));
        t = Vector256.ConditionalSelect(hit, near, Vector256.Create(float.PositiveInfinity));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Slab(V o, V d, out V near, out V far)
    {
        var inv = V.One / d;
        var a = (-V.One - o) * inv;
        var b = (V.One - o) * inv;
        near = Vector256.Min(a, b);
        far = Vector256.Max(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Positive(V d, int yes, int no) => Vector256.ConditionalSelect(
        Vector256.GreaterThan(d, V.Zero), Vector256.Create(yes).AsSingle(), Vector256.Create(no).AsSingle());
}
