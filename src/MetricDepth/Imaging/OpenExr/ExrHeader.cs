using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace MetricDepth.Imaging.OpenExr;

/// <summary>The head of an EXR file: "OpenEXR File Layout", openexr.com. Only single-part files of scan lines are read.</summary>
public sealed class ExrHeader
{
    /// <summary>The format's first bytes.</summary>
    internal static ReadOnlySpan<byte> Magic => [0x76, 0x2F, 0x31, 0x01];

    private const int Version = 2;
    private const int Tiled = 0x200, LongNames = 0x400, Deep = 0x800, MultiPart = 0x1000;
    // A header is a few hundred bytes, or as many thousand with a thumbnail and a renderer's notes, which are passed over.
    private const int LongestName = 255;
    private const int LongestKept = 1 << 18;
    private const int MostAttributes = 4096;
    private const int MostChannels = 1024;

    private readonly Dictionary<string, ExrAttribute> _attributes;

    private ExrHeader(Dictionary<string, ExrAttribute> attributes, IReadOnlyList<ExrChannel> channels, ExrCompression compression, ExrBox data, ExrBox display)
    {
        _attributes = attributes;
        (Channels, Compression, DataWindow, DisplayWindow) = (channels, compression, data, display);
    }

    /// <summary>The channels in the order of the file.</summary>
    public IReadOnlyList<ExrChannel> Channels { get; }

    /// <summary>How its blocks are packed.</summary>
    public ExrCompression Compression { get; }

    /// <summary>The pixels that are in the file.</summary>
    public ExrBox DataWindow { get; }

    /// <summary>The picture that they are a part of.</summary>
    public ExrBox DisplayWindow { get; }

    /// <summary>Bytes of one line of all channels.</summary>
    public long LineBytes => DataWindow.Width * Channels.Sum(c => c.Bytes);

    /// <summary>A ratio of the header; null if there is none of that name, or it is no number.</summary>
    /// <param name="name">A <c>rational</c>.</param>
    public (int Numerator, uint Denominator)? Ratio(string name) =>
        _attributes.GetValueOrDefault(name) is { Type: "rational", Value: { Length: 8 } v } && BinaryPrimitives.ReadUInt32LittleEndian(v.AsSpan(4)) is > 0 and var below
            ? (BinaryPrimitives.ReadInt32LittleEndian(v), below) : null;

    /// <summary>Its texts by name.</summary>
    public IReadOnlyDictionary<string, string> Texts => _attributes.Values.Where(a => a.Type == "string").ToDictionary(a => a.Name, a => Encoding.UTF8.GetString(a.Value), StringComparer.Ordinal);

