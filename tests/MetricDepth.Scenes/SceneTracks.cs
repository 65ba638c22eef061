using System.Numerics;
using System.Runtime.Intrinsics;
using MetricDepth.Scenes.Tracing;

namespace MetricDepth.Scenes;

/// <summary>Where a surface point is in one frame.</summary>
/// <param name="X">Column, px; pixel centres are at integers.</param>
/// <param name="Y">Row, px.</param>
/// <param name="Depth">Along the optical axis, metres.</param>
/// <param name="Visible">In the picture and not hidden.</param>
public readonly record struct TrackedPoint(double X, double Y, double Depth, bool Visible);

/// <summary>Exact tracks of surface points.</summary>
public sealed class SceneTracks
{
    private readonly TrackedPoint[][] _frames;

    private SceneTracks(TrackedPoint[][] frames) => _frames = frames;

    /// <summary>Points followed.</summary>
    public int Count => _frames[0].Length;

    /// <summary>Frames followed through.</summary>
    public int FrameCount => _frames.Length;

    /// <summary>Where a point is in a frame.</summary>
    public TrackedPoint this[int frame, int point] => _frames[frame][point];

    internal static SceneTracks Follow(SceneView[] views, int gridStep, int origin)
    {
        var start = views[origin];
        var all = Enumerable.Range(0, start.Solids.Count).ToArray();
        var pixels = new List<Vector2>();
        for (int y = gridStep / 2; y < start.Camera.Height; y += gridStep)
            for (int x = gridStep / 2; x < start.Camera.Width; x += gridStep)
                if (Seen(start, all, x, y) >= 0) pixels.Add(new(x, y));
        return Follow(views, pixels, origin);
    }

    internal static SceneTracks Follow(SceneView[] views, IReadOnlyList<Vector2> pixels, int origin)
    {
        var start = views[origin];
        var all = Enumerable.Range(0, start.Solids.Count).ToArray();
        var points = pixels.Select(p => Surface(start, all, p)).ToArray();
        return new(views.Select(v => points.Select(p => Locate(v, all, p.Solid, p.InUnit)).ToArray()).ToArray());
    }

    private static (int Solid, Geometry.Vector3 InUnit) Surface(SceneView view, int[] all, Vector2 pixel)
    {
        int id = Seen(view, all, pixel.X, pixel.Y);
        if (id < 0) return (-1, default);
        var (o, d) = view.UnitRay(id >> 3, pixel.X, pixel.Y);
        return (id >> 3, o + d * view.Solids[id >> 3].Distance(id & 7, o, d));
    }

    private static TrackedPoint Locate(SceneView view, int[] all, int solid, Geometry.Vector3 inUnit)
    {
        if (solid < 0) return default;
        var s = view.Solids[solid];
        var world = s.CenterAt(view.Seconds) + s.Axes * new Geometry.Vector3(inUnit.X * s.Half.X, inUnit.Y * s.Half.Y, inUnit.Z * s.Half.Z);
        var p = view.CameraToWorld.Inverse * world;
        double x = view.Camera.Fx * p.X / p.Z + view.Camera.Cx, y = view.Camera.Fy * p.Y / p.Z + view.Camera.Cy;
        bool visible = p.Z > 0.01 && x >= 0 && y >= 0 && x <= view.Camera.Width - 1 && y <= view.Camera.Height - 1;
        if (visible)
        {
            int id = Seen(view, all, (float)x, (float)y);
            visible = id >> 3 == solid;
            if (visible)
            {
                var (o, d) = view.UnitRay(solid, x, y);
                visible = Math.Abs(s.Distance(id & 7, o, d) - p.Z) < 1e-3 * p.Z;
            }
        }
        return new(x, y, p.Z, visible);
    }

    private static int Seen(SceneView view, int[] all, float x, float y) => view.Trace(all, Vector256.Create(x), Vector256.Create(y), x, x)[0];
}
