using System.Globalization;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging;

/// <summary>How the numbers of a NumPy array are stored: floating point or whole numbers, either byte order.</summary>
/// <param name="Kind"><c>f</c>, <c>i</c> (signed) or <c>u</c>.</param>
/// <param name="Bytes">Bytes a number.</param>
/// <param name="IsBigEndian">Whether the highest byte comes first.</param>
internal readonly record struct NpyElement(char Kind, int Bytes, bool IsBigEndian)
{
    /// <summary>Whether they are floating point.</summary>
    public bool IsFloat => Kind == 'f';

    /// <summary>Reads NumPy's name of a type, for example <c>&lt;f4</c>; null for what holds no plain numbers of a size known here.</summary>
    public static NpyElement? Parse(string type)
    {
        if (type.Length != 3 || type[0] is not ('<' or '>' or '|' or '=')) return null;
        int bytes = type[2] - '0';
        bool known = type[1] switch { 'f' => bytes is 2 or 4 or 8, 'i' or 'u' => bytes is 1 or 2 or 4 or 8, _ => false };
        return known ? new(type[1], bytes, type[0] == '>') : null;
    }

    /// <summary>Numbers to single precision.</summary>
    /// <param name="bytes">As stored; <see cref="Bytes"/> for each value.</param>
    /// <param name="values">The numbers.</param>
    public void Decode(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (this is ('f', 4, false) && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, float>(bytes)[..values.Length].CopyTo(values);
            return;
        }
        for (int i = 0; i < values.Length; i++) values[i] = (float)Number(bytes[(i * Bytes)..]);
    }

    /// <summary>A few numbers in double precision.</summary>
    /// <param name="bytes">As stored.</param>
    /// <param name="count">How many.</param>
    public double[] DecodeExactly(ReadOnlySpan<byte> bytes, int count)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = Number(bytes[(i * Bytes)..]);
        return values;
    }

    private double Number(ReadOnlySpan<byte> number)
    {
        ulong bits = 0;
        for (int b = 0; b < Bytes; b++) bits |= (ulong)number[IsBigEndian ? Bytes - 1 - b : b] << (8 * b);
        return (Kind, Bytes) switch
        {
            ('f', 2) => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            ('f', 4) => BitConverter.UInt32BitsToSingle((uint)bits),
            ('f', _) => BitConverter.UInt64BitsToDouble(bits),
            ('i', 1) => (sbyte)bits,
            ('i', 2) => (short)bits,
            ('i', 4) => (int)bits,
            ('i', _) => (long)bits,
            _ => bits,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind switch { 'f' => "float", 'i' => "int", _ => "uint" }}{8 * Bytes}");
}
