using System.Buffers.Binary;
using System.Text;

namespace MetricDepth.Imaging.OpenExr;

/// <summary>One entry of an EXR header.</summary>
/// <param name="Name">Its name, at most 31 characters (what every reader takes).</param>
/// <param name="Type">The format's name of its type, for example <c>float</c>.</param>
/// <param name="Value">Its bytes, little-endian.</param>
public sealed record ExrAttribute(string Name, string Type, byte[] Value)
{
    /// <summary>A text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The text; UTF-8.</param>
    public static ExrAttribute Of(string name, string value) => new(name, "string", Encoding.UTF8.GetBytes(value));

    /// <summary>A number in single precision.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The number.</param>
    public static ExrAttribute Of(string name, float value) => new(name, "float", Integers(BitConverter.SingleToInt32Bits(value)));

    /// <summary>A ratio.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="numerator">Above the line.</param>
    /// <param name="denominator">Below the line.</param>
    public static ExrAttribute Of(string name, int numerator, int denominator) => new(name, "rational", Integers(numerator, denominator));

    internal static byte[] Integers(params ReadOnlySpan<int> values)
    {
        var bytes = new byte[values.Length * sizeof(int)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        return bytes;
    }

    internal void Write(Stream stream)
    {
        foreach (string text in (ReadOnlySpan<string>)[Name, Type])
        {
            stream.Write(Encoding.ASCII.GetBytes(text));
            stream.WriteByte(0);
        }
        stream.Write(Integers(Value.Length));
        stream.Write(Value);
    }
}
