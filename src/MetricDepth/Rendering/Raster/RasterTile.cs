using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// A part of the screen while triangles are drawn into it: what is nearest at each pixel, and where in the source its colour is.
/// A pixel belongs to a triangle when its centre is inside, or on a top or left edge (the rule of graphics hardware), so that of two
/// triangles that share an edge exactly one has it. Triangles seen from behind are not drawn: they are the far side of
/// something. Where two are equally near the first one stays.
/// </summary>
internal sealed class RasterTile
{
    /// <summary>Width of a tile, px.</summary>
    public const int Width = 512;

    /// <summary>Height of a tile, px.</summary>
    public const int Height = 64;

    /// <summary>Entries before the first pixel and behind the last, for whole vectors that begin or end outside.</summary>
    public const int Margin = 8;

    /// <summary>Half of the smallest difference of two products of screen coordinates: what an edge that does not own its points lacks.</summary>
    public const double HalfStep = 0.5 / (GridBlock.Subpixels * GridBlock.Subpixels);

    private float _widestTriangle;

    /// <summary>Inverse depth, 1/m, 0 where nothing was drawn yet.</summary>
    public float[] W { get; } = new float[Width * Height + 2 * Margin];

    /// <summary>Column in the source, px.</summary>
    public float[] X { get; } = new float[Width * Height + 2 * Margin];

    /// <summary>Row in the source, px; -1 - row where only the corners of one triangle may give colour.</summary>
    public float[] Y { get; } = new float[Width * Height + 2 * Margin];

    /// <summary>First column.</summary>
    public int Left { get; private set; }

    /// <summary>First row.</summary>
    public int Top { get; private set; }

    /// <summary>Column behind the last.</summary>
    public int Right { get; private set; }

    /// <summary>Row below the last.</summary>
    public int Bottom { get; private set; }

    /// <summary>Begins an empty tile.</summary>
    public void Begin(Projection projection, int left, int top)
    {
        _widestTriangle = projection.WidestTriangle;
        (Left, Top) = (left, top);
        Right = Math.Min(left + Width, projection.Width);
        Bottom = Math.Min(top + Height, projection.Height);
        W.AsSpan(0, Margin + (Bottom - Top) * Width).Clear();
    }

    /// <summary>The index of a pixel.</summary>
    public int Index(int x, int y) => Margin + (y - Top) * Width + (x - Left);

    /// <summary>Draws a triangle of any size.</summary>
    /// <param name="a">A corner.</param>
    /// <param name="b">The next one, clockwise on the screen.</param>
    /// <param name="c">The last one.</param>
    /// <param name="alone">Whether colour comes from the three corners only, not from the whole cell that they are part of.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Draw(in RasterVertex a, in RasterVertex b, in RasterVertex c, bool alone)
    {
        float minU = Math.Min(Math.Min(a.U, b.U), c.U), maxU = Math.Max(Math.Max(a.U, b.U), c.U);
        float minV = Math.Min(Math.Min(a.V, b.V), c.V), maxV = Math.Max(Math.Max(a.V, b.V), c.V);
        int left = Math.Max((int)MathF.Ceiling(minU), Left), right = Math.Min((int)MathF.Ceiling(maxU), Right);
        int top = Math.Max((int)MathF.Ceiling(minV), Top), bottom = Math.Min((int)MathF.Ceiling(maxV), Bottom);
        if (left >= right || top >= bottom || maxU - minU > _widestTriangle || !(a.Q > 0 && b.Q > 0 && c.Q > 0)) return;

        // Twice the areas that a point makes with the edges: its weights for the corners opposite.
        var ab = new Edge(a, b);
        var bc = new Edge(b, c);
        var ca = new Edge(c, a);
        double area = ab.At(c.U, c.V);
        if (!(area > 0)) return;

        left = Left + ((left - Left) & ~3);
        double sign = alone ? -1 : 1, shift = alone ? -1 : 0;
        var counting = Vector256.Create(0d, 1, 2, 3);
        var (quarterAb, quarterBc, quarterCa) = (Vector256.Create(4 * ab.PerColumn), Vector256.Create(4 * bc.PerColumn), Vector256.Create(4 * ca.PerColumn));
        for (int y = top; y < bottom; y++)
        {
            var onAb = Vector256.Create(ab.At(left, y)) + counting * ab.PerColumn;
            var onBc = Vector256.Create(bc.At(left, y)) + counting * bc.PerColumn;
            var onCa = Vector256.Create(ca.At(left, y)) + counting * ca.PerColumn;
            int index = Index(left, y);
            for (int x = left; x < right; x += 4, index += 4, onAb += quarterAb, onBc += quarterBc, onCa += quarterCa)
            {
                var inside = Vector256.GreaterThanOrEqual(onAb, Vector256.Create(ab.Owned)) & Vector256.GreaterThanOrEqual(onBc, Vector256.Create(bc.Owned))
                    & Vector256.GreaterThanOrEqual(onCa, Vector256.Create(ca.Owned));
                if (inside == Vector256<double>.Zero) continue;
                var w = (onBc * a.W + onCa * b.W + onAb * c.W) / Vector256.Create(area);
                var (qa, qb, qc) = (onBc * a.Q, onCa * b.Q, onAb * c.Q);
                var part = Vector256<double>.One / (qa + qb + qc);
                var sourceX = (qa * a.X + qb * b.X + qc * c.X) * part;
                var sourceY = (qa * a.Y + qb * b.Y + qc * c.Y) * part * sign + Vector256.Create(shift);
                Store(index, Narrow(inside), Narrow(w), Narrow(sourceX), Narrow(sourceY));
            }
        }
    }

