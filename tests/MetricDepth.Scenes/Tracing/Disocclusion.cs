using System.Runtime.Intrinsics;
using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Scenes.Tracing;

/// <summary>Finds exactly what one view sees and another does not, by a second ray to each point.</summary>
internal static class Disocclusion
{
    // The second ray may meet the same face a little nearer or farther, by rounding; other faces are farther off.
    private const double SamePoint = 1e-3;

    /// <summary>255 where <paramref name="viewer"/> sees at a pixel's centre what <paramref name="source"/> does not, else 0.</summary>
    public static Plane<byte> Find(SceneView source, SceneView viewer, Pose viewerToSource)
    {
        var camera = source.Camera;
        var hidden = new Plane<byte>(camera.Width, camera.Height);
        Parallel.For(0, camera.Height, y => Row(source, viewer, viewerToSource, y, hidden.Row(y)));
        return hidden;
    }

    private static void Row(SceneView source, SceneView viewer, Pose viewerToSource, int y, Span<byte> hidden)
    {
        var camera = source.Camera;
        Span<int> all = stackalloc int[viewer.Solids.Count], candidates = stackalloc int[viewer.Solids.Count];
        for (int i = 0; i < all.Length; i++) all[i] = i;
        candidates = candidates[..viewer.Candidates(y, y, candidates)];
        Span<float> u = stackalloc float[8], v = stackalloc float[8], z = stackalloc float[8];
        for (int x = 0; x < hidden.Length; x += 8)
        {
            var column = Vector256.Create((float)x) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
            var seen = viewer.Trace(candidates, column, Vector256.Create((float)y), x, x + 7);
            u.Clear();
            v.Clear();
            z.Clear();
            for (int i = 0; i < 8; i++)
            {
                int id = seen.GetElement(i);
                if (id < 0) continue;
                var (o, d) = viewer.UnitRay(id >> 3, x + i, y);
                double t = viewer.Solids[id >> 3].Distance(id & 7, o, d);
                var p = viewerToSource * (new Vector3((x + i - camera.Cx) / camera.Fx, (y - camera.Cy) / camera.Fy, 1) * t);
                u[i] = (float)(camera.Fx * p.X / p.Z + camera.Cx);
                v[i] = (float)(camera.Fy * p.Y / p.Z + camera.Cy);
                z[i] = (float)p.Z;
            }
            float left = float.MaxValue, right = float.MinValue;
            foreach (float at in u) (left, right) = (Math.Min(left, at), Math.Max(right, at));
            var found = source.Trace(all, Vector256.Create<float>(u), Vector256.Create<float>(v), left, right);
            for (int i = 0; i < 8 && x + i < hidden.Length; i++)
            {
                int id = found.GetElement(i);
                bool inside = z[i] > 0 && u[i] >= -0.5f && v[i] >= -0.5f && u[i] < camera.Width - 0.5f && v[i] < camera.Height - 0.5f;
                bool same = false;
                if (inside && id >= 0)
                {
                    var (o, d) = source.UnitRay(id >> 3, u[i], v[i]);
                    same = Math.Abs(source.Solids[id >> 3].Distance(id & 7, o, d) - z[i]) < SamePoint * z[i];
                }
                hidden[x + i] = same ? (byte)0 : byte.MaxValue;
            }
        }
    }
}
