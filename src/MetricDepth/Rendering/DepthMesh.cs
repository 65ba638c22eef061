using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// The surface through the pixels of a depth frame: two triangles a cell, split from its upper left to its lower right corner.
/// A triangle needs depth at all three corners.
/// </summary>
/// <param name="camera">The camera of the depth frame.</param>
internal sealed class DepthMesh(Intrinsics camera)
{
    // A normal further from the view ray than this belongs to a depth edge, not to a surface.
    private static readonly double SteepCosineSquared = Math.Pow(Math.Cos(StereoGeometry.SteepestDegrees * Math.PI / 180), 2);

    /// <summary>The point seen at a pixel, in the camera's axes (x right, y down, z forward), metres.</summary>
    public Vector3 Point(int x, int y, double depth) =>
        new((x - camera.Cx) / camera.Fx * depth, (y - camera.Cy) / camera.Fy * depth, depth);

    /// <summary>Marks the pixels that are a corner of at least one triangle within 85° of the view ray through its middle.</summary>
    /// <param name="depth">Depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="kept">Receives true for such pixels; as long as <paramref name="depth"/>.</param>
    public void MarkSurface(ReadOnlySpan<float> depth, Span<bool> kept)
    {
        kept[..depth.Length].Clear();
        for (int y = 0; y + 1 < camera.Height; y++)
            for (int x = 0; x + 1 < camera.Width; x++)
            {
                var triangles = TrianglesAt(depth, x, y, withoutSteep: true);
                if (triangles == CellTriangles.None) continue;
                int a = y * camera.Width + x, b = a + 1, c = a + camera.Width, d = c + 1;
                kept[a] = kept[d] = true;
                if (triangles.HasFlag(CellTriangles.UpperRight)) kept[b] = true;
                if (triangles.HasFlag(CellTriangles.LowerLeft)) kept[c] = true;
            }
    }

    /// <summary>The triangles that a cell has.</summary>
    /// <param name="depth">Depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="x">Column of its upper left corner, not the last one.</param>
    /// <param name="y">Row of its upper left corner, not the last one.</param>
    /// <param name="withoutSteep">Leave out those steeper than 85° to the view ray through their middle.</param>
    public CellTriangles TrianglesAt(ReadOnlySpan<float> depth, int x, int y, bool withoutSteep)
    {
        int a = y * camera.Width + x, b = a + 1, c = a + camera.Width, d = c + 1;
        if (depth[a] <= 0 || depth[d] <= 0) return CellTriangles.None;
        var found = (depth[b] > 0 ? CellTriangles.UpperRight : 0) | (depth[c] > 0 ? CellTriangles.LowerLeft : 0);
        if (!withoutSteep || found == CellTriangles.None) return found;
        Vector3 upperLeft = Point(x, y, depth[a]), lowerRight = Point(x + 1, y + 1, depth[d]);
        if (depth[b] > 0 && !IsSurface(upperLeft, Point(x + 1, y, depth[b]), lowerRight)) found &= ~CellTriangles.UpperRight;
        if (depth[c] > 0 && !IsSurface(upperLeft, lowerRight, Point(x, y + 1, depth[c]))) found &= ~CellTriangles.LowerLeft;
        return found;
    }

    private static bool IsSurface(Vector3 a, Vector3 b, Vector3 c)
    {
        Vector3 normal = Vector3.Cross(b - a, c - a), ray = a + b + c;
        double along = Vector3.Dot(normal, ray);
        return along * along >= SteepCosineSquared * Vector3.Dot(normal, normal) * Vector3.Dot(ray, ray);
    }
}
