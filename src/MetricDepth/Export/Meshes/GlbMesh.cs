using System.Buffers.Binary;
using MetricDepth.Imaging;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Meshes as binary glTF 2.0. Vertices are turned to glTF's axes (x right, y up, z backward), the material is unlit and double-sided, so
/// that colours look as filmed. Vertex colours are linear there, so they take 16 bits: 8 linear bits would lose the dark ones.
/// </summary>
internal static class GlbMesh
{
    private const uint Magic = 0x46546C67, JsonChunk = 0x4E4F534A, BinaryChunk = 0x004E4942;
    private const int HeaderBytes = 12, ChunkHeaderBytes = 8;
    private static readonly ushort[] Linear = [.. Enumerable.Range(0, 256).Select(code => (ushort)Math.Round(LinearLight.FromSrgb(code / 255.0) * ushort.MaxValue))];

    /// <summary>Writes the file.</summary>
    /// <param name="mesh">The mesh; one without triangles becomes an empty scene.</param>
    /// <param name="texture">The picture on it; null for none.</param>
    /// <param name="bounds">The box around its vertices.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">It is larger than the format allows.</exception>
    public static void Write(TriangleMesh mesh, MeshTexture? texture, MeshBounds bounds, Stream stream, CancellationToken cancellation)
    {
        var layout = new GlbLayout(mesh, texture);
        byte[] json = GltfJson.Write(mesh, layout, bounds);
        long length = HeaderBytes + ChunkHeaderBytes + json.Length + (layout.Bytes == 0 ? 0 : ChunkHeaderBytes + layout.Bytes);
        if (length > uint.MaxValue)
            throw new MetricDepthException("MeshTooLarge", FailureKind.InvalidData,
                $"The mesh has {mesh.TriangleCount} triangles, more than fit into the 4 GiB of a GLB file. Use the format Ply, or ask for less detail.");
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], (uint)length);
        stream.Write(header);
        ChunkHeader(stream, json.Length, JsonChunk);
        stream.Write(json);
        if (layout.Bytes == 0) return;
        ChunkHeader(stream, layout.Bytes, BinaryChunk);
        var blocks = new BlockWriter(stream, cancellation);
        // a half turn about x: from y down, z forward to y up, z backward
        Vectors(mesh.Positions, blocks);
        Vectors(mesh.Normals, blocks);
        if (layout.TextureCoordinates is not null) Numbers(mesh.TextureCoordinates, blocks);
        if (layout.Colors is not null) Colors(mesh.Colors, blocks);
        Indices(mesh.Triangles, layout.HasShortIndices, blocks);
        if (texture is not null)
        {
            blocks.Write(texture.Png);
            blocks.Next(GlbLayout.Padding(texture.Png.Length)).Clear();
        }
        blocks.Flush();
    }

    private static void ChunkHeader(Stream stream, long bytes, uint type)
    {
        Span<byte> header = stackalloc byte[ChunkHeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        stream.Write(header);
    }

    private static void Vectors(ReadOnlySpan<float> vectors, BlockWriter blocks)
    {
        for (int i = 0; i < vectors.Length; i += 3)
        {
            var bytes = blocks.Next(12);
            BinaryPrimitives.WriteSingleLittleEndian(bytes, vectors[i]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes[4..], -vectors[i + 1]);
            BinaryPrimitives.WriteSingleLittleEndian(bytes[8..], -vectors[i + 2]);
        }
    }

    private static void Numbers(ReadOnlySpan<float> numbers, BlockWriter blocks)
    {
        foreach (float number in numbers) BinaryPrimitives.WriteSingleLittleEndian(blocks.Next(4), number);
    }

    private static void Colors(ReadOnlySpan<uint> colors, BlockWriter blocks)
    {
        foreach (uint bgr in colors)
        {
            var bytes = blocks.Next(GlbLayout.ColorBytes);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, Linear[(byte)(bgr >> 16)]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], Linear[(byte)(bgr >> 8)]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Linear[(byte)bgr]);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], ushort.MaxValue);
        }
    }

    private static void Indices(ReadOnlySpan<int> indices, bool areShort, BlockWriter blocks)
    {
        if (areShort)
        {
            foreach (int index in indices) BinaryPrimitives.WriteUInt16LittleEndian(blocks.Next(2), (ushort)index);
            blocks.Next(GlbLayout.Padding(2L * indices.Length)).Clear();
        }
        else
        {
            foreach (int index in indices) BinaryPrimitives.WriteInt32LittleEndian(blocks.Next(4), index);
        }
    }
}
