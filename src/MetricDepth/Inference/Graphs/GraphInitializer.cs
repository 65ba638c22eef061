using System.Runtime.InteropServices;
using MetricDepth.Inference.Checkpoints;

namespace MetricDepth.Inference.Graphs;

/// <summary>A constant of a graph: numbers made here, or a run of numbers of a checkpoint.</summary>
/// <param name="Name">Unique within the graph.</param>
/// <param name="Type">What the graph calculates with.</param>
/// <param name="Shape">The sizes that the graph sees; the count is what must agree with the source.</param>
internal abstract record GraphInitializer(string Name, TensorElementType Type, IReadOnlyList<long> Shape)
{
    /// <summary>How many numbers.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>How many bytes, stored as <see cref="Type"/>.</summary>
    public long ByteLength => Count * OnnxFormat.Bytes(Type);

    /// <summary>Writes the numbers, little-endian, as <see cref="Type"/>.</summary>
    public abstract void WriteTo(Stream stream);
}

/// <summary>Numbers that were made here.</summary>
/// <param name="Name">Unique within the graph.</param>
/// <param name="Type">What the graph calculates with.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Bytes">The numbers, little-endian.</param>
internal sealed record InlineInitializer(string Name, TensorElementType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
    : GraphInitializer(Name, Type, Shape)
{
    public override void WriteTo(Stream stream) => stream.Write(Bytes.Span);
}

/// <summary>Consecutive numbers of one tensor of a checkpoint.</summary>
/// <param name="Name">Unique within the graph.</param>
/// <param name="Type">What the graph calculates with; the checkpoint may store something else.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Checkpoint">The file.</param>
/// <param name="Tensor">The tensor.</param>
/// <param name="First">The first number taken of it.</param>
internal sealed record StoredInitializer(
    string Name, TensorElementType Type, IReadOnlyList<long> Shape, Checkpoint Checkpoint, CheckpointTensor Tensor, long First)
    : GraphInitializer(Name, Type, Shape)
{
    private const int Piece = 1 << 16;

    /// <summary>Where in the file the numbers begin, bytes.</summary>
    public long FileOffset => Tensor.FileOffset + First * OnnxFormat.Bytes(Tensor.ElementType);

    public override void WriteTo(Stream stream)
    {
        var values = new float[(int)Math.Min(Piece, Count)];
        var halves = new Half[Type == TensorElementType.Float16 ? values.Length : 0];
        for (long done = 0; done < Count;)
        {
            var piece = values.AsSpan(0, (int)Math.Min(values.Length, Count - done));
            Checkpoint.Read(Tensor, First + done, piece);
            if (Type == TensorElementType.Float16)
            {
                for (int i = 0; i < piece.Length; i++) halves[i] = (Half)piece[i];
                stream.Write(MemoryMarshal.AsBytes(halves.AsSpan(0, piece.Length)));
            }
            else
            {
                stream.Write(MemoryMarshal.AsBytes(piece));
            }
            done += piece.Length;
        }
    }
}
