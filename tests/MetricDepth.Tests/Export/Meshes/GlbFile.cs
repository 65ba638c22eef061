using System.Buffers.Binary;
using System.Text.Json;

namespace MetricDepth.Tests.Export.Meshes;

/// <summary>A GLB file taken apart, by the text of the standard and not by our writer.</summary>
internal sealed class GlbFile
{
    private readonly byte[] _binary = [];

    public GlbFile(string path)
    {
        byte[] all = File.ReadAllBytes(path);
        Assert.Equal("glTF"u8, all.AsSpan(0, 4));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32LittleEndian(all.AsSpan(4)));
        Assert.Equal((uint)all.Length, BinaryPrimitives.ReadUInt32LittleEndian(all.AsSpan(8)));
        int length = BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(12));
        Json = JsonDocument.Parse(all.AsMemory(20, length)).RootElement;
        if (20 + length < all.Length) _binary = all[(28 + length)..];
    }

    public JsonElement Json { get; }

    public JsonElement Primitive => Json.GetProperty("meshes")[0].GetProperty("primitives")[0];

    public int VertexCount => Accessor("POSITION").GetProperty("count").GetInt32();

    public float[] Floats(string attribute) => [.. Chunks(Accessor(attribute), 4).Select(b => BinaryPrimitives.ReadSingleLittleEndian(b))];

    public ushort[] Shorts(string attribute) => [.. Chunks(Accessor(attribute), 2).Select(b => BinaryPrimitives.ReadUInt16LittleEndian(b))];

    public int[] Indices()
    {
        var accessor = Json.GetProperty("accessors")[Primitive.GetProperty("indices").GetInt32()];
        return accessor.GetProperty("componentType").GetInt32() == 5123
            ? [.. Chunks(accessor, 2).Select(b => (int)BinaryPrimitives.ReadUInt16LittleEndian(b))]
            : [.. Chunks(accessor, 4).Select(b => BinaryPrimitives.ReadInt32LittleEndian(b))];
    }

    public byte[] Image() => View(Json.GetProperty("bufferViews")[Json.GetProperty("images")[0].GetProperty("bufferView").GetInt32()]);

    public JsonElement Accessor(string attribute) =>
        Json.GetProperty("accessors")[Primitive.GetProperty("attributes").GetProperty(attribute).GetInt32()];

    private IEnumerable<byte[]> Chunks(JsonElement accessor, int size) =>
        View(Json.GetProperty("bufferViews")[accessor.GetProperty("bufferView").GetInt32()]).Chunk(size);

    private byte[] View(JsonElement view) => _binary.AsSpan(view.GetProperty("byteOffset").GetInt32(), view.GetProperty("byteLength").GetInt32()).ToArray();
}
