using System.Runtime.Intrinsics;
using MetricDepth.Geometry;
using V = System.Runtime.Intrinsics.Vector256<float>;

namespace MetricDepth.Scenes.Tracing;

/// <summary>
/// The solids as one camera sees them at one moment. In a solid's unit axes the ray of pixel (x, y) is <c>o + t (A x + B y + C)</c>,
/// and t is the depth along the optical axis, because the camera's rays have z = 1.
/// </summary>
internal sealed class SceneView
{
    public const int NoFace = -1;
    private readonly Entry[] _entries;

    public SceneView(IReadOnlyList<Solid> solids, Pose cameraToWorld, Intrinsics camera, double seconds)
    {
        Solids = solids;
        CameraToWorld = cameraToWorld;
        Camera = camera;
        Seconds = seconds;
        _entries = new Entry[solids.Count];
        var r = cameraToWorld.Rotation;
        var worldToCamera = cameraToWorld.Inverse;
        for (int i = 0; i < solids.Count; i++)
        {
            var s = solids[i];
            var center = s.CenterAt(seconds);
            var (x0, x1, y0, y1) = Bounds(s, center, worldToCamera, camera);
            _entries[i] = new(s.Shape, s.ToUnit(cameraToWorld.Translation - center),
                s.ToUnit(r * new Vector3(1 / camera.Fx, 0, 0)), s.ToUnit(r * new Vector3(0, 1 / camera.Fy, 0)),
                s.ToUnit(r * new Vector3(-camera.Cx / camera.Fx, -camera.Cy / camera.Fy, 1)), x0, x1, y0, y1);
        }
    }

    public IReadOnlyList<Solid> Solids { get; }

    public Pose CameraToWorld { get; }

    public Intrinsics Camera { get; }

    public double Seconds { get; }

    /// <summary>Fills <paramref name="found"/> with the solids that may be seen between two rows.</summary>
    public int Candidates(double top, double bottom, Span<int> found)
    {
        int n = 0;
        for (int i = 0; i < _entries.Length; i++)
            if (_entries[i].Y0 <= bottom && _entries[i].Y1 >= top) found[n++] = i;
        return n;
    }

    /// <summary>The nearest face at eight places of the picture (px); id = 8 · solid + face, or <see cref="NoFace"/>.</summary>
    public Vector256<int> Trace(ReadOnlySpan<int> candidates, V x, V y, float left, float right)
    {
        var best = Vector256.Create(float.PositiveInfinity);
        var id = Vector256.Create(NoFace);
        foreach (int i in candidates)
        {
            ref readonly var e = ref _entries[i];
            if (e.X0 > right || e.X1 < left) continue;
            var dx = V.One * e.Ax * x + (Vector256.Create(e.Bx) * y + Vector256.Create(e.Cx));
            var dy = V.One * e.Ay * x + (Vector256.Create(e.By) * y + Vector256.Create(e.Cy));
            var dz = V.One * e.Az * x + (Vector256.Create(e.Bz) * y + Vector256.Create(e.Cz));
            Intersection.Find(e.Shape, Vector256.Create(e.Ox), Vector256.Create(e.Oy), Vector256.Create(e.Oz), dx, dy, dz, out var t, out var face);
            var nearer = Vector256.LessThan(t, best);
            best = Vector256.ConditionalSelect(nearer, t, best);
            id = Vector256.ConditionalSelect(nearer.AsInt32(), face + Vector256.Create(8 * i), id);
        }
        return id;
    }

    /// <summary>The ray of a place in the picture in a solid's unit axes.</summary>
    public (Vector3 Origin, Vector3 Direction) UnitRay(int solid, double x, double y)
    {
        ref readonly var e = ref _entries[solid];
        return (e.Origin, e.PerX * x + e.PerY * y + e.Rest);
    }

    /// <summary>The ray's direction in the world; z = 1 in the camera.</summary>
    public Vector3 Ray(double x, double y) =>
        CameraToWorld.Rotation * new Vector3((x - Camera.Cx) / Camera.Fx, (y - Camera.Cy) / Camera.Fy, 1);

    private static (float X0, float X1, float Y0, float Y1) Bounds(Solid s, Vector3 center, Pose worldToCamera, Intrinsics camera)
    {
        double x0 = double.PositiveInfinity, x1 = double.NegativeInfinity, y0 = x0, y1 = x1;
        int behind = 0;
        for (int i = 0; i < 8; i++)
        {
            var corner = new Vector3((i & 1) == 0 ? -s.Half.X : s.Half.X, (i & 2) == 0 ? -s.Half.Y : s.Half.Y, (i & 4) == 0 ? -s.Half.Z : s.Half.Z);
            var p = worldToCamera * (center + s.Axes * corner);
            if (p.Z < 0.02)
            {
                behind++;
                continue;
            }
            double x = camera.Fx * p.X / p.Z + camera.Cx, y = camera.Fy * p.Y / p.Z + camera.Cy;
            x0 = Math.Min(x0, x);
            x1 = Math.Max(x1, x);
            y0 = Math.Min(y0, y);
            y1 = Math.Max(y1, y);
        }
        // none of it can be seen; or it reaches past the camera, and then it may be anywhere
        if (behind == 8) return (float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity);
        if (behind > 0) return (float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity);
        return ((float)x0 - 1, (float)x1 + 1, (float)y0 - 1, (float)y1 + 1);
    }

    private readonly struct Entry(Shape shape, Vector3 o, Vector3 a, Vector3 b, Vector3 c, float x0, float x1, float y0, float y1)
    {
        public readonly Shape Shape = shape;
        public readonly float Ox = (float)o.X, Oy = (float)o.Y, Oz = (float)o.Z, Ax = (float)a.X, Ay = (float)a.Y, Az = (float)a.Z;
        public readonly float Bx = (float)b.X, By = (float)b.Y, Bz = (float)b.Z, Cx = (float)c.X, Cy = (float)c.Y, Cz = (float)c.Z;
        public readonly float X0 = x0, X1 = x1, Y0 = y0, Y1 = y1;
        public readonly Vector3 Origin = o, PerX = a, PerY = b, Rest = c;
    }
}
