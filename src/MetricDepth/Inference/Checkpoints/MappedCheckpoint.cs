using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MetricDepth.Inference.Checkpoints;

/// <summary>Tensors whose numbers lie uncompressed and little-endian in a mapped file.</summary>
internal sealed class MappedCheckpoint(MappedFile file, IReadOnlyDictionary<string, CheckpointTensor> tensors) : Checkpoint
{
    private const int PieceLength = 1 << 20;

    /// <inheritdoc/>
    public override string Path => file.Path;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; } = tensors;

    /// <inheritdoc/>
    public override void Read(CheckpointTensor tensor, long first, Span<float> values)
    {
        if (first < 0 || first > tensor.Count - values.Length) throw new ArgumentOutOfRangeException(nameof(first));
        int size = CheckpointTensor.ElementSize(tensor.ElementType);
        for (int done = 0; done < values.Length; done += PieceLength)
        {
            var piece = values.Slice(done, Math.Min(PieceLength, values.Length - done));
            using var part = file.Map(tensor.FileOffset + (first + done) * size, piece.Length * size);
            Convert(part.Bytes, tensor.ElementType, piece);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();

    private static void Convert(ReadOnlySpan<byte> bytes, TensorElementType type, Span<float> values)
    {
        switch (type)
        {
            case TensorElementType.Float32: bytes.CopyTo(MemoryMarshal.AsBytes(values)); break;
            case TensorElementType.Float16: TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), values); break;
            case TensorElementType.BFloat16: FromUpperHalves(MemoryMarshal.Cast<byte, ushort>(bytes), MemoryMarshal.Cast<float, uint>(values)); break;
            case TensorElementType.Float64: TensorPrimitives.ConvertTruncating<double, float>(MemoryMarshal.Cast<byte, double>(bytes), values); break;
            case TensorElementType.Int64: TensorPrimitives.ConvertTruncating<long, float>(MemoryMarshal.Cast<byte, long>(bytes), values); break;
            case TensorElementType.Int32: TensorPrimitives.ConvertTruncating<int, float>(MemoryMarshal.Cast<byte, int>(bytes), values); break;
            case TensorElementType.Int16: TensorPrimitives.ConvertTruncating<short, float>(MemoryMarshal.Cast<byte, short>(bytes), values); break;
            case TensorElementType.Int8: TensorPrimitives.ConvertTruncating<sbyte, float>(MemoryMarshal.Cast<byte, sbyte>(bytes), values); break;
            case TensorElementType.UInt8: TensorPrimitives.ConvertTruncating<byte, float>(bytes, values); break;
            case TensorElementType.Boolean:
                for (int i = 0; i < values.Length; i++) values[i] = bytes[i] != 0 ? 1 : 0;
                break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static void FromUpperHalves(ReadOnlySpan<ushort> halves, Span<uint> words)
    {
        int i = 0;
        for (; i <= halves.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(halves[i..]), out var low, out var high);
            (low << 16).CopyTo(words[i..]);
            (high << 16).CopyTo(words[(i + Vector<uint>.Count)..]);
        }
        for (; i < halves.Length; i++) words[i] = (uint)halves[i] << 16;
    }
}
