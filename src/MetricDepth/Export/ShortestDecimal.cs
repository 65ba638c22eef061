using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MetricDepth.Export;

/// <summary>
/// Numbers in words, invariant, as short as they can be while reading back as the same number. Single-precision numbers of the sizes
/// that positions and normals have go a shorter way than the general one: whether six, seven or eight digits are enough is seen from nine,
/// in whole numbers, without trying one after the other.
/// </summary>
internal static class ShortestDecimal
{
    /// <summary>The most letters of a number in single precision: <c>-0.0000123456789</c>; below that it has an exponent.</summary>
    public const int MostLetters = 16;

    /// <summary>Room that writing takes: what lies behind the letters is overwritten as well.</summary>
    public const int Room = 24;

    private const float Least = 1e-3f, Most = 1e6f;
    private const int Digits = 9;
    private const uint TooLarge = 1_000_000_000;

    // 5^9 · 2^24 of the largest numbers is below 2^63, and the smallest numbers still come out whole.
    private const int FractionBits = 24, MantissaBits = 23;

    private static readonly ulong[] PowersOfFive = [1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 48828125];

    // letters of 0..255 with a space behind them, and how many
    private static readonly uint[] ByteLetters = [.. Enumerable.Range(0, 256).Select(ToLetters)];

    /// <summary>Writes a number in single precision.</summary>
    /// <param name="value">The number.</param>
    /// <param name="text">Receives it; <see cref="Room"/> bytes.</param>
    /// <returns>Letters.</returns>
    public static int Write(float value, Span<byte> text)
    {
        if (text.Length < Room) throw new ArgumentException("There is not enough room.", nameof(text));
        return Write(value, ref MemoryMarshal.GetReference(text));
    }

    /// <summary>Writes a number in single precision where there is <see cref="Room"/>.</summary>
    /// <returns>Letters.</returns>
    public static int Write(float value, ref byte text)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), magnitude = bits & int.MaxValue;
        float size = BitConverter.UInt32BitsToSingle(magnitude);
        if (!(size >= Least && size < Most)) return General(value, ref text);
        int whole = IntegerDigits(size);
        var (digits, isShort) = LeadingDigits(magnitude, Digits - whole);
        if (!isShort) return General(value, ref text);
        uint first = digits / DecimalDigits.TooLarge;
        ulong others = DecimalDigits.Eight(digits - first * DecimalDigits.TooLarge);
        // digits lie from the lowest byte on, so what leads in bits trails in words
        int zeros = BitOperations.LeadingZeroCount(others) / 8;
        int at = (int)(bits >> 31);
        text = (byte)'-';
        ulong letters = others | DecimalDigits.Letters;
        if (whole > 0)
        {
            At(ref text, at) = (byte)('0' + first);
            DecimalDigits.Put(ref text, at + 1, letters);
            int decimals = Math.Max(Digits - whole - zeros, 0);
            At(ref text, at + whole) = (byte)'.';
            DecimalDigits.Put(ref text, at + whole + 1, letters >> 8 * (whole - 1));
            return at + whole + (decimals > 0 ? 1 + decimals : 0);
        }
        DecimalDigits.Put(ref text, at, 0x30303030_30302E30); // 0.000000
        at += 2 - whole;
        At(ref text, at) = (byte)('0' + first);
        DecimalDigits.Put(ref text, at + 1, letters);
        return at + Digits - zeros;
    }

    /// <summary>Writes a number of 0..255 where there is room for four bytes: a space comes behind it.</summary>
    /// <returns>Letters, without the space.</returns>
    public static int Write(byte value, ref byte text)
    {
        uint letters = ByteLetters[value];
        Unsafe.WriteUnaligned(ref text, BitConverter.IsLittleEndian ? letters : BinaryPrimitives.ReverseEndianness(letters));
        return 1 + (value >= 10 ? 1 : 0) + (value >= 100 ? 1 : 0);
    }

    // Before the point; one less for each zero after it.
    private static int IntegerDigits(float size) =>
        size >= 1e3f ? size >= 1e5f ? 6 : size >= 1e4f ? 5 : 4 : size >= 1 ? size >= 1e2f ? 3 : size >= 10 ? 2 : 1 : size >= 0.1f ? 0 : size >= 0.01f ? -1 : -2;

    /// <summary>The nine leading digits, the last one, two or three of them 0 if that reads back as the same number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint Digits, bool IsShort) LeadingDigits(uint magnitude, int decimals)
    {
        ulong mantissa = magnitude & ((1u << MantissaBits) - 1) | 1u << MantissaBits;
        int shift = (int)(magnitude >> MantissaBits) - 127 - MantissaBits + decimals + FractionBits;
        // the number times 10^decimals, and half way to its neighbours; below a power of two they are nearer
        ulong five = PowersOfFive[decimals], exact = mantissa * five << shift, above = five << (shift - 1);
        ulong below = mantissa == 1u << MantissaBits ? above >> 1 : above;
        uint whole = (uint)(exact >> FractionBits);
        uint nine = (uint)(exact + (1u << (FractionBits - 1)) >> FractionBits);
        uint eight = (whole + 5) / 10 * 10, seven = (whole + 50) / 100 * 100, six = (whole + 500) / 1000 * 1000;
        uint digits = IsSame(eight) ? eight : nine;
        digits = IsSame(seven) ? seven : digits;
        digits = IsSame(six) ? six : digits;
        return (digits, digits < TooLarge);

        // for what is too small the difference wraps round and is larger than anything
        bool IsSame(uint rounded) => ((ulong)rounded << FractionBits) - exact + below - 1 < above + below - 1;
    }

    private static ref byte At(ref byte text, int index) => ref Unsafe.Add(ref text, index);

    private static int General(float value, ref byte text)
    {
        value.TryFormat(MemoryMarshal.CreateSpan(ref text, Room), out int letters, default, NumberFormatInfo.InvariantInfo);
        return letters;
    }

    private static uint ToLetters(int value)
    {
        uint letters = ' ';
        do letters = letters << 8 | (uint)('0' + value % 10);
        while ((value /= 10) > 0);
        return letters;
    }
}
