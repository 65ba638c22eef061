using System.Globalization;

namespace MetricDepth.Export;

/// <summary>
/// Numbers in words, invariant, as short as they can be while reading back as the same number. Single-precision numbers of the sizes
/// that positions and normals have go a shorter way than the general one: their six to nine leading digits are tried in double
/// precision, in which the check is exact.
/// </summary>
internal static class ShortestDecimal
{
    /// <summary>The most letters of a number in single precision: <c>-0.0000123456789</c>; below that it has an exponent.</summary>
    public const int MostLetters = 16;

    private const float Least = 1e-3f, Most = 1e6f;
    private const int FewestDigits = 6, MostDigits = 9;

    // Halfway between two single-precision numbers, the 29 bits by which a double is longer are these: rounding could go either way.
    private const long ExtraBits = (1L << 29) - 1, Halfway = 1L << 28;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11];

    /// <summary>Writes a number in single precision.</summary>
    /// <returns>Letters.</returns>
    public static int Write(float value, Span<byte> text)
    {
        float size = Math.Abs(value);
        if (!(size >= Least && size < Most)) return General(value, text);
        for (int decimals = FewestDigits - IntegerDigits(size), last = decimals + MostDigits - FewestDigits; decimals <= last; decimals++)
        {
            double power = Powers[decimals];
            uint digits = (uint)(size * power + 0.5);
            double read = digits / power;
            if ((float)read != size || (BitConverter.DoubleToInt64Bits(read) & ExtraBits) == Halfway) continue;
            int sign = value < 0 ? 1 : 0;
            text[0] = (byte)'-';
            return sign + Digits(digits, decimals, text[sign..]);
        }
        return General(value, text);
    }

    /// <summary>Writes a number of 0..255.</summary>
    /// <returns>Letters.</returns>
    public static int Write(byte value, Span<byte> text)
    {
        int at = 0;
        if (value >= 100) text[at++] = (byte)('0' + value / 100);
        if (value >= 10) text[at++] = (byte)('0' + value / 10 % 10);
        text[at++] = (byte)('0' + value % 10);
        return at;
    }

    /// <summary>Writes an integer.</summary>
    /// <returns>Letters.</returns>
    public static int Write(int value, Span<byte> text)
    {
        value.TryFormat(text, out int letters, default, NumberFormatInfo.InvariantInfo);
        return letters;
    }

    // Before the point; one less for each zero after it.
    private static int IntegerDigits(float size) =>
        size >= 1e3f ? size >= 1e5f ? 6 : size >= 1e4f ? 5 : 4 : size >= 1 ? size >= 1e2f ? 3 : size >= 10 ? 2 : 1 : size >= 0.1f ? 0 : size >= 0.01f ? -1 : -2;

    private static int Digits(uint digits, int decimals, Span<byte> text)
    {
        for (; decimals > 0 && digits % 10 == 0; decimals--) digits /= 10;
        uint power = (uint)Powers[decimals], whole = digits / power, rest = digits % power;
        whole.TryFormat(text, out int at, default, NumberFormatInfo.InvariantInfo);
        if (decimals == 0) return at;
        text[at] = (byte)'.';
        for (int i = at + decimals; i > at; i--, rest /= 10) text[i] = (byte)('0' + rest % 10);
        return at + 1 + decimals;
    }

    private static int General(float value, Span<byte> text)
    {
        value.TryFormat(text, out int letters, default, NumberFormatInfo.InvariantInfo);
        return letters;
    }
}
