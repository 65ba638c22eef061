using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// Draws the cells of a block into a tile: two triangles a cell, split from upper left to lower right. Nearly all are about a pixel
/// large, so eight cells are set up at once and asked pixel by pixel what they cover; what is larger, or has lost a
/// triangle, goes one by one.
/// </summary>
internal static class CellRasterizer
{
    private const int Lanes = 8;

    // Up to so many pixels across and down, edge functions in steps of 1/256 px are exact in single precision.
    private const float Small = 4;

    /// <summary>Draws all cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Draw(GridBlock block, RasterTile tile)
    {
        ref float u = ref MemoryMarshal.GetArrayDataReference(block.U), v = ref MemoryMarshal.GetArrayDataReference(block.V);
        ref float q = ref MemoryMarshal.GetArrayDataReference(block.Q);
        var counting = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        var (tileLeft, tileTop) = (Vector256.Create((float)tile.Left), Vector256.Create((float)tile.Top));
        var (tileRight, tileBottom) = (Vector256.Create((float)tile.Right), Vector256.Create((float)tile.Bottom));
        for (int j = 0; j < block.CellRows; j++)
            for (int i = 0; i < block.CellColumns; i += Lanes)
            {
                nuint at = (nuint)(j * GridBlock.Stride + i), below = at + GridBlock.Stride;
                var (qa, qb) = (Vector256.LoadUnsafe(ref q, at), Vector256.LoadUnsafe(ref q, at + 1));
                var (qc, qd) = (Vector256.LoadUnsafe(ref q, below), Vector256.LoadUnsafe(ref q, below + 1));
                var inGrid = Vector256.LessThan(counting, Vector256.Create((float)(block.CellColumns - i)));
                var whole = Vector256.GreaterThan(Vector256.MinNative(Vector256.MinNative(qa, qb), Vector256.MinNative(qc, qd)), Vector256<float>.Zero) & inGrid;
                whole = Vector256.AndNot(whole, Torn(block, at, below));
                uint partly = Vector256.AndNot(Vector256.GreaterThan(Vector256.MaxNative(Vector256.MaxNative(qa, qb), Vector256.MaxNative(qc, qd)), Vector256<float>.Zero) & inGrid, whole).ExtractMostSignificantBits();

                var (ua, va) = (Vector256.LoadUnsafe(ref u, at), Vector256.LoadUnsafe(ref v, at));
                var (ub, vb) = (Vector256.LoadUnsafe(ref u, at + 1), Vector256.LoadUnsafe(ref v, at + 1));
                var (uc, vc) = (Vector256.LoadUnsafe(ref u, below), Vector256.LoadUnsafe(ref v, below));
                var (ud, vd) = (Vector256.LoadUnsafe(ref u, below + 1), Vector256.LoadUnsafe(ref v, below + 1));
                var (minU, maxU) = Range(ua, ub, uc, ud);
                var (minV, maxV) = Range(va, vb, vc, vd);
                var small = Vector256.LessThanOrEqual(maxU - minU, Vector256.Create(Small)) & Vector256.LessThanOrEqual(maxV - minV, Vector256.Create(Small));
                uint large = Vector256.AndNot(whole, small).ExtractMostSignificantBits();

                // Pixels [left, right) × [top, bottom): what lies on the lowest row or rightmost column belongs to the next cell.
                var (left, right) = (Vector256.MaxNative(Vector256.Ceiling(minU), tileLeft), Vector256.MinNative(Vector256.Ceiling(maxU), tileRight));
                var (top, bottom) = (Vector256.MaxNative(Vector256.Ceiling(minV), tileTop), Vector256.MinNative(Vector256.Ceiling(maxV), tileBottom));
                var live = whole & small & Vector256.LessThan(left, right) & Vector256.LessThan(top, bottom);
                if (live != Vector256<float>.Zero)
                {
                    var cells = new SmallCells
                    {
                        Live = live,
                        Left = left,
                        Top = top,
                        Columns = right - left,
                        Rows = bottom - top,
                        X = counting + Vector256.Create((float)(block.X + i)),
                        Y = Vector256.Create((float)(block.Y + j)),
                    };
                    cells.Draw(block, tile, at, below);
                }
                for (uint lanes = partly | large; lanes != 0; lanes &= lanes - 1)
                    CellFragment.Draw(block, tile, i + BitOperations.TrailingZeroCount(lanes), j);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Min, Vector256<float> Max) Range(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) =>
        (Vector256.MinNative(Vector256.MinNative(a, b), Vector256.MinNative(c, d)), Vector256.MaxNative(Vector256.MaxNative(a, b), Vector256.MaxNative(c, d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Torn(GridBlock block, nuint at, nuint below)
    {
        ref byte right = ref MemoryMarshal.GetArrayDataReference(block.TornRight), down = ref MemoryMarshal.GetArrayDataReference(block.TornDown);
        ulong torn = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref right, at)) | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref right, below))
            | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref down, at)) | Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref down, at + 1));
        if (torn == 0) return Vector256<float>.Zero;
        var wide = Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(torn).AsByte()).ToVector256Unsafe());
        return Vector256.GreaterThan(wide, Vector256<uint>.Zero).AsSingle();
    }
}
