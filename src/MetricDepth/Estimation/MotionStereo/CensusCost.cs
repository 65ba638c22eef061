using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Centre-symmetric census: one bit for each of the 31 pairs of pixels that face each other across the middle of a 9×7 window,
/// set where the first is brighter. Two places match when few bits differ, whatever exposure and gain did.
/// (Spangenberg, Langner, Rojas: Weighted Semi-Global Matching and Center-Symmetric Census Transform, 2013.)
/// </summary>
internal static class CensusCost
{
    /// <summary>The most bits that can differ.</summary>
    public const int Bits = 31;

    private const int RadiusX = 4, RadiusY = 3;

    /// <summary>The census of every pixel; the window is clamped to the picture at its border.</summary>
    public static void Transform(Plane<byte> luma, Plane<uint> census)
    {
        int w = luma.Width, h = luma.Height, stride = w + 2 * RadiusX;
        // seven rows with replicated borders, so that the inner loop has no bounds to mind
        var rows = new byte[2 * RadiusY + 1][];
        for (int i = 0; i < rows.Length; i++) rows[i] = new byte[stride + Vector256<byte>.Count];
        for (int y = 0; y < h; y++)
        {
            for (int i = y == 0 ? 0 : rows.Length - 1; i < rows.Length; i++)
            {
                if (y > 0) Rotate(rows);
                Replicate(luma.Row(Math.Clamp(y + i - RadiusY, 0, h - 1)), rows[i]);
            }
            TransformRow(rows, census.Row(y));
        }
    }

    private static void Rotate(byte[][] rows)
    {
        var first = rows[0];
        Array.Copy(rows, 1, rows, 0, rows.Length - 1);
        rows[^1] = first;
    }

    private static void Replicate(ReadOnlySpan<byte> from, byte[] to)
    {
        from.CopyTo(to.AsSpan(RadiusX));
        to.AsSpan(0, RadiusX).Fill(from[0]);
        to.AsSpan(RadiusX + from.Length).Fill(from[^1]);
    }

    private static void TransformRow(byte[][] rows, Span<uint> census)
    {
        const int lanes = 32;
        Span<uint> tail = stackalloc uint[lanes];
        for (int x = 0; x < census.Length; x += lanes)
        {
            Vector256<byte> b0 = default, b1 = default, b2 = default, b3 = default;
            int bit = 0;
            for (int dy = -RadiusY; dy <= 0; dy++)
                for (int dx = -RadiusX; dx <= (dy < 0 ? RadiusX : -1); dx++, bit++)
                {
                    // the window's column 0 lies at offset x in a row that starts RadiusX early
                    var a = Load(rows[RadiusY + dy], x + RadiusX + dx);
                    var b = Load(rows[RadiusY - dy], x + RadiusX - dx);
                    var set = Vector256.GreaterThan(a, b) & Vector256.Create((byte)(1 << (bit & 7)));
                    if (bit < 8) b0 |= set;
                    else if (bit < 16) b1 |= set;
                    else if (bit < 24) b2 |= set;
                    else b3 |= set;
                }
            var target = x + lanes <= census.Length ? census.Slice(x, lanes) : tail;
            Interleave(b0, b1, b2, b3, target);
            if (x + lanes > census.Length) tail[..(census.Length - x)].CopyTo(census[x..]);
        }

        static Vector256<byte> Load(byte[] row, int at) => at + 32 <= row.Length
            ? Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(row), (nuint)at)
            : LoadTail(row, at);

        static Vector256<byte> LoadTail(byte[] row, int at)
        {
            Span<byte> t = stackalloc byte[32];
            row.AsSpan(Math.Min(at, row.Length)).CopyTo(t);
            return Vector256.Create<byte>(t);
        }
    }

    private static void Interleave(Vector256<byte> b0, Vector256<byte> b1, Vector256<byte> b2, Vector256<byte> b3, Span<uint> to)
    {
        for (int i = 0; i < 4; i++)
        {
            // eight bytes of each plane widened to 32 bits
            var w0 = Widen(b0, i);
            var w1 = Widen(b1, i);
            var w2 = Widen(b2, i);
            var w3 = Widen(b3, i);
            (w0 | (w1 << 8) | (w2 << 16) | (w3 << 24)).CopyTo(to[(8 * i)..]);
        }

        static Vector256<uint> Widen(Vector256<byte> v, int eighth)
        {
            var half = Vector128.Create(v.AsUInt64().GetElement(eighth), 0UL).AsByte();
            var (lo, hi) = Vector128.Widen(Vector128.WidenLower(half));
            return Vector256.Create(lo, hi);
        }
    }

    /// <summary>The number of set bits in each 32-bit lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> PopCount(Vector256<uint> v)
    {
        if (Avx2.IsSupported)
        {
            var table = Vector256.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            var low = v.AsByte() & Vector256.Create((byte)15);
            var high = (v >>> 4).AsByte() & Vector256.Create((byte)15);
            var bytes = Avx2.Add(Avx2.Shuffle(table, low), Avx2.Shuffle(table, high));
            var pairs = Avx2.MultiplyAddAdjacent(bytes, Vector256.Create((sbyte)1));
            return Avx2.MultiplyAddAdjacent(pairs, Vector256.Create((short)1));
        }
        // the classic bit-parallel sum (Warren, Hacker's Delight, 5-1)
        v -= (v >>> 1) & Vector256.Create(0x55555555u);
        v = (v & Vector256.Create(0x33333333u)) + ((v >>> 2) & Vector256.Create(0x33333333u));
        v = (v + (v >>> 4)) & Vector256.Create(0x0F0F0F0Fu);
        return ((v * Vector256.Create(0x01010101u)) >>> 24).AsInt32();
    }
}
