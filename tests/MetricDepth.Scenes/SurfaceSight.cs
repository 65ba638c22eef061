using System.Numerics;
using System.Runtime.Intrinsics;
using MetricDepth.Scenes.Tracing;

namespace MetricDepth.Scenes;

/// <summary>What is seen at one place of a picture.</summary>
/// <param name="Depth">Along the optical axis, metres; 0 where nothing is seen.</param>
/// <param name="Object">An index into <see cref="Scene.Objects"/>.</param>
/// <param name="Moves">Whether that body moves by itself.</param>
public readonly record struct SurfaceSight(float Depth, byte Object, bool Moves)
{
    internal static SurfaceSight[] Find(SceneView view, ReadOnlySpan<Vector2> places)
    {
        var all = Enumerable.Range(0, view.Solids.Count).ToArray();
        var found = new SurfaceSight[places.Length];
        Span<float> x = stackalloc float[8], y = stackalloc float[8];
        for (int first = 0; first < places.Length; first += 8)
        {
            int n = Math.Min(8, places.Length - first);
            for (int i = 0; i < 8; i++) (x[i], y[i]) = (places[first + Math.Min(i, n - 1)].X, places[first + Math.Min(i, n - 1)].Y);
            float left = x[0], right = x[0];
            foreach (float at in x) (left, right) = (Math.Min(left, at), Math.Max(right, at));
            var ids = view.Trace(all, Vector256.Create<float>(x), Vector256.Create<float>(y), left, right);
            for (int i = 0; i < n; i++)
            {
                if (ids[i] < 0) continue;
                var solid = view.Solids[ids[i] >> 3];
                var (o, d) = view.UnitRay(ids[i] >> 3, x[i], y[i]);
                found[first + i] = new((float)solid.Distance(ids[i] & 7, o, d), solid.Object, solid.Motion is not null);
            }
        }
        return found;
    }
}
