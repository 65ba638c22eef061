using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Scenes.Checkpoints;

/// <summary>Gives a part of a tensor's numbers.</summary>
public delegate void TensorValues(long first, Span<float> values);

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its key in the state dict.</param>
/// <param name="ElementType">Float32, Float16 or BFloat16.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers, asked for in order.</param>
public sealed record WrittenTensor(string Name, TensorElementType ElementType, IReadOnlyList<long> Shape, TensorValues Values)
{
    /// <summary>How many numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}

/// <summary>Writes checkpoints as their makers do, piece by piece.</summary>
public static class WeightsFile
{
    private const int PieceLength = 1 << 18;

    /// <summary>Writes a checkpoint: <c>.safetensors</c> if the name ends so, otherwise PyTorch's format.</summary>
    public static void Write(string path, IReadOnlyList<WrittenTensor> tensors)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)) WriteSafetensors(path, tensors);
        else WritePyTorch(path, tensors);
    }

    /// <summary>Writes another checkpoint's tensors; float32 unless told otherwise.</summary>
    public static void Copy(Checkpoint source, string path, TensorElementType type = TensorElementType.Float32) =>
        Write(path, [.. source.Tensors.Values.Select(tensor =>
            new WrittenTensor(tensor.Name, type, tensor.Shape, (first, values) => source.Read(tensor, first, values)))]);

    /// <summary>Writes a checkpoint as <c>torch.save(state_dict)</c> does.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="inside">The key that the state dict is under, e.g. <c>model</c>; null where the file is the state dict.</param>
    public static void WritePyTorch(string path, IReadOnlyList<WrittenTensor> tensors, string? inside = null)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        using var archive = new StoredArchive(stream);
        string root = Path.GetFileNameWithoutExtension(path);
        archive.Add($"{root}/data.pkl", Pickle(tensors, inside));
        for (int i = 0; i < tensors.Count; i++)
        {
            archive.Begin(string.Create(CultureInfo.InvariantCulture, $"{root}/data/{i}"));
            Stream(tensors[i], archive.Write);
            archive.End();
        }
        archive.Add($"{root}/version", "3\n"u8);
    }

    private static void WriteSafetensors(string path, IReadOnlyList<WrittenTensor> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long begin = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.ElementType switch { TensorElementType.Float32 => "F32", TensorElementType.Float16 => "F16", _ => "BF16" });
                json.WriteStartArray("shape");
                foreach (long size in tensor.Shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(begin);
                json.WriteNumberValue(begin += tensor.Count * ElementSize(tensor.ElementType));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        byte[] text = header.ToArray();
        int padding = (8 - text.Length % 8) % 8;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length + padding);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        stream.Write(length);
        stream.Write(text);
        stream.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        foreach (var tensor in tensors) Stream(tensor, stream.Write);
    }

    private static byte[] Pickle(IReadOnlyList<WrittenTensor> tensors, string? inside)
    {
        var pickle = new PickleWriter();
        if (inside is not null) pickle.Code('}').Text(inside);
        pickle.Global("collections", "OrderedDict").Code(')').Code('R').Code('(');
        for (int i = 0; i < tensors.Count; i++)
        {
            var tensor = tensors[i];
            string storage = tensor.ElementType switch { TensorElementType.Float32 => "FloatStorage", TensorElementType.Float16 => "HalfStorage", _ => "BFloat16Storage" };
            pickle.Text(tensor.Name).Tensor(storage, i.ToString(CultureInfo.InvariantCulture), tensor.Count, 0, tensor.Shape);
        }
        pickle.Code('u');
        if (inside is not null) pickle.Code('s');
        return pickle.End();
    }

    private static int ElementSize(TensorElementType type) => type == TensorElementType.Float32 ? 4 : 2;

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    private static void Stream(WrittenTensor tensor, Sink write)
    {
        var values = new float[(int)Math.Min(PieceLength, tensor.Count)];
        var halves = new byte[values.Length * 2];
        for (long first = 0; first < tensor.Count; first += values.Length)
        {
            var piece = values.AsSpan(0, (int)Math.Min(values.Length, tensor.Count - first));
            tensor.Values(first, piece);
            switch (tensor.ElementType)
            {
                case TensorElementType.Float32:
                    write(MemoryMarshal.AsBytes(piece));
                    break;
                case TensorElementType.Float16:
                    TensorPrimitives.ConvertToHalf(piece, MemoryMarshal.Cast<byte, Half>(halves.AsSpan()));
                    write(halves.AsSpan(0, piece.Length * 2));
                    break;
                case TensorElementType.BFloat16:
                    for (int i = 0; i < piece.Length; i++)
                    {
                        uint bits = BitConverter.SingleToUInt32Bits(piece[i]);
                        BinaryPrimitives.WriteUInt16LittleEndian(halves.AsSpan(2 * i), (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16)); // half to even
                    }
                    write(halves.AsSpan(0, piece.Length * 2));
                    break;
                default: throw new ArgumentOutOfRangeException(nameof(tensor));
            }
        }
    }
}
