using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Inference.Graphs;

/// <summary>Writes protocol buffer fields: all that an ONNX file needs of the format.</summary>
/// <remarks>https://protobuf.dev/programming-guides/encoding: a key is field·8 + wire type; 0 varint, 2 length-delimited, 5 four bytes.</remarks>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlyMemory<byte> Written => buffer.WrittenMemory;

    public void Integer(int field, long value)
    {
        Varint((ulong)(field << 3));
        Varint((ulong)value);
    }

    public void Single(int field, float value)
    {
        Varint((ulong)((field << 3) | 5));
        BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Begin(field, value.Length);
        buffer.Write(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.Written.Span);
    }

    /// <summary>Fields that are written already.</summary>
    public void Raw(ReadOnlySpan<byte> fields) => buffer.Write(fields);

    /// <summary>The key and length of a length-delimited field whose bytes the caller writes elsewhere.</summary>
    public void Begin(int field, long length)
    {
        Varint((ulong)((field << 3) | 2));
        Varint((ulong)length);
    }

    private void Varint(ulong value)
    {
        var span = buffer.GetSpan(10);
        int n = 0;
        for (; value >= 0x80; value >>= 7) span[n++] = (byte)(value | 0x80);
        span[n++] = (byte)value;
        buffer.Advance(n);
    }
}