    /// <summary>Reads a header; the stream stands behind it afterwards.</summary>
    internal static ExrHeader Read(Stream stream, ExrFailures failures)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.StartsWith(Magic))
            throw failures.Malformed("it does not begin as an EXR file does");
        int version = BinaryPrimitives.ReadInt32LittleEndian(start[4..]);
        if ((version & 0xFF) != Version) throw failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"its format version {version & 0xFF} is not known"));
        if ((version & MultiPart) != 0) throw failures.Unsupported("has several parts");
        if ((version & Deep) != 0) throw failures.Unsupported("holds deep data, several depths a pixel");
        if ((version & Tiled) != 0) throw failures.Unsupported("is made of tiles");
        if ((version & ~(0xFF | LongNames)) != 0) throw failures.Malformed("its flags are not known");

        var attributes = new Dictionary<string, ExrAttribute>(StringComparer.Ordinal);
        var number = start[..sizeof(int)];
        for (string name; (name = Text(stream, failures)).Length > 0;)
        {
            string type = Text(stream, failures);
            Fill(stream, number, failures);
            int size = BinaryPrimitives.ReadInt32LittleEndian(number);
            if (size < 0 || size > stream.Length - stream.Position) throw failures.Malformed($"the length of its attribute '{Printable(name)}' is wrong");
            if (attributes.Count == MostAttributes) throw failures.Malformed("it has more attributes than any picture");
            if (size > LongestKept)
            {
                if (IsNeeded(name)) throw failures.Malformed($"the length of its attribute '{name}' is wrong");
                stream.Position += size;
                continue;
            }
            var value = new byte[size];
            Fill(stream, value, failures);
            attributes[name] = new(name, type, value);
        }
        return Interpret(attributes, failures);
    }

    private static ExrHeader Interpret(Dictionary<string, ExrAttribute> attributes, ExrFailures failures)
    {
        var compression = (ExrCompression)Value(attributes, "compression", "compression", 1, failures)[0];
        var channels = ReadChannels(Value(attributes, "channels", "chlist", null, failures), failures);
        var header = new ExrHeader(attributes, channels, compression, Box(attributes, "dataWindow", failures), Box(attributes, "displayWindow", failures));
        if (compression > ExrCompression.Zip) throw failures.Unsupported($"is packed with {Name(compression)}");
        return header;
    }

    private static bool IsNeeded(string name) => name is "channels" or "compression" or "dataWindow" or "displayWindow";

    private static byte[] Value(Dictionary<string, ExrAttribute> attributes, string name, string type, int? length, ExrFailures failures) =>
        attributes.GetValueOrDefault(name) is { } a && a.Type == type && a.Value.Length == (length ?? a.Value.Length)
            ? a.Value : throw failures.Malformed($"its attribute '{name}' is missing or of another type");

    private static ExrBox Box(Dictionary<string, ExrAttribute> attributes, string name, ExrFailures failures)
    {
        ReadOnlySpan<byte> v = Value(attributes, name, "box2i", 16, failures);
        var box = new ExrBox(BinaryPrimitives.ReadInt32LittleEndian(v), BinaryPrimitives.ReadInt32LittleEndian(v[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(v[8..]), BinaryPrimitives.ReadInt32LittleEndian(v[12..]));
        if (box.Width is < 1 or > Plane<float>.MaxSide || box.Height is < 1 or > Plane<float>.MaxSide)
            throw failures.Malformed(string.Create(CultureInfo.InvariantCulture, $"its size {box.Width}x{box.Height} is outside 1x1 to {Plane<float>.MaxSide} px a side"));
        return box;
    }

    private static List<ExrChannel> ReadChannels(ReadOnlySpan<byte> list, ExrFailures failures)
    {
        const int FactBytes = 16;
        var channels = new List<ExrChannel>();
        while (true)
        {
            int length = list.IndexOf((byte)0);
            if (length < 0) throw failures.Malformed("its list of channels breaks off");
            if (length == 0) break;
            string name = Encoding.UTF8.GetString(list[..length]);
            list = list[(length + 1)..];
            if (length > LongestName || list.Length < FactBytes || channels.Count == MostChannels) throw failures.Malformed("its list of channels is damaged");
            int type = BinaryPrimitives.ReadInt32LittleEndian(list);
            if (type is < 0 or > (int)ExrPixelType.Float) throw failures.Malformed($"the numbers of its channel '{Printable(name)}' are of no known kind");
            bool whole = BinaryPrimitives.ReadInt32LittleEndian(list[8..]) == 1 && BinaryPrimitives.ReadInt32LittleEndian(list[12..]) == 1;
            channels.Add(new(name, (ExrPixelType)type, !whole));
            list = list[FactBytes..];
        }
        if (channels.Count == 0) throw failures.NotDepth("has no channels");
        return channels;
    }

    private static string Text(Stream stream, ExrFailures failures)
    {
        Span<byte> bytes = stackalloc byte[LongestName];
        for (int i = 0; ; i++)
        {
            int b = stream.ReadByte();
            if (b == 0) return Encoding.UTF8.GetString(bytes[..i]);
            if (b < 0) throw failures.Malformed("it breaks off in its header");
            if (i == LongestName) throw failures.Malformed("a name in its header is too long");
            bytes[i] = (byte)b;
        }
    }

    private static void Fill(Stream stream, Span<byte> bytes, ExrFailures failures)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw failures.Malformed("it breaks off in its header");
    }

    private static string Name(ExrCompression compression) =>
        Enum.IsDefined(compression) ? compression.ToString().ToUpperInvariant() : string.Create(CultureInfo.InvariantCulture, $"method {(int)compression}");

    /// <summary>A name from a file, fit for a message.</summary>
    internal static string Printable(string name) => string.Concat(name.Take(60).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
