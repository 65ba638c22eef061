using System.Numerics;
using MetricDepth.Export.Frames;
using MetricDepth.Export.Ply;
using MetricDepth.Geometry;

namespace MetricDepth.Export.PointClouds;

/// <summary>
/// Depth to points, a row at a time: <c>p = d · R (a, b, 1) + t</c> with a = (x − cx) / fx and b = (y − cy) / fy. What a row has in
/// common is calculated once in double precision; a point takes three multiplications and additions.
/// </summary>
/// <param name="camera">The camera of the depth.</param>
/// <param name="fields">What points carry beside their position.</param>
internal sealed class PointProjector(Intrinsics camera, VertexFields fields)
{
    private readonly float[] _columns = [.. Enumerable.Range(0, camera.Width).Select(x => (float)((x - camera.Cx) / camera.Fx))];
    private readonly SurfaceNormals? _normals = fields.HasFlag(VertexFields.Normal) ? new(camera) : null;

    /// <summary>What points carry beside their position.</summary>
    public VertexFields Fields => fields;

    /// <summary>Looks at a frame; its rows follow.</summary>
    public void Begin(ExportFrame frame) => _normals?.Begin(frame.Depth);

    /// <summary>Adds the points of a row, from left to right; pixels without depth make none.</summary>
    /// <param name="frame">The frame that <see cref="Begin"/> was given.</param>
    /// <param name="y">The row.</param>
    /// <param name="points">Receives them; it needs room for the whole row.</param>
    public void AddRow(ExportFrame frame, int y, PointBuffer points)
    {
        int width = camera.Width, first = points.Count;
        var depth = frame.Depth.AsSpan(y * width, width);
        var (r, t) = frame.Pose;
        double b = (y - camera.Cy) / camera.Fy;
        Project(depth, r.M00, b * r.M01 + r.M02, t.X, points.X.AsSpan(first, width));
        Project(depth, r.M10, b * r.M11 + r.M12, t.Y, points.Y.AsSpan(first, width));
        Project(depth, r.M20, b * r.M21 + r.M22, t.Z, points.Z.AsSpan(first, width));
        if (points.Color.Length > 0) frame.Color.AsSpan(y * width, width).CopyTo(points.Color.AsSpan(first));
        _normals?.Row(y, r, points.NormalX.AsSpan(first, width), points.NormalY.AsSpan(first, width), points.NormalZ.AsSpan(first, width));
        points.Count = first + Compact(depth, points, first);
    }

    private void Project(ReadOnlySpan<float> depth, double slope, double offset, double translation, Span<float> result)
    {
        int i = 0;
        var (s, o, t) = ((float)slope, (float)offset, (float)translation);
        for (; i + Vector<float>.Count <= depth.Length; i += Vector<float>.Count)
        {
            var d = new Vector<float>(depth[i..]);
            var a = new Vector<float>(_columns, i);
            ((a * s + new Vector<float>(o)) * d + new Vector<float>(t)).CopyTo(result[i..]);
        }
        for (; i < depth.Length; i++) result[i] = (_columns[i] * s + o) * depth[i] + t;
    }

    // Moves what has depth together, from the first pixel without depth on.
    private static int Compact(ReadOnlySpan<float> depth, PointBuffer points, int first)
    {
        int hole = depth.IndexOf(0f);
        if (hole < 0) return depth.Length;
        int kept = hole;
        Keep(depth, hole, points.X.AsSpan(first));
        Keep(depth, hole, points.Y.AsSpan(first));
        Keep(depth, hole, points.Z.AsSpan(first));
        Keep(depth, hole, points.NormalX.AsSpan(points.NormalX.Length > 0 ? first : 0));
        Keep(depth, hole, points.NormalY.AsSpan(points.NormalY.Length > 0 ? first : 0));
        Keep(depth, hole, points.NormalZ.AsSpan(points.NormalZ.Length > 0 ? first : 0));
        Keep(depth, hole, points.Color.AsSpan(points.Color.Length > 0 ? first : 0));
        for (int i = hole; i < depth.Length; i++)
            if (depth[i] > 0) kept++;
        return kept;
    }

    // Without a branch: which pixels have depth is as good as random to the processor.
    private static void Keep<T>(ReadOnlySpan<float> depth, int from, Span<T> values)
    {
        if (values.IsEmpty) return;
        for (int i = from, to = from; i < depth.Length; i++)
        {
            values[to] = values[i];
            to += depth[i] > 0 ? 1 : 0;
        }
    }
}
