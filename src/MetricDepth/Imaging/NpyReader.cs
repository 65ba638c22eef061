using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging;

/// <summary>
/// Reads the numbers of a NumPy file piece by piece. What its header claims is compared with the size of the file before anything
/// is believed.
/// </summary>
public sealed class NpyReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _path;
    private readonly int _elementBytes;
    private readonly byte[] _buffer = new byte[1 << 16];

    private NpyReader(FileStream stream, string path, NpyHeader header)
    {
        (_stream, _path, Header) = (stream, path, header);
        _elementBytes = header.ElementType == "<f4" ? sizeof(float) : sizeof(double);
    }

    /// <summary>What the file says of itself.</summary>
    public NpyHeader Header { get; }

    /// <summary>Opens a file of 32- or 64-bit floating-point numbers in C order.</summary>
    /// <exception cref="MetricDepthException">It is missing, no NumPy file, of another type or order, or not as long as it says.</exception>
    public static NpyReader Open(string path)
    {
        if (!File.Exists(path))
            throw MetricDepthException.FileNotFound(path);
        FileStream stream;
        try
        {
            stream = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("FileNotReadable", FailureKind.Storage, $"'{path}' cannot be read: {e.Message} Check its permissions.", e);
        }
        try
        {
            var header = NpyHeader.Read(stream);
            if (header.ElementType is not (NpyHeader.Float64 or "<f4"))
                throw new InvalidDataException($"its elements are '{header.ElementType}', not float64");
            if (header.IsFortranOrder && header.Shape.Count > 1) throw new InvalidDataException("it is in Fortran order");
            var reader = new NpyReader(stream, path, header);
            if (!reader.IsComplete) throw new InvalidDataException($"it claims the shape {header.ShapeText}, and its size does not fit that");
            return reader;
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw Malformed(path, e.Message, e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Goes to an element, counted in C order.</summary>
    public void Seek(long element) => _stream.Position = _stream.Length - (Count - element) * _elementBytes;

    /// <summary>Reads the next elements; exactly as many as fit.</summary>
    /// <exception cref="MetricDepthException">The file breaks off.</exception>
    public void Read(Span<double> values)
    {
        while (values.Length > 0)
        {
            int n = Math.Min(values.Length, _buffer.Length / _elementBytes);
            var bytes = _buffer.AsSpan(0, n * _elementBytes);
            try
            {
                _stream.ReadExactly(bytes);
            }
            catch (IOException e)
            {
                throw Malformed(_path, "it breaks off", e);
            }
            if (_elementBytes == sizeof(float))
                for (int i = 0; i < n; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
            else if (BitConverter.IsLittleEndian) MemoryMarshal.Cast<byte, double>(bytes).CopyTo(values);
            else for (int i = 0; i < n; i++) values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
            values = values[n..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private long Count => Header.Shape.Aggregate(1L, (product, n) => product * n);

    // Compared by dividing: a product of claimed sizes may overflow.
    private bool IsComplete
    {
        get
        {
            long left = _stream.Length - _stream.Position;
            if (Header.Shape.Contains(0)) return left == 0;
            if (left % _elementBytes != 0) return false;
            left /= _elementBytes;
            foreach (long n in Header.Shape)
            {
                if (left % n != 0) return false;
                left /= n;
            }
            return left == 1;
        }
    }

    private static MetricDepthException Malformed(string path, string why, Exception inner) => new("NpyMalformed", FailureKind.InvalidData,
        $"'{path}' cannot be read as a NumPy array: {why}. Save it anew with numpy.save, as float64 in C order.", inner);
}
