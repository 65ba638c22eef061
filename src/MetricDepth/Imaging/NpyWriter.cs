using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging;

/// <summary>Writes 64-bit floating-point numbers as a NumPy file, piece by piece.</summary>
public sealed class NpyWriter : IDisposable
{
    private readonly FileStream _stream;
    private long _left;

    /// <summary>Creates the file, or empties it, and writes its head.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Length of each dimension; C order.</param>
    public NpyWriter(string path, params IReadOnlyList<long> shape)
    {
        _left = shape.Aggregate(1L, (product, n) => checked(product * n));
        _stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        new NpyHeader(NpyHeader.Float64, false, shape).Write(_stream);
    }

    /// <summary>Writes the next elements.</summary>
    public void Write(ReadOnlySpan<double> values)
    {
        if (values.Length > _left) throw new ArgumentException("More elements than the shape has.", nameof(values));
        _left -= values.Length;
        if (BitConverter.IsLittleEndian)
        {
            _stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (double v in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, v);
            _stream.Write(bytes);
        }
    }

    /// <summary>Finishes the file.</summary>
    /// <exception cref="InvalidOperationException">Elements are missing.</exception>
    public void Complete()
    {
        if (_left != 0) throw new InvalidOperationException($"{_left} elements are missing.");
        _stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
