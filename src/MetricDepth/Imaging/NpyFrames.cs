using System.Globalization;

namespace MetricDepth.Imaging;

/// <summary>
/// A NumPy array of pictures, (N, H, W) or (H, W), read one picture at a time from a stream that need not be able to seek. Dimensions of
/// length 1 beside the pictures' own are passed over.
/// </summary>
internal sealed class NpyFrames
{
    private const int PieceBytes = 1 << 16;
    private readonly Stream _stream;
    private readonly byte[] _piece = new byte[PieceBytes];
    private long _read;

    private NpyFrames(Stream stream, NpyElement element, long frames, int width, int height)
    {
        _stream = stream;
        (Element, Frames, Width, Height) = (element, frames, width, height);
    }

    /// <summary>What its numbers are.</summary>
    public NpyElement Element { get; }

    /// <summary>Pictures.</summary>
    public long Frames { get; }

    /// <summary>Columns, px.</summary>
    public int Width { get; }

    /// <summary>Rows, px.</summary>
    public int Height { get; }

    /// <summary>The shape of an array of pictures; null if it is none.</summary>
    public static (long Frames, long Height, long Width)? Pictures(NpyHeader header)
    {
        var shape = header.Shape;
        return shape.Count switch
        {
            2 => (1, shape[0], shape[1]),
            3 => (shape[0], shape[1], shape[2]),
            4 when shape[1] == 1 => (shape[0], shape[2], shape[3]),
            4 when shape[3] == 1 => (shape[0], shape[1], shape[2]),
            _ => null,
        };
    }

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The array's file.</param>
    /// <param name="length">The file's length; the shape must fit it exactly.</param>
    /// <exception cref="InvalidDataException">It is no such array, or not as long as it says; the message is the end of a sentence.</exception>
    public static NpyFrames Open(Stream stream, long length)
    {
        var counted = new CountedStream(stream);
        var header = NpyHeader.Read(counted);
        if (NpyElement.Parse(header.ElementType) is not { } element)
            throw new InvalidDataException($"its elements are '{Printable(header.ElementType)}', not numbers of a kind that is read here (float16, 32, 64 and whole numbers)");
        if (Pictures(header) is not (var frames, var height, var width))
            throw new InvalidDataException($"its shape {header.ShapeText} is neither (frames, height, width) nor (height, width)");
        if (header.IsFortranOrder) throw new InvalidDataException("it is in Fortran order; save numpy.ascontiguousarray of it");
        if (frames < 1) throw new InvalidDataException($"its shape {header.ShapeText} has no frames");
        if (width is < 1 or > Plane<float>.MaxSide || height is < 1 or > Plane<float>.MaxSide)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the frames of its shape {header.ShapeText} are not within 1 to {Plane<float>.MaxSide} px a side"));
        long left = length - counted.Count, frameBytes = width * height * element.Bytes;
        // divided, not multiplied: a claimed number of frames may overflow
        if (left % frameBytes != 0 || left / frameBytes != frames)
            throw new InvalidDataException($"it claims the shape {header.ShapeText}, and its size does not fit that");
        return new(stream, element, frames, (int)width, (int)height);
    }

    /// <summary>Reads the next picture as it is stored, in single precision; false at the end.</summary>
    /// <param name="values">H×W.</param>
    /// <exception cref="InvalidDataException">It breaks off.</exception>
    public bool Read(Span<float> values)
    {
        if (_read == Frames) return false;
        int most = PieceBytes / Element.Bytes;
        while (values.Length > 0)
        {
            int n = Math.Min(values.Length, most);
            var bytes = _piece.AsSpan(0, n * Element.Bytes);
            if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw new InvalidDataException("it breaks off");
            Element.Decode(bytes, values[..n]);
            values = values[n..];
        }
        // a stream that checks itself does so where it ends
        if (++_read == Frames && _stream.Read(_piece.AsSpan(0, 1)) > 0) throw new InvalidDataException("it is longer than it says");
        return true;
    }

    private static string Printable(string text) => string.Concat(text.Take(20).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    // How long a header was; a stream that unpacks does not tell where it stands.
    private sealed class CountedStream(Stream inner) : ReadOnlyStream
    {
        public long Count { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int n = inner.Read(buffer);
            Count += n;
            return n;
        }
    }
}
