using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MetricDepth.Export;

/// <summary>Eight decimal digits at a time, as the bytes of one number: the first digit is the lowest byte.</summary>
internal static class DecimalDigits
{
    /// <summary>Makes letters of digits.</summary>
    public const ulong Letters = 0x3030303030303030;

    /// <summary>How many digits <see cref="Eight"/> makes.</summary>
    public const int Count = 8;

    /// <summary>The least number that has more than eight digits.</summary>
    public const uint TooLarge = 100_000_000;

    /// <summary>The digits of a number below <see cref="TooLarge"/>, with leading zeros: two, then four, then eight numbers side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(uint number)
    {
        uint upper = number / 10_000;
        ulong v = upper | (ulong)(number - upper * 10_000) << 32;
        ulong hundreds = (v * 10_486 >> 20) & 0x7F_0000_007F;
        v = hundreds | (v - hundreds * 100) << 16;
        ulong tens = (v * 103 >> 10) & 0x000F_000F_000F_000F;
        return tens | (v - tens * 10) << 8;
    }

    /// <summary>Writes eight bytes, the lowest one first, where there is room for them.</summary>
    public static void Put(ref byte text, int index, ulong letters) => Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, index),
        BitConverter.IsLittleEndian ? letters : BinaryPrimitives.ReverseEndianness(letters));
}