    /// <summary>Puts eight neighbouring pixels where they are nearer than what is there.</summary>
    /// <param name="index">The first one.</param>
    /// <param name="inside">Which of them, all bits set.</param>
    /// <param name="w">Their inverse depth.</param>
    /// <param name="x">Their column in the source.</param>
    /// <param name="y">Their row in the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int index, Vector256<float> inside, Vector256<float> w, Vector256<float> x, Vector256<float> y)
    {
        ref float nearest = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(W), index);
        var before = Vector256.LoadUnsafe(ref nearest);
        var mask = inside & Vector256.GreaterThan(w, before);
        ref float columns = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(X), index);
        ref float rows = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Y), index);
        Vector256.ConditionalSelect(mask, w, before).StoreUnsafe(ref nearest);
        Vector256.ConditionalSelect(mask, x, Vector256.LoadUnsafe(ref columns)).StoreUnsafe(ref columns);
        Vector256.ConditionalSelect(mask, y, Vector256.LoadUnsafe(ref rows)).StoreUnsafe(ref rows);
    }

    /// <summary>Puts a pixel where it is nearer than what is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int index, float w, float x, float y)
    {
        ref float nearest = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(W), index);
        if (!(w > nearest)) return;
        nearest = w;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(X), index) = x;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Y), index) = y;
    }

    private static Vector128<float> Narrow(Vector256<double> v) => Vector256.Narrow(v, v).GetLower();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int index, Vector128<float> inside, Vector128<float> w, Vector128<float> x, Vector128<float> y)
    {
        // A mask of 64 bits narrows to a number that is not one; all its bits are set all the same, or none.
        var mask = Vector128.Equals(inside.AsInt32(), Vector128<int>.Zero).AsSingle();
        ref float nearest = ref MemoryMarshal.GetArrayDataReference(W);
        var before = Vector128.LoadUnsafe(ref nearest, (nuint)index);
        mask = Vector128.AndNot(Vector128.GreaterThan(w, before), mask);
        if (mask == Vector128<float>.Zero) return;
        Vector128.ConditionalSelect(mask, w, before).StoreUnsafe(ref nearest, (nuint)index);
        ref float columns = ref MemoryMarshal.GetArrayDataReference(X);
        ref float rows = ref MemoryMarshal.GetArrayDataReference(Y);
        Vector128.ConditionalSelect(mask, x, Vector128.LoadUnsafe(ref columns, (nuint)index)).StoreUnsafe(ref columns, (nuint)index);
        Vector128.ConditionalSelect(mask, y, Vector128.LoadUnsafe(ref rows, (nuint)index)).StoreUnsafe(ref rows, (nuint)index);
    }

    // The edge function (Pineda, "A Parallel Algorithm for Polygon Rasterization", SIGGRAPH 1988), exact in double precision.
    private readonly struct Edge(in RasterVertex from, in RasterVertex to)
    {
        private readonly double _u = from.U, _v = from.V, _perRow = (double)to.U - from.U;

        public readonly double PerColumn = (double)from.V - to.V;

        /// <summary>The least value of a point that belongs to the edge's triangle: 0 on a top or left edge.</summary>
        public readonly double Owned = to.V < from.V || (to.V == from.V && to.U > from.U) ? 0 : HalfStep;

        public double At(double u, double v) => _perRow * (v - _v) + PerColumn * (u - _u);
    }
}
