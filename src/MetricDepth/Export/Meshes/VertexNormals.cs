using System.Runtime.InteropServices;

namespace MetricDepth.Export.Meshes;

/// <summary>Normals of vertices: the mean of those of the triangles around one, weighted by their areas.</summary>
internal sealed class VertexNormals
{
    private readonly List<double> _sums = [];

    /// <summary>Gives every vertex of a mesh its normal.</summary>
    public void AddTo(TriangleMesh mesh)
    {
        CollectionsMarshal.SetCount(_sums, 3 * mesh.VertexCount);
        var sums = CollectionsMarshal.AsSpan(_sums);
        sums.Clear();
        var positions = mesh.Positions;
        var triangles = mesh.Triangles;
        for (int t = 0; t < triangles.Length; t += 3)
        {
            int a = 3 * triangles[t], b = 3 * triangles[t + 1], c = 3 * triangles[t + 2];
            double ux = (double)positions[b] - positions[a], uy = (double)positions[b + 1] - positions[a + 1], uz = (double)positions[b + 2] - positions[a + 2];
            double vx = (double)positions[c] - positions[a], vy = (double)positions[c + 1] - positions[a + 1], vz = (double)positions[c + 2] - positions[a + 2];
            double x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
            foreach (int corner in (ReadOnlySpan<int>)[a, b, c])
            {
                sums[corner] += x;
                sums[corner + 1] += y;
                sums[corner + 2] += z;
            }
        }
        for (int v = 0; v < sums.Length; v += 3)
        {
            double length = Math.Sqrt(sums[v] * sums[v] + sums[v + 1] * sums[v + 1] + sums[v + 2] * sums[v + 2]);
            if (length > 0) mesh.AddNormal((float)(sums[v] / length), (float)(sums[v + 1] / length), (float)(sums[v + 2] / length));
            // triangles that have shrunk to nothing have no side; files want unit vectors all the same
            else mesh.AddNormal(0, 0, -1);
        }
    }
}
