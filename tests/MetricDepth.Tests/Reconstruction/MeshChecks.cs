using System.Runtime.InteropServices;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using Xunit;

namespace MetricDepth.Tests.Reconstruction;

/// <summary>What tests ask of a mesh.</summary>
internal static class MeshChecks
{
    public static IEnumerable<Vector3> Vertices(this TriangleMesh mesh) => Enumerable.Range(0, mesh.VertexCount).Select(v => At(mesh.Positions, v));

    public static IEnumerable<Vector3> VertexNormals(this TriangleMesh mesh) => Enumerable.Range(0, mesh.VertexCount).Select(v => At(mesh.Normals, v));

    /// <summary>Corners of each triangle.</summary>
    public static IEnumerable<(Vector3 A, Vector3 B, Vector3 C)> Faces(this TriangleMesh mesh)
    {
        for (int t = 0; t < mesh.TriangleCount; t++) yield return (Corner(mesh, 3 * t), Corner(mesh, 3 * t + 1), Corner(mesh, 3 * t + 2));
    }

    /// <summary>Each edge is run along exactly once in each direction: no holes, no edge where more than two triangles meet, one orientation.</summary>
    public static void AssertClosed(ReadOnlySpan<int> triangles)
    {
        var uses = new Dictionary<(int From, int To), int>();
        for (int i = 0; i < triangles.Length; i++)
            CollectionsMarshal.GetValueRefOrAddDefault(uses, (triangles[i], triangles[i % 3 == 2 ? i - 2 : i + 1]), out _)++;
        foreach (var (edge, count) in uses)
        {
            Assert.Equal(1, count);
            Assert.True(uses.ContainsKey((edge.To, edge.From)), $"edge {edge} has a triangle on one side only");
        }
    }

    private static Vector3 Corner(TriangleMesh mesh, int corner) => At(mesh.Positions, mesh.Triangles[corner]);

    private static Vector3 At(ReadOnlySpan<float> of, int v) => new(of[3 * v], of[3 * v + 1], of[3 * v + 2]);
}
