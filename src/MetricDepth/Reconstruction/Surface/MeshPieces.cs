using MetricDepth.Export.Meshes;

namespace MetricDepth.Reconstruction.Surface;

/// <summary>The connected pieces of a mesh, by union and find (Tarjan, "Efficiency of a Good But Not Linear Set Union Algorithm", 1975).</summary>
internal static class MeshPieces
{
    // Some milliseconds' work; a multiple of 3, as numbers of corners are.
    private const int Stretch = 3 << 16;

    /// <summary>Leaves out pieces with fewer triangles; order is kept.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="minTriangles">The least number of triangles that stays.</param>
    /// <param name="cancellation">Stops the work; the mesh cannot be used after that.</param>
    public static void RemoveSmall(TriangleMesh mesh, int minTriangles, CancellationToken cancellation)
    {
        var triangles = mesh.WritableTriangles;
        var root = new int[mesh.VertexCount];
        for (int v = 0; v < root.Length; v++) root[v] = v;
        for (int t = 0; t < triangles.Length; t += 3)
        {
            if (t % Stretch == 0) cancellation.ThrowIfCancellationRequested();
            Join(root, triangles[t], triangles[t + 1]);
            Join(root, triangles[t], triangles[t + 2]);
        }
        var counts = new int[root.Length];
        for (int t = 0; t < triangles.Length; t += 3)
        {
            if (t % Stretch == 0) cancellation.ThrowIfCancellationRequested();
            counts[Find(root, triangles[t])]++;
        }
        int kept = 0;
        for (int t = 0; t < triangles.Length; t += 3)
        {
            if (t % Stretch == 0) cancellation.ThrowIfCancellationRequested();
            if (counts[Find(root, triangles[t])] < minTriangles) continue;
            triangles.Slice(t, 3).CopyTo(triangles[(3 * kept++)..]);
        }
        int vertices = 0;
        Span<float> positions = mesh.WritablePositions, normals = mesh.WritableNormals;
        var colors = mesh.WritableColors;
        bool hasColor = colors.Length > 0;
        var moved = new int[root.Length];
        for (int v = 0; v < root.Length; v++)
        {
            if (v % Stretch == 0) cancellation.ThrowIfCancellationRequested();
            if (counts[Find(root, v)] < minTriangles) continue;
            positions.Slice(3 * v, 3).CopyTo(positions[(3 * vertices)..]);
            normals.Slice(3 * v, 3).CopyTo(normals[(3 * vertices)..]);
            if (hasColor) colors[vertices] = colors[v];
            moved[v] = vertices++;
        }
        foreach (ref int v in triangles[..(3 * kept)]) v = moved[v];
        mesh.SetCounts(vertices, kept, hasColor);
    }

    private static void Join(int[] root, int a, int b)
    {
        (a, b) = (Find(root, a), Find(root, b));
        root[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Find(int[] root, int v)
    {
        while (root[v] != v) v = root[v] = root[root[v]];
        return v;
    }
}
