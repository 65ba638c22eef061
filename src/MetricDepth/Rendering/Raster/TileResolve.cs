using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// Turns a finished tile into pixels: colour is sampled once for each pixel seen, between the four pixels of the source around its
/// place; between three where the cell it lies in has lost its other triangle, so that nothing comes from across a tear.
/// </summary>
internal static class TileResolve
{
    private const int FractionBits = 8, One = 1 << FractionBits, Lanes = 8;

    /// <summary>Writes a tile's part of the view.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="source">The colours that it has the places of.</param>
    /// <param name="view">The view.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(RasterTile tile, SourceColors source, ViewImage view)
    {
        ref float depths = ref MemoryMarshal.GetArrayDataReference(view.InverseDepth);
        ref uint colors = ref MemoryMarshal.GetArrayDataReference(view.Color), pixels = ref MemoryMarshal.GetArrayDataReference(source.Pixels);
        ref byte mask = ref MemoryMarshal.GetArrayDataReference(view.Holes);
        var (lastX, lastY) = (Vector256.Create((source.Width - 1) << FractionBits), Vector256.Create((source.Height - 1) << FractionBits));
        // Of a halved picture the first pixel's centre lies between the first two of the whole one.
        var (scale, shift) = (Vector256.Create((float)One / (1 << source.Level)), Vector256.Create(0.5f + (0.5f / (1 << source.Level) - 0.5f) * One));
        for (int y = tile.Top; y < tile.Bottom; y++)
            // The view's rows are padded to whole vectors, so nothing is written beyond them.
            for (int x = tile.Left; x < tile.Right; x += Lanes)
            {
                int from = tile.Index(x, y), to = y * view.Stride + x;
                var w = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(tile.W), (nuint)from);
                w.StoreUnsafe(ref depths, (nuint)to);
                var hole = Vector256.Equals(w, Vector256<float>.Zero).AsInt32();
                var narrow = Vector128.Narrow(hole.GetLower(), hole.GetUpper());
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref mask, to), Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar());
                if (Vector256.EqualsAll(hole, Vector256<int>.AllBitsSet))
                {
                    Vector256<uint>.Zero.StoreUnsafe(ref colors, (nuint)to);
                    continue;
                }
                // What a hole holds is left over from another tile, or nothing yet; it is kept inside the picture all the same.
                var row = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(tile.Y), (nuint)from);
                var alone = Vector256.LessThan(row, Vector256<float>.Zero);
                row = Vector256.ConditionalSelect(alone, -Vector256<float>.One - row, row);
                var px = ToFixed(Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(tile.X), (nuint)from), scale, shift, lastX);
                var py = ToFixed(row, scale, shift, lastY);
                Vector256.AndNot(Sample(ref pixels, source.Width, px, py, lastX, lastY, alone.AsInt32()), hole.AsUInt32()).StoreUnsafe(ref colors, (nuint)to);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToFixed(Vector256<float> position, Vector256<float> scale, Vector256<float> shift, Vector256<int> last) =>
        Vector256.Min(Vector256.Max(Vector256.ConvertToInt32Native(position * scale + shift), Vector256<int>.Zero), last);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Sample(ref uint pixels, int width, Vector256<int> px, Vector256<int> py,
        Vector256<int> lastX, Vector256<int> lastY, Vector256<int> alone)
    {
        var (x, y) = (px >> FractionBits, py >> FractionBits);
        var (fx, fy) = (px & Vector256.Create(One - 1), py & Vector256.Create(One - 1));
        var weightD = (fx * fy + Vector256.Create(One / 2)) >> FractionBits;
        if (alone != Vector256<int>.Zero) weightD = Vector256.ConditionalSelect(alone, Vector256.Min(fx, fy), weightD);
        var (weightB, weightC) = (fx - weightD, fy - weightD);
        var weightA = Vector256.Create(One) - fx - weightC;

        var at = y * width + x;
        Vector256<uint> a, b, c, d;
        int first = at.ToScalar();
        if (Vector256.EqualsAll(at, Vector256.Create(first) + Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7))
            && Vector256.LessThanAll(px, lastX) && Vector256.LessThanAll(py, lastY))
        {
            ref uint start = ref Unsafe.Add(ref pixels, first);
            a = Vector256.LoadUnsafe(ref start);
            b = Vector256.LoadUnsafe(ref start, 1);
            c = Vector256.LoadUnsafe(ref start, (nuint)width);
            d = Vector256.LoadUnsafe(ref start, (nuint)width + 1);
        }
        else
        {
            var right = Vector256.LessThan(px, lastX) & Vector256<int>.One;
            var down = Vector256.LessThan(py, lastY) & Vector256.Create(width);
            a = PixelGather.Load(ref pixels, at);
            b = PixelGather.Load(ref pixels, at + right);
            c = PixelGather.Load(ref pixels, at + down);
            d = PixelGather.Load(ref pixels, at + right + down);
        }
        // Two channels at a time in 16-bit halves: the weights sum to 256, so with 128 for rounding every half stays below 2^16.
        var redBlue = Vector256.Create(0x00FF00FFu);
        var green = Vector256.Create(0x000000FFu);
        var (wa, wb, wc, wd) = (weightA.AsUInt32(), weightB.AsUInt32(), weightC.AsUInt32(), weightD.AsUInt32());
        var mixedRedBlue = (a & redBlue) * wa + (b & redBlue) * wb + (c & redBlue) * wc + (d & redBlue) * wd + Vector256.Create(0x00800080u);
        var mixedGreen = (a >> 8 & green) * wa + (b >> 8 & green) * wb + (c >> 8 & green) * wc + (d >> 8 & green) * wd + Vector256.Create(0x00000080u);
        return ((mixedRedBlue >> 8) & redBlue) | (mixedGreen & (green << 8));
    }
}
