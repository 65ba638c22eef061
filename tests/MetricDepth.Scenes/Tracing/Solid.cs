using MetricDepth.Geometry;
using MetricDepth.Scenes.Shading;

namespace MetricDepth.Scenes.Tracing;

/// <summary>The shapes; each fills the unit cube [-1, 1]³ of its own axes before it is stretched, turned and moved.</summary>
internal enum Shape
{
    /// <summary>A box seen from outside. Faces: −x, +x, −y, +y, −z, +z.</summary>
    Box,
    /// <summary>A box seen from inside.</summary>
    Room,
    /// <summary>A round bar along y. Faces: side, −y cap, +y cap.</summary>
    Cylinder,
    /// <summary>An ellipsoid.</summary>
    Ball,
}

/// <summary>One convex body of a scene.</summary>
internal sealed class Solid
{
    public required Shape Shape { get; init; }

    /// <summary>Centre at time 0, metres, world axes (x right, y down, z forward).</summary>
    public required Vector3 Center { get; init; }

    /// <summary>Half sizes along its own axes, metres.</summary>
    public required Vector3 Half { get; init; }

    /// <summary>Its axes as columns in the world.</summary>
    public Rotation Axes { get; init; } = Rotation.Identity;

    /// <summary>One material for all faces, or one for each.</summary>
    public required Material[] Materials { get; init; }

    /// <summary>The object it belongs to: 1..255.</summary>
    public required byte Object { get; init; }

    public bool CastsShadow { get; init; } = true;

    /// <summary>Where its centre is at a time in seconds, relative to time 0; null for a body at rest.</summary>
    public Func<double, Vector3>? Motion { get; init; }

    public LightMap[] Light { get; set; } = [];

    public int FaceCount => Shape switch { Shape.Ball => 1, Shape.Cylinder => 3, _ => 6 };

    public Vector3 CenterAt(double seconds) => Motion is null ? Center : Center + Motion(seconds);

    public Material MaterialOf(int face) => Materials[face < Materials.Length ? face : Materials.Length - 1];

    /// <summary>A world direction in own unit axes.</summary>
    public Vector3 ToUnit(Vector3 v)
    {
        var q = Axes.Transposed * v;
        return new(q.X / Half.X, q.Y / Half.Y, q.Z / Half.Z);
    }

    /// <summary>
    /// Exact distance along <c>o + t d</c> (own unit axes) to a face already known to be hit. Where rounding makes the ray just
    /// miss a round face, the point of closest approach stands in.
    /// </summary>
    public double Distance(int face, Vector3 o, Vector3 d)
    {
        switch (Shape)
        {
            case Shape.Box or Shape.Room:
                return face switch
                {
                    0 => (-1 - o.X) / d.X,
                    1 => (1 - o.X) / d.X,
                    2 => (-1 - o.Y) / d.Y,
                    3 => (1 - o.Y) / d.Y,
                    4 => (-1 - o.Z) / d.Z,
                    _ => (1 - o.Z) / d.Z,
                };
            case Shape.Cylinder when face > 0:
                return ((face == 1 ? -1 : 1) - o.Y) / d.Y;
            case Shape.Cylinder:
            {
                double a = d.X * d.X + d.Z * d.Z, cross = o.X * d.Z - o.Z * d.X;
                return (-(o.X * d.X + o.Z * d.Z) - Math.Sqrt(Math.Max(0, a - cross * cross))) / a;
            }
            default:
            {
                double a = Vector3.Dot(d, d);
                var cross = Vector3.Cross(o, d);
                return (-Vector3.Dot(o, d) - Math.Sqrt(Math.Max(0, a - Vector3.Dot(cross, cross)))) / a;
            }
        }
    }

