using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>Eight neighbouring cells of a row, each a few pixels large.</summary>
internal ref struct SmallCells
{
    private const int Lanes = 8;

    /// <summary>Which of them are to be drawn.</summary>
    public Vector256<float> Live;

    /// <summary>First screen column that each may cover.</summary>
    public Vector256<float> Left;

    /// <summary>First screen row that each may cover.</summary>
    public Vector256<float> Top;

    /// <summary>How many columns.</summary>
    public Vector256<float> Columns;

    /// <summary>How many rows.</summary>
    public Vector256<float> Rows;

    /// <summary>Source columns of their upper left corners.</summary>
    public Vector256<float> X;

    /// <summary>Source row of their upper left corners.</summary>
    public Vector256<float> Y;

    /// <summary>Draws them.</summary>
    /// <param name="block">Where they are from.</param>
    /// <param name="tile">What they are drawn into.</param>
    /// <param name="at">The index of the first one's upper left corner.</param>
    /// <param name="below">The index of its lower left corner.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Draw(GridBlock block, RasterTile tile, nuint at, nuint below)
    {
        ref float u = ref MemoryMarshal.GetArrayDataReference(block.U), v = ref MemoryMarshal.GetArrayDataReference(block.V);
        ref float q = ref MemoryMarshal.GetArrayDataReference(block.Q), w = ref MemoryMarshal.GetArrayDataReference(block.W);
        // Corners, relative to the first pixel: a b above, c d below. The upper triangle is a b d, the lower one a d c.
        var (ua, va) = (Vector256.LoadUnsafe(ref u, at) - Left, Vector256.LoadUnsafe(ref v, at) - Top);
        var (ub, vb) = (Vector256.LoadUnsafe(ref u, at + 1) - Left, Vector256.LoadUnsafe(ref v, at + 1) - Top);
        var (uc, vc) = (Vector256.LoadUnsafe(ref u, below) - Left, Vector256.LoadUnsafe(ref v, below) - Top);
        var (ud, vd) = (Vector256.LoadUnsafe(ref u, below + 1) - Left, Vector256.LoadUnsafe(ref v, below + 1) - Top);
        var ab = new Edge(ua, va, ub, vb);
        var bd = new Edge(ub, vb, ud, vd);
        var da = new Edge(ud, vd, ua, va);
        var dc = new Edge(ud, vd, uc, vc);
        var ca = new Edge(uc, vc, ua, va);

        var index = Vector256.ConvertToInt32Native(Top - Vector256.Create((float)tile.Top)) * RasterTile.Width
            + Vector256.ConvertToInt32Native(Left - Vector256.Create((float)tile.Left)) + Vector256.Create(RasterTile.Margin);
        // Usually they cover eight pixels in a row, which can then be compared and stored together.
        uint live = Live.ExtractMostSignificantBits();
        var offsets = index - Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        int first = Unsafe.Add(ref Unsafe.As<Vector256<int>, int>(ref offsets), BitOperations.TrailingZeroCount(live));
        bool inARow = ((offsets ^ Vector256.Create(first)) & Live.AsInt32()) == Vector256<int>.Zero;

        for (int j = 0; ; j++)
        {
            var inRow = Live & Vector256.GreaterThan(Rows, Vector256.Create((float)j));
            if (inRow == Vector256<float>.Zero) return;
            for (int i = 0; ; i++)
            {
                var inside = inRow & Vector256.GreaterThan(Columns, Vector256.Create((float)i));
                if (inside == Vector256<float>.Zero) break;
                var (onAb, onBd, onDa, onDc, onCa) = (ab.At(i, j), bd.At(i, j), da.At(i, j), dc.At(i, j), ca.At(i, j));
                // A point is on one side of the diagonal or the other; on it, on the side that owns it.
                var upper = Vector256.GreaterThanOrEqual(onDa, da.Owned);
                inside &= Vector256.ConditionalSelect(upper,
                    Vector256.GreaterThanOrEqual(onAb, ab.Owned) & Vector256.GreaterThanOrEqual(onBd, bd.Owned),
                    Vector256.GreaterThanOrEqual(onDc, dc.Owned) & Vector256.GreaterThanOrEqual(onCa, ca.Owned));
                if (inside == Vector256<float>.Zero) continue;

                // Weights of a, d and the third corner, then the same divided by depth in the view.
                var weightA = Vector256.ConditionalSelect(upper, onBd, onDc);
                var weightD = Vector256.ConditionalSelect(upper, onAb, onCa);
                var weightThird = Vector256.ConditionalSelect(upper, onDa, -onDa);
                var seen = (weightA * Vector256.LoadUnsafe(ref w, at) + weightD * Vector256.LoadUnsafe(ref w, below + 1)
                    + weightThird * Vector256.ConditionalSelect(upper, Vector256.LoadUnsafe(ref w, at + 1), Vector256.LoadUnsafe(ref w, below)))
                    / (weightA + weightD + weightThird);
                var partA = weightA * Vector256.LoadUnsafe(ref q, at);
                var partD = weightD * Vector256.LoadUnsafe(ref q, below + 1);
                var partThird = weightThird * Vector256.ConditionalSelect(upper, Vector256.LoadUnsafe(ref q, at + 1), Vector256.LoadUnsafe(ref q, below));
                var share = Vector256<float>.One / (partA + partD + partThird);
                var x = X + (partD + (partThird & upper)) * share;
                var y = Y + (partD + Vector256.AndNot(partThird, upper)) * share;
                if (inARow) tile.Store(first + j * RasterTile.Width + i, inside, seen, x, y);
                else StoreEach(tile, index, j * RasterTile.Width + i, inside.ExtractMostSignificantBits(), seen, x, y);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreEach(RasterTile tile, Vector256<int> index, int offset, uint inside, Vector256<float> w, Vector256<float> x, Vector256<float> y)
    {
        ref int indices = ref Unsafe.As<Vector256<int>, int>(ref index);
        ref float ws = ref Unsafe.As<Vector256<float>, float>(ref w), xs = ref Unsafe.As<Vector256<float>, float>(ref x), ys = ref Unsafe.As<Vector256<float>, float>(ref y);
        for (; inside != 0; inside &= inside - 1)
        {
            int lane = BitOperations.TrailingZeroCount(inside);
            tile.Store(Unsafe.Add(ref indices, lane) + offset, Unsafe.Add(ref ws, lane), Unsafe.Add(ref xs, lane), Unsafe.Add(ref ys, lane));
        }
    }

    // The edge function at pixels beside the first one; see RasterTile.
    private readonly ref struct Edge
    {
        private readonly Vector256<float> _origin, _perColumn, _perRow;

        /// <summary>The least value of a point that belongs to the edge's triangle.</summary>
        public readonly Vector256<float> Owned;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Edge(Vector256<float> fromU, Vector256<float> fromV, Vector256<float> toU, Vector256<float> toV)
        {
            _perColumn = fromV - toV;
            _perRow = toU - fromU;
            _origin = -(_perRow * fromV + _perColumn * fromU);
            var topOrLeft = Vector256.GreaterThan(_perColumn, Vector256<float>.Zero)
                | (Vector256.Equals(_perColumn, Vector256<float>.Zero) & Vector256.GreaterThan(_perRow, Vector256<float>.Zero));
            Owned = Vector256.AndNot(Vector256.Create((float)RasterTile.HalfStep), topOrLeft);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> At(int column, int row) => _origin + _perColumn * column + _perRow * row;
    }
}
