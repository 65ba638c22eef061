using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MetricDepth.Imaging;

/// <summary>
/// The head of a NumPy array file: element type, order and shape. The format is NumPy's NEP 1: a magic string, a version, the
/// length of a Python dictionary literal, the literal padded with spaces to a multiple of 64 bytes, then the bare elements.
/// </summary>
/// <param name="ElementType">NumPy's name of the element type, for example <c>&lt;f8</c>: little-endian 64-bit floating point.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">Length of each dimension; empty for a single number.</param>
public sealed record NpyHeader(string ElementType, bool IsFortranOrder, IReadOnlyList<long> Shape)
{
    /// <summary>Little-endian 64-bit floating point.</summary>
    public const string Float64 = "<f8";

    /// <summary>Little-endian 32-bit floating point.</summary>
    public const string Float32 = "<f4";

    /// <summary>Little-endian 64-bit whole numbers.</summary>
    public const string Int64 = "<i8";

    // NumPy itself refuses longer ones: a shape needs a few dozen characters.
    private const int MaxLength = 10_000;
    private const int MaxDimensions = 32;
    private const int Alignment = 64;
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>The shape as NumPy prints it, for example <c>(2, 100, 3)</c>.</summary>
    public string ShapeText => "(" + string.Join(", ", Shape.Select(n => n.ToString(CultureInfo.InvariantCulture))) + (Shape.Count == 1 ? ",)" : ")");

    /// <summary>Reads a header; the stream stands at the first element afterwards.</summary>
    /// <exception cref="InvalidDataException">It is not one; the message says why, as the end of a sentence.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10 || !start[..6].SequenceEqual(Magic))
            throw new InvalidDataException("it does not begin as a NumPy file does");
        int version = start[6];
        if (version is < 1 or > 3) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its format version {version} is not known"));
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (version > 1)
        {
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2) throw new InvalidDataException("it breaks off in its header");
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > MaxLength) throw new InvalidDataException("its header is longer than any array's");
        var text = new byte[length];
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length) throw new InvalidDataException("it breaks off in its header");
        return Parse(Encoding.UTF8.GetString(text));
    }

    /// <summary>Writes the header of a C-ordered array.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="room">Bytes that it takes at least: a shape that is only known at the end can then be put in its place.</param>
    public void Write(Stream stream, int room = 0)
    {
        string literal = $"{{'descr': '{ElementType}', 'fortran_order': {(IsFortranOrder ? "True" : "False")}, 'shape': {ShapeText}, }}";
        int before = Magic.Length + 4;
        int padded = (Math.Max(before + literal.Length + 1, room) + Alignment - 1) / Alignment * Alignment;
        var bytes = new byte[padded];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(padded - before));
        bytes.AsSpan(before).Fill((byte)' ');
        Encoding.ASCII.GetBytes(literal, bytes.AsSpan(before));
        bytes[^1] = (byte)'\n';
        stream.Write(bytes);
    }

    // A dictionary literal with three known keys: strings, True or False, and a tuple of whole numbers.
    private static NpyHeader Parse(string text)
    {
        string? type = null;
        bool? fortran = null;
        long[]? shape = null;
        int at = 0;
        Expect('{');
        while (!Take('}'))
        {
            string key = Quoted();
            Expect(':');
            switch (key)
            {
                case "descr": type = Quoted(); break;
                case "fortran_order": fortran = Word() switch { "True" => true, "False" => false, _ => throw Malformed() }; break;
                case "shape": shape = Tuple(); break;
                default: throw Malformed();
            }
            if (!Take(',') && Peek() != '}') throw Malformed();
        }
        return new(type ?? throw Malformed(), fortran ?? throw Malformed(), shape ?? throw Malformed());

        char Peek()
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            return at < text.Length ? text[at] : '\0';
        }

        bool Take(char c)
        {
            if (Peek() != c) return false;
            at++;
            return true;
        }

        void Expect(char c)
        {
            if (!Take(c)) throw Malformed();
        }

        string Quoted()
        {
            char quote = Peek();
            if (quote is not ('\'' or '"')) throw quote == '[' ? new InvalidDataException("its elements are records, not numbers") : Malformed();
            int end = text.IndexOf(quote, ++at);
            if (end < 0) throw Malformed();
            string s = text[at..end];
            at = end + 1;
            return s;
        }

        string Word()
        {
            Peek();
            int from = at;
            while (at < text.Length && char.IsLetterOrDigit(text[at])) at++;
            return text[from..at];
        }

        long[] Tuple()
        {
            var sizes = new List<long>();
            Expect('(');
            while (!Take(')'))
            {
                // Python 2 wrote 5L
                if (!long.TryParse(Word().TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long n) || sizes.Count == MaxDimensions) throw Malformed();
                sizes.Add(n);
                if (!Take(',') && Peek() != ')') throw Malformed();
            }
            return [.. sizes];
        }
    }

    private static InvalidDataException Malformed() => new("its header does not describe an array");
}