    /// <summary>The surface at a point of a face, given in own unit axes.</summary>
    public SurfacePoint At(int face, Vector3 q)
    {
        Vector3 x = new(Axes.M00, Axes.M10, Axes.M20), y = new(Axes.M01, Axes.M11, Axes.M21), z = new(Axes.M02, Axes.M12, Axes.M22);
        switch (Shape)
        {
            case Shape.Box or Shape.Room:
            {
                double outward = (face & 1) == 0 ? -1 : 1;
                if (Shape == Shape.Room) outward = -outward;
                return (face >> 1) switch
                {
                    0 => new(x * outward, z, y, q.Z * Half.Z, q.Y * Half.Y, (q.Z + 1) / 2, (q.Y + 1) / 2, 2 * Half.Z, 2 * Half.Y),
                    1 => new(y * outward, x, z, q.X * Half.X, q.Z * Half.Z, (q.X + 1) / 2, (q.Z + 1) / 2, 2 * Half.X, 2 * Half.Z),
                    _ => new(z * outward, x, y, q.X * Half.X, q.Y * Half.Y, (q.X + 1) / 2, (q.Y + 1) / 2, 2 * Half.X, 2 * Half.Y),
                };
            }
            case Shape.Cylinder when face > 0:
                return new(y * (face == 1 ? -1 : 1), x, z, q.X * Half.X, q.Z * Half.Z, (q.X + 1) / 2, (q.Z + 1) / 2, 2 * Half.X, 2 * Half.Z);
            case Shape.Cylinder:
            {
                double angle = Math.Atan2(q.Z, q.X), r = (Half.X + Half.Z) / 2;
                var n = (x * (q.X / Half.X) + z * (q.Z / Half.Z)).Normalized;
                return new(n, Vector3.Cross(n, y), y, angle * r, q.Y * Half.Y, angle / (2 * Math.PI) + 0.5, (q.Y + 1) / 2, 2 * Math.PI * r, 2 * Half.Y);
            }
            default:
            {
                double angle = Math.Atan2(q.Z, q.X), lat = Math.Asin(Math.Clamp(q.Y, -1, 1)), r = (Half.X + Half.Z) / 2;
                var n = (x * (q.X / Half.X) + y * (q.Y / Half.Y) + z * (q.Z / Half.Z)).Normalized;
                var east = new Vector3(-Math.Sin(angle), 0, Math.Cos(angle));
                var u = x * east.X + z * east.Z;
                // towards the poles a step east covers more and more of the tile
                double squeeze = 1 / Math.Max(0.02, Math.Cos(lat));
                return new(n, u * squeeze, Vector3.Cross(u, n), angle * r, lat * Half.Y, angle / (2 * Math.PI) + 0.5, lat / Math.PI + 0.5,
                    2 * Math.PI * r, Math.PI * Half.Y);
            }
        }
    }

    /// <summary>The point in own unit axes at light-map coordinates s, t of a face.</summary>
    public Vector3 UnitPoint(int face, double s, double t)
    {
        double a = 2 * s - 1, b = 2 * t - 1, side = (face & 1) == 0 ? -1 : 1;
        switch (Shape)
        {
            case Shape.Box or Shape.Room:
                return (face >> 1) switch { 0 => new(side, b, a), 1 => new(a, side, b), _ => new(a, b, side) };
            case Shape.Cylinder when face > 0:
                return new(a, face == 1 ? -1 : 1, b);
            case Shape.Cylinder:
                return new(Math.Cos(a * Math.PI), b, Math.Sin(a * Math.PI));
            default:
                double lat = b * Math.PI / 2, c = Math.Cos(lat);
                return new(c * Math.Cos(a * Math.PI), Math.Sin(lat), c * Math.Sin(a * Math.PI));
        }
    }
}

/// <summary>A point on a surface: normal, directions in which u and v grow (per metre), u and v in metres, light-map place, face size in metres.</summary>
internal readonly record struct SurfacePoint(
    Vector3 Normal, Vector3 AlongU, Vector3 AlongV, double U, double V, double S, double T, double SizeU, double SizeV);
