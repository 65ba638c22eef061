using System.Buffers.Binary;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Meshes as binary little-endian PLY 1.0 (Turk, 1994): float x, y, z in metres, float nx, ny, nz and uchar red, green, blue where
/// the mesh has them, and faces of three int indices each.
/// </summary>
internal static class PlyMesh
{
    private const int FaceBytes = 1 + 3 * sizeof(int);

    /// <summary>Writes the file.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="comment">A line about it; null for none.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static void Write(TriangleMesh mesh, string? comment, Stream stream, CancellationToken cancellation)
    {
        bool hasNormals = mesh.Normals.Length > 0, hasColors = mesh.Colors.Length > 0;
        var fields = (hasNormals ? VertexFields.Normal : 0) | (hasColors ? VertexFields.Color : 0);
        stream.Write(new PlyHeader(PlyEncoding.Binary, PlyElement.Vertices(mesh.VertexCount, fields), PlyElement.Faces(mesh.TriangleCount))
        {
            Comments = comment is null ? [PlyHeader.AxesComment] : [PlyHeader.AxesComment, comment],
        }.ToBytes());
        var blocks = new BlockWriter(stream, cancellation);
        ReadOnlySpan<float> positions = mesh.Positions, normals = mesh.Normals;
        var colors = mesh.Colors;
        int vertexBytes = 12 + (hasNormals ? 12 : 0) + (hasColors ? 3 : 0);
        for (int v = 0; v < mesh.VertexCount; v++)
        {
            var bytes = blocks.Next(vertexBytes);
            for (int k = 0; k < 3; k++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * k)..], positions[3 * v + k]);
            if (hasNormals)
                for (int k = 0; k < 3; k++) BinaryPrimitives.WriteSingleLittleEndian(bytes[(12 + 4 * k)..], normals[3 * v + k]);
            if (!hasColors) continue;
            uint bgr = colors[v];
            (bytes[^3], bytes[^2], bytes[^1]) = ((byte)(bgr >> 16), (byte)(bgr >> 8), (byte)bgr);
        }
        var triangles = mesh.Triangles;
        for (int t = 0; t < triangles.Length; t += 3)
        {
            var bytes = blocks.Next(FaceBytes);
            bytes[0] = 3;
            for (int k = 0; k < 3; k++) BinaryPrimitives.WriteInt32LittleEndian(bytes[(1 + 4 * k)..], triangles[t + k]);
        }
        blocks.Flush();
    }
}
