using System.Buffers;
using System.Text.Json;

namespace MetricDepth.Export.Meshes;

/// <summary>The JSON chunk of a GLB file: one scene, one node, one mesh, one material (glTF 2.0, chapter 5).</summary>
internal static class GltfJson
{
    private const int Float = 5126, UnsignedInt = 5125, UnsignedShort = 5123, ArrayBuffer = 34962, ElementArrayBuffer = 34963;
    private const int LinearFilter = 9729, LinearMipmapLinear = 9987, ClampToEdge = 33071;

    /// <summary>Writes it, padded with spaces to a multiple of 4 bytes.</summary>
    public static byte[] Write(TriangleMesh mesh, GlbLayout layout, MeshBounds bounds)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("asset");
            json.WriteString("version", "2.0");
            json.WriteString("generator", "MetricDepth");
            json.WriteEndObject();
            if (layout.Positions is not null) Scene(json, mesh, layout, bounds);
            json.WriteEndObject();
        }
        int padding = GlbLayout.Padding(buffer.WrittenCount);
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Scene(Utf8JsonWriter json, TriangleMesh mesh, GlbLayout layout, MeshBounds bounds)
    {
        json.WriteStartArray("extensionsUsed");
        json.WriteStringValue("KHR_materials_unlit");
        json.WriteEndArray();
        json.WriteNumber("scene", 0);
        json.WritePropertyName("scenes");
        json.WriteRawValue("""[{"nodes":[0]}]""");
        json.WritePropertyName("nodes");
        json.WriteRawValue("""[{"name":"surface","mesh":0}]""");

        var views = new List<(GlbLayout.Stretch Stretch, int? Target)>();
        var accessors = new List<Action>();
        json.WriteStartArray("meshes");
        json.WriteStartObject();
        json.WriteString("name", "surface");
        json.WriteStartArray("primitives");
        json.WriteStartObject();
        json.WriteStartObject("attributes");
        Attribute("POSITION", layout.Positions, Float, "VEC3", () =>
        {
            // in glTF's axes, and to the last bit what the file holds
            Bounds(json, "min", bounds.MinX, -bounds.MaxY, -bounds.MaxZ);
            Bounds(json, "max", bounds.MaxX, -bounds.MinY, -bounds.MinZ);
        });
        Attribute("NORMAL", layout.Normals, Float, "VEC3");
        Attribute("TEXCOORD_0", layout.TextureCoordinates, Float, "VEC2");
        Attribute("COLOR_0", layout.Colors, UnsignedShort, "VEC4", () => json.WriteBoolean("normalized", true));
        json.WriteEndObject();
        json.WriteNumber("indices", Accessor(layout.Indices!, layout.HasShortIndices ? UnsignedShort : UnsignedInt, "SCALAR", mesh.Triangles.Length, ElementArrayBuffer, null));
        json.WriteNumber("material", 0);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();

        Material(json, layout.Texture is not null);
        if (layout.Texture is not null)
        {
            views.Add((layout.Texture, null));
            Picture(json, views.Count - 1);
        }
        json.WriteStartArray("accessors");
        foreach (var write in accessors) write();
        json.WriteEndArray();
        BufferViews(json, views);
        json.WriteStartArray("buffers");
        json.WriteStartObject();
        json.WriteNumber("byteLength", layout.Bytes);
        json.WriteEndObject();
        json.WriteEndArray();

        void Attribute(string name, GlbLayout.Stretch? stretch, int componentType, string type, Action? more = null)
        {
            if (stretch is not null) json.WriteNumber(name, Accessor(stretch, componentType, type, mesh.VertexCount, ArrayBuffer, more));
        }

        int Accessor(GlbLayout.Stretch stretch, int componentType, string type, int count, int target, Action? more)
        {
            views.Add((stretch, target));
            int view = views.Count - 1;
            accessors.Add(() =>
            {
                json.WriteStartObject();
                json.WriteNumber("bufferView", view);
                json.WriteNumber("componentType", componentType);
                json.WriteNumber("count", count);
                json.WriteString("type", type);
                more?.Invoke();
                json.WriteEndObject();
            });
            return accessors.Count - 1;
        }
    }

    private static void Material(Utf8JsonWriter json, bool isTextured)
    {
        json.WritePropertyName("materials");
        // metallicFactor 0 is for readers that do not know unlit materials
        json.WriteRawValue($$$"""[{"name":"filmed","pbrMetallicRoughness":{{{{(isTextured ? "\"baseColorTexture\":{\"index\":0}," : "")}}}"metallicFactor":0},"extensions":{"KHR_materials_unlit":{}},"doubleSided":true}]""");
    }

    private static void Picture(Utf8JsonWriter json, int view)
    {
        json.WritePropertyName("textures");
        json.WriteRawValue("""[{"sampler":0,"source":0}]""");
        json.WriteStartArray("samplers");
        json.WriteStartObject();
        json.WriteNumber("magFilter", LinearFilter);
        json.WriteNumber("minFilter", LinearMipmapLinear);
        json.WriteNumber("wrapS", ClampToEdge);
        json.WriteNumber("wrapT", ClampToEdge);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("images");
        json.WriteStartObject();
        json.WriteNumber("bufferView", view);
        json.WriteString("mimeType", "image/png");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void BufferViews(Utf8JsonWriter json, List<(GlbLayout.Stretch Stretch, int? Target)> views)
    {
        json.WriteStartArray("bufferViews");
        foreach (var (stretch, target) in views)
        {
            json.WriteStartObject();
            json.WriteNumber("buffer", 0);
            json.WriteNumber("byteOffset", stretch.Offset);
            json.WriteNumber("byteLength", stretch.Length);
            if (target is { } use) json.WriteNumber("target", use);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Bounds(Utf8JsonWriter json, string name, float x, float y, float z)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue((double)x);
        json.WriteNumberValue((double)y);
        json.WriteNumberValue((double)z);
        json.WriteEndArray();
    }
}
