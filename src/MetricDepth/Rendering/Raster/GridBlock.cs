using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering.Raster;

/// <summary>
/// A block of cells of the depth grid, projected to the screen. The grid has one cell more than pixels each way: outside the
/// picture lies a border without depth, so that pixels at the picture's edge are like any whose neighbour has none.
/// </summary>
internal sealed class GridBlock
{
    /// <summary>Cells in a block, across.</summary>
    public const int Columns = 64;

    /// <summary>Cells in a block, down.</summary>
    public const int Rows = 8;

    /// <summary>From one row of vertices to the next: whole vectors fit behind the last.</summary>
    public const int Stride = Columns + Lanes;

    /// <summary>Steps of screen coordinates in a pixel.</summary>
    public const float Subpixels = 256;

    // Nearer than this, m, nothing is seen; further off the screen than this, px, nothing is drawn. Together with 1/256 px steps
    // the latter keeps products of two differences within a double's 53 bits.
    private const float Nearest = 1e-4f, Furthest = 1 << 17;
    private const int Lanes = 8, Size = Stride * (Rows + 1);

    private readonly float[] _inverseDepth = new float[Stride];
    private SourceImage _source = null!;
    private Projection _projection = null!;
    private SourceRays _rays;

    /// <summary>Screen columns of the vertices, px.</summary>
    public float[] U { get; } = new float[Size];

    /// <summary>Screen rows of the vertices, px.</summary>
    public float[] V { get; } = new float[Size];

    /// <summary>Depth in the source over depth in the view; 0 where there is no depth or nothing can be seen.</summary>
    public float[] Q { get; } = new float[Size];

    /// <summary>Inverse depth in the view, 1/m.</summary>
    public float[] W { get; } = new float[Size];

    /// <summary><see cref="SourceImage.TornRight"/> of the vertices.</summary>
    public byte[] TornRight { get; } = new byte[Size];

    /// <summary><see cref="SourceImage.TornDown"/> of the vertices.</summary>
    public byte[] TornDown { get; } = new byte[Size];

    /// <summary>Source column of the first vertex; -1 is the border.</summary>
    public int X { get; private set; }

    /// <summary>Source row of the first vertex; -1 is the border.</summary>
    public int Y { get; private set; }

    /// <summary>Cells across that are in the grid.</summary>
    public int CellColumns { get; private set; }

    /// <summary>Cells down that are in the grid.</summary>
    public int CellRows { get; private set; }

    /// <summary>Blocks across in the grid of a picture.</summary>
    public static int Across(int width) => (width + Columns) / Columns;

    /// <summary>Blocks down in the grid of a picture.</summary>
    public static int Down(int height) => (height + Rows) / Rows;

    /// <summary>Says what blocks are taken from until further notice.</summary>
    public void Use(SourceImage source, in SourceRays rays, Projection projection) => (_source, _rays, _projection) = (source, rays, projection);

    /// <summary>Projects the vertices of a block.</summary>
    /// <param name="column">Which block, from the left.</param>
    /// <param name="row">Which block, from the top.</param>
    public void Load(int column, int row)
    {
        X = column * Columns - 1;
        Y = row * Rows - 1;
        CellColumns = Math.Min(Columns, _source.Width - X);
        CellRows = Math.Min(Rows, _source.Height - Y);
        for (int j = 0; j <= CellRows; j++)
        {
            CopyRow(_source.TornRight, j, TornRight.AsSpan(j * Stride, Stride));
            CopyRow(_source.TornDown, j, TornDown.AsSpan(j * Stride, Stride));
            CopyRow(_source.InverseDepth, j, _inverseDepth);
            ProjectRow(j, 0, 0, U.AsSpan(j * Stride), V.AsSpan(j * Stride), Q.AsSpan(j * Stride), W.AsSpan(j * Stride));
        }
    }

    /// <summary>The part of the screen that the block's cells can touch.</summary>
    public ScreenBounds Bounds()
    {
        // Rows lie behind each other; what fills them up is not seen.
        int rows = CellRows + 1, count = rows * Stride;
        var bounds = ScreenBounds.Nothing.With(U.AsSpan(0, count), V.AsSpan(0, count), Q.AsSpan(0, count));
        if (bounds.IsEmpty || IsWhole()) return bounds;
        // What ends here reaches up to a pixel beyond its vertex.
        Span<float> u = stackalloc float[Stride], v = stackalloc float[Stride], q = stackalloc float[Stride], w = stackalloc float[Stride];
        q.Clear();
        for (int j = 0; j < rows; j++)
        {
            CopyRow(_source.InverseDepth, j, _inverseDepth);
            for (int corner = 0; corner < 4; corner++)
            {
                ProjectRow(j, 2 * (corner & 1) - 1, 2 * (corner >> 1) - 1, u, v, q, w);
                bounds = bounds.With(u, v, q);
            }
        }
        return bounds;
    }

