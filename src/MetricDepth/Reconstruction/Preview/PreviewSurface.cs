using System.Numerics;
using MetricDepth.Export.Meshes;

namespace MetricDepth.Reconstruction.Preview;

/// <summary>A mesh as the preview draws it: with a normal at each vertex, whoever made it.</summary>
internal sealed class PreviewSurface
{
    // where nothing says a colour: light enough that its shading is seen
    private const uint Plaster = 0xC8C8C8;

    private readonly TriangleMesh _mesh;
    private readonly float[]? _normals;

    /// <summary>Takes a mesh; it must not change any more.</summary>
    public PreviewSurface(TriangleMesh mesh)
    {
        _mesh = mesh;
        if (mesh.Normals.Length != mesh.Positions.Length) _normals = NormalsOf(mesh);
    }

    /// <summary>Vertices.</summary>
    public int VertexCount => _mesh.VertexCount;

    /// <summary>x, y, z of each vertex, m; V×3.</summary>
    public ReadOnlySpan<float> Positions => _mesh.Positions;

    /// <summary>Unit normal of each vertex (zero where there is none); V×3.</summary>
    public ReadOnlySpan<float> Normals => _normals is null ? _mesh.Normals : _normals;

    /// <summary>Vertex numbers of each triangle, counter-clockwise seen from its front; T×3.</summary>
    public ReadOnlySpan<int> Triangles => _mesh.Triangles;

    /// <summary>Whether vertices have colours of their own.</summary>
    public bool IsColored => _mesh.Colors.Length == VertexCount && VertexCount > 0;

    /// <summary>The colour of a vertex, BGR0.</summary>
    public uint ColorOf(int vertex) => IsColored ? _mesh.Colors[vertex] : Plaster;

    /// <summary>Twice the area of a triangle along its normal, m²: the cross product of two sides, which points to the side it faces.</summary>
    public static Vector3 DoubleArea(ReadOnlySpan<float> positions, ReadOnlySpan<int> triangle)
    {
        var a = new Vector3(positions.Slice(3 * triangle[0], 3));
        return Vector3.Cross(new Vector3(positions.Slice(3 * triangle[1], 3)) - a, new Vector3(positions.Slice(3 * triangle[2], 3)) - a);
    }

    // the mean of the triangles round a vertex, weighted by area
    private static float[] NormalsOf(TriangleMesh mesh)
    {
        var positions = mesh.Positions;
        var triangles = mesh.Triangles;
        var normals = new float[positions.Length];
        for (int t = 0; t < triangles.Length; t += 3)
        {
            var area = DoubleArea(positions, triangles.Slice(t, 3));
            foreach (int v in triangles.Slice(t, 3))
            {
                var at = normals.AsSpan(3 * v, 3);
                (new Vector3(at) + area).CopyTo(at);
            }
        }
        for (int v = 0; v < normals.Length; v += 3)
        {
            var n = new Vector3(normals.AsSpan(v, 3));
            if (n.LengthSquared() > 0) Vector3.Normalize(n).CopyTo(normals.AsSpan(v, 3));
        }
        return normals;
    }
}
