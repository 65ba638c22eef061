using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Scenes.Checkpoints;

/// <summary>Writes a pickle instruction by instruction, protocol 2 unless told otherwise.</summary>
public sealed class PickleWriter
{
    private readonly MemoryStream _bytes = new();

    /// <summary>Begins a pickle.</summary>
    public PickleWriter(byte protocol = 2) => Raw(0x80, protocol);

    /// <summary>The pickle so far, and its end.</summary>
    public byte[] End() => [.. _bytes.ToArray(), (byte)'.'];

    /// <summary>Any bytes.</summary>
    public PickleWriter Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Any instruction that is one letter, and what follows it as text.</summary>
    public PickleWriter Code(char instruction, string text = "") => Raw([(byte)instruction, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>A name, as protocol 2 says it.</summary>
    public PickleWriter Global(string module, string name) => Code('c', $"{module}\n{name}\n");

    /// <summary>A text.</summary>
    public PickleWriter Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Code('X').Raw(length).Raw(utf8);
    }

    /// <summary>A whole number, in the shortest way.</summary>
    public PickleWriter Number(long value)
    {
        if (value is >= 0 and <= byte.MaxValue) return Raw((byte)'K', (byte)value);
        if (value is >= 0 and <= ushort.MaxValue) return Raw((byte)'M', (byte)value, (byte)(value >> 8));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return value is >= int.MinValue and <= int.MaxValue ? Code('J').Raw(bytes[..4]) : Raw(0x8a, 8).Raw(bytes);
    }

    /// <summary>A tuple of whole numbers.</summary>
    public PickleWriter Tuple(IEnumerable<long> values)
    {
        Code('(');
        foreach (long value in values) Number(value);
        return Code('t');
    }

    /// <summary>A tensor, as <c>torch.save</c> says it.</summary>
    public PickleWriter Tensor(string storageType, string key, long storageCount, long offset, IReadOnlyList<long> shape, IReadOnlyList<long>? strides = null)
    {
        Global("torch._utils", "_rebuild_tensor_v2").Code('(');
        Storage(storageType, key, storageCount).Number(offset).Tuple(shape).Tuple(strides ?? RowMajor(shape)).Raw(0x89);
        return Global("collections", "OrderedDict").Code(')').Code('R').Code('t').Code('R');
    }

    /// <summary>A storage, as <c>torch.save</c> refers to it.</summary>
    public PickleWriter Storage(string storageType, string key, long count) =>
        Code('(').Text("storage").Global("torch", storageType).Text(key).Text("cpu").Number(count).Code('t').Code('Q');

    /// <summary>The strides of a contiguous tensor.</summary>
    public static long[] RowMajor(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        long step = 1;
        for (int i = shape.Count - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }
}
