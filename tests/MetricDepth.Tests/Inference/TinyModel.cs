using System.Text;

namespace MetricDepth.Tests.Inference;

/// <summary>Writes ONNX files of a few nodes: protobuf by hand, so that the tests need no exporter.</summary>
/// <remarks>Field numbers are those of onnx.proto3 (ONNX 1.16), opset 17.</remarks>
internal sealed class TinyModel
{
    private readonly MemoryStream graph = new();
    private readonly MemoryStream metadata = new();

    public static TinyModel New() => new();

    /// <summary>An input of float32 (elementType 1) or another type; −1 for a size left open.</summary>
    public TinyModel Input(string name, long[] shape, int elementType = 1) => With(graph, 11, ValueInfo(name, shape, elementType));

    public TinyModel Output(string name, long[] shape, int elementType = 1) => With(graph, 12, ValueInfo(name, shape, elementType));

    public TinyModel Constant(string name, params float[] values) => Tensor(name, values.Length > 1 ? [values.Length] : [], values);

    public TinyModel Tensor(string name, long[] shape, params float[] values)
    {
        var tensor = new MemoryStream();
        foreach (long size in shape) Number(tensor, 1, size);
        Number(tensor, 2, 1);
        Bytes(tensor, 8, Encoding.UTF8.GetBytes(name));
        Bytes(tensor, 9, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return With(graph, 5, tensor.ToArray());
    }

    public TinyModel Node(string operation, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        var node = new MemoryStream();
        foreach (string input in inputs) Bytes(node, 1, Encoding.UTF8.GetBytes(input));
        Bytes(node, 2, Encoding.UTF8.GetBytes(output));
        Bytes(node, 4, Encoding.UTF8.GetBytes(operation));
        foreach (var (name, values) in attributes)
        {
            var attribute = new MemoryStream();
            Bytes(attribute, 1, Encoding.UTF8.GetBytes(name));
            bool list = name is "axes" or "perm";
            foreach (long value in values) Number(attribute, list ? 8 : 3, value);
            Number(attribute, 20, list ? 7 : 2);
            Bytes(node, 5, attribute.ToArray());
        }
        return With(graph, 1, node.ToArray());
    }

    public TinyModel Metadata(string key, string value)
    {
        var entry = new MemoryStream();
        Bytes(entry, 1, Encoding.UTF8.GetBytes(key));
        Bytes(entry, 2, Encoding.UTF8.GetBytes(value));
        return With(metadata, 14, entry.ToArray());
    }

    public byte[] ToBytes()
    {
        var opset = new MemoryStream();
        Number(opset, 2, 17);
        Bytes(graph, 2, "tiny"u8.ToArray());
        var model = new MemoryStream();
        Number(model, 1, 8);
        Bytes(model, 8, opset.ToArray());
        Bytes(model, 7, graph.ToArray());
        model.Write(metadata.ToArray());
        return model.ToArray();
    }

    private TinyModel With(MemoryStream part, int field, byte[] message)
    {
        Bytes(part, field, message);
        return this;
    }

    private static byte[] ValueInfo(string name, long[] shape, int elementType)
    {
        var sizes = new MemoryStream();
        foreach (long size in shape)
        {
            var dimension = new MemoryStream();
            if (size >= 0) Number(dimension, 1, size);
            else Bytes(dimension, 2, "any"u8.ToArray());
            Bytes(sizes, 1, dimension.ToArray());
        }
        var tensor = new MemoryStream();
        Number(tensor, 1, elementType);
        Bytes(tensor, 2, sizes.ToArray());
        var type = new MemoryStream();
        Bytes(type, 1, tensor.ToArray());
        var info = new MemoryStream();
        Bytes(info, 1, Encoding.UTF8.GetBytes(name));
        Bytes(info, 2, type.ToArray());
        return info.ToArray();
    }

    private static void Number(MemoryStream to, int field, long value)
    {
        Varint(to, (ulong)field << 3);
        Varint(to, (ulong)value);
    }

    private static void Bytes(MemoryStream to, int field, byte[] content)
    {
        Varint(to, (ulong)field << 3 | 2);
        Varint(to, (ulong)content.Length);
        to.Write(content);
    }

    private static void Varint(MemoryStream to, ulong value)
    {
        for (; value > 127; value >>= 7) to.WriteByte((byte)(value | 128));
        to.WriteByte((byte)value);
    }
}