    // Whether every vertex is seen and nothing is torn.
    private bool IsWhole()
    {
        if (TornRight.AsSpan(0, (CellRows + 1) * Stride).ContainsAnyExcept((byte)0) || TornDown.AsSpan(0, (CellRows + 1) * Stride).ContainsAnyExcept((byte)0)) return false;
        for (int j = 0; j <= CellRows; j++)
            if (Q.AsSpan(j * Stride, CellColumns + 1).Contains(0)) return false;
        return true;
    }

    /// <summary>A vertex of the block.</summary>
    public RasterVertex Vertex(int column, int row)
    {
        int i = row * Stride + column;
        return new(U[i], V[i], Q[i], W[i], X + column, Y + row);
    }

    /// <summary>A place beside a vertex, as near in the source as that vertex, with its colour.</summary>
    public RasterVertex Beside(int column, int row, float dx, float dy)
    {
        float inverseDepth = _source.InverseDepth[(Y + row) * _source.Width + X + column];
        var ray = _rays.At(X + column + dx, Y + row + dy);
        Project(Vector256.Create((float)ray.X), Vector256.Create((float)ray.Y), Vector256.Create((float)ray.Z), Vector256.Create(inverseDepth),
            out var u, out var v, out var q, out var w);
        return new(u[0], v[0], q[0], w[0], X + column, Y + row);
    }

    // The source's row j of this block, zeros where it lies outside.
    private void CopyRow<T>(T[] plane, int j, Span<T> row)
    {
        int y = Y + j, skipped = Math.Max(0, -X), count = Math.Min(Columns + 1 - skipped, _source.Width - (X + skipped));
        row.Clear();
        if (y >= 0 && y < _source.Height) plane.AsSpan(y * _source.Width + X + skipped, count).CopyTo(row[skipped..]);
    }

    private void ProjectRow(int j, double dx, double dy, Span<float> u, Span<float> v, Span<float> q, Span<float> w)
    {
        var ray = _rays.At(X + dx, Y + j + dy);
        var step = _rays.PerColumn;
        ref float inverse = ref MemoryMarshal.GetArrayDataReference(_inverseDepth);
        var index = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        for (int i = 0; i < Stride; i += Lanes, index += Vector256.Create((float)Lanes))
        {
            Project(Vector256.Create((float)ray.X) + index * (float)step.X, Vector256.Create((float)ray.Y) + index * (float)step.Y,
                Vector256.Create((float)ray.Z) + index * (float)step.Z, Vector256.LoadUnsafe(ref inverse, (nuint)i),
                out var pu, out var pv, out var pq, out var pw);
            pu.CopyTo(u[i..]);
            pv.CopyTo(v[i..]);
            pq.CopyTo(q[i..]);
            pw.CopyTo(w[i..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Project(Vector256<float> x, Vector256<float> y, Vector256<float> z, Vector256<float> inverseDepth,
        out Vector256<float> u, out Vector256<float> v, out Vector256<float> q, out Vector256<float> w)
    {
        var t = _rays.PerInverseDepth;
        _projection.Project(x + inverseDepth * (float)t.X, y + inverseDepth * (float)t.Y, z + inverseDepth * (float)t.Z,
            out u, out v, out var distance);
        // Written so that what is not a number is not seen.
        var seen = Vector256.GreaterThan(inverseDepth, Vector256<float>.Zero)
            & Vector256.GreaterThan(distance, inverseDepth * Nearest)
            & Vector256.LessThan(Vector256.Abs(u), Vector256.Create(Furthest)) & Vector256.LessThan(Vector256.Abs(v), Vector256.Create(Furthest));
        u = seen & (Vector256.Round(u * Subpixels) * (1 / Subpixels));
        v = seen & (Vector256.Round(v * Subpixels) * (1 / Subpixels));
        q = seen & (Vector256<float>.One / distance);
        w = q * inverseDepth;
    }
}
