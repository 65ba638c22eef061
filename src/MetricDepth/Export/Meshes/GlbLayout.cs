namespace MetricDepth.Export.Meshes;

/// <summary>Where each array of a mesh lies in the binary chunk of a GLB file; every one begins at a multiple of 4 bytes.</summary>
internal sealed class GlbLayout
{
    /// <summary>Bytes of a vertex colour: red, green, blue, opacity, 16 bits each.</summary>
    public const int ColorBytes = 4 * sizeof(ushort);

    /// <summary>Lays out.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="texture">The picture on it; null for none.</param>
    public GlbLayout(TriangleMesh mesh, MeshTexture? texture)
    {
        if (mesh.TriangleCount == 0) return;
        // 65535 restarts a strip, so it is no number of a vertex
        HasShortIndices = mesh.VertexCount <= ushort.MaxValue;
        Positions = Take(12L * mesh.VertexCount);
        if (mesh.Normals.Length > 0) Normals = Take(12L * mesh.VertexCount);
        if (texture is not null && mesh.TextureCoordinates.Length > 0) TextureCoordinates = Take(8L * mesh.VertexCount);
        if (mesh.Colors.Length > 0) Colors = Take((long)ColorBytes * mesh.VertexCount);
        Indices = Take((HasShortIndices ? 2L : 4L) * mesh.Triangles.Length);
        if (texture is not null) Texture = Take(texture.Png.Length);
    }

    /// <summary>A stretch of the chunk.</summary>
    public sealed record Stretch(long Offset, long Length);

    /// <summary>x, y, z; null in an empty mesh.</summary>
    public Stretch? Positions { get; }

    /// <summary>Unit normals; null for none.</summary>
    public Stretch? Normals { get; }

    /// <summary>u, v; null for none.</summary>
    public Stretch? TextureCoordinates { get; }

    /// <summary>Red, green, blue, opacity; null for none.</summary>
    public Stretch? Colors { get; }

    /// <summary>Vertex numbers; null in an empty mesh.</summary>
    public Stretch? Indices { get; }

    /// <summary>The PNG; null for none.</summary>
    public Stretch? Texture { get; }

    /// <summary>Whether vertex numbers take 16 bits instead of 32.</summary>
    public bool HasShortIndices { get; }

    /// <summary>Bytes of the chunk.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes up to the next multiple of 4.</summary>
    public static int Padding(long bytes) => (int)(-bytes & 3);

    private Stretch Take(long length)
    {
        var stretch = new Stretch(Bytes, length);
        Bytes += length + Padding(length);
        return stretch;
    }
}
