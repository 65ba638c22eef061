using System.Numerics;
using System.Runtime.InteropServices;

namespace MetricDepth.Imaging.OpenExr;

/// <summary>
/// What EXR does to bytes before it packs them: the bytes at even places first, then those at odd places, and of each but the first
/// its difference from the one before, plus 128. (The OpenEXR file layout describes the result; RLE, ZIPS and ZIP share it.)
/// </summary>
internal static class ExrShuffle
{
    private const byte Middle = 128;

    /// <summary>Reorders and takes differences.</summary>
    /// <param name="bytes">A block's bytes.</param>
    /// <param name="reordered">Scratch of the same length.</param>
    /// <param name="differences">The result, of the same length.</param>
    public static void Apply(ReadOnlySpan<byte> bytes, Span<byte> reordered, Span<byte> differences)
    {
        int half = (bytes.Length + 1) / 2;
        Span<byte> even = reordered[..half], odd = reordered[half..bytes.Length];
        int at = 0;
        if (BitConverter.IsLittleEndian)
        {
            var low = new Vector<ushort>(0xFF);
            int step = Vector<byte>.Count;
            for (; at + 2 * step <= bytes.Length; at += 2 * step)
            {
                var a = new Vector<ushort>(bytes[at..]);
                var b = new Vector<ushort>(bytes[(at + step)..]);
                Vector.Narrow(a & low, b & low).CopyTo(even[(at / 2)..]);
                Vector.Narrow(Vector.ShiftRightLogical(a, 8), Vector.ShiftRightLogical(b, 8)).CopyTo(odd[(at / 2)..]);
            }
        }
        for (; at < bytes.Length; at++) (at % 2 == 0 ? even : odd)[at / 2] = bytes[at];

        if (bytes.IsEmpty) return;
        differences[0] = reordered[0];
        int i = 1;
        var middle = new Vector<byte>(Middle);
        for (; i + Vector<byte>.Count <= bytes.Length; i += Vector<byte>.Count)
            (new Vector<byte>(reordered[i..]) - new Vector<byte>(reordered[(i - 1)..]) + middle).CopyTo(differences[i..]);
        for (; i < bytes.Length; i++) differences[i] = (byte)(reordered[i] - reordered[i - 1] + Middle);
    }

    /// <summary>Adds the differences up and puts the bytes back where they were.</summary>
    /// <param name="differences">A block as it was unpacked; changed.</param>
    /// <param name="bytes">The result, of the same length.</param>
    public static void Undo(Span<byte> differences, Span<byte> bytes)
    {
        byte sum = Middle; // the first is no difference
        foreach (ref byte d in differences) d = sum = (byte)(sum + d - Middle);
        int half = (differences.Length + 1) / 2;
        ReadOnlySpan<byte> even = differences[..half], odd = differences[half..];
        int at = 0;
        if (BitConverter.IsLittleEndian)
        {
            int step = Vector<byte>.Count;
            for (; at + step <= odd.Length; at += step)
            {
                Vector.Widen(new Vector<byte>(even[at..]), out var evenLow, out var evenHigh);
                Vector.Widen(new Vector<byte>(odd[at..]), out var oddLow, out var oddHigh);
                var target = MemoryMarshal.Cast<byte, ushort>(bytes[(2 * at)..]);
                (evenLow | Vector.ShiftLeft(oddLow, 8)).CopyTo(target);
                (evenHigh | Vector.ShiftLeft(oddHigh, 8)).CopyTo(target[Vector<ushort>.Count..]);
            }
        }
        for (; at < even.Length; at++)
        {
            bytes[2 * at] = even[at];
            if (at < odd.Length) bytes[2 * at + 1] = odd[at];
        }
    }
}
