using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MetricDepth.Motion.Adjustment;

/// <summary>
/// A symmetric positive definite matrix of 8×8 blocks of which only those are stored that are not zero or fill up in the factorisation,
/// and its Cholesky factor: the reduced camera system of bundle adjustment. Upper triangle, by block rows; the factor replaces the matrix.
/// </summary>
internal sealed class BlockCholesky
{
    private readonly int[][] _columns;
    private readonly int[] _start;
    private readonly double[] _blocks;

    /// <summary>A matrix of zeros.</summary>
    /// <param name="columns">For each block row the columns right of the diagonal, ascending, fill included.</param>
    public BlockCholesky(int[][] columns)
    {
        _columns = columns;
        _start = new int[columns.Length + 1];
        for (int i = 0; i < columns.Length; i++) _start[i + 1] = _start[i] + 1 + columns[i].Length;
        _blocks = new double[_start[^1] * PoseBlock.Length];
    }

    /// <summary>Block rows.</summary>
    public int Rows => _columns.Length;

    /// <summary>Blocks stored.</summary>
    public int BlockCount => _start[^1];

    /// <summary>Columns of a block row right of its diagonal.</summary>
    public ReadOnlySpan<int> ColumnsOf(int row) => _columns[row];

    /// <summary>The blocks of a row: the diagonal, then one for each of its columns.</summary>
    public Span<double> Row(int row) => _blocks.AsSpan(_start[row] * PoseBlock.Length, (_start[row + 1] - _start[row]) * PoseBlock.Length);

    /// <summary>Factors; false where the matrix is not positive definite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Factor()
    {
        for (int j = 0; j < Rows; j++)
        {
            var row = Row(j);
            if (!PoseBlock.Factor(row[..PoseBlock.Length])) return false;
            var columns = _columns[j];
            ref double first = ref MemoryMarshal.GetReference(row);
            for (int c = 1; c <= columns.Length; c++) PoseBlock.SolveTransposed(ref first, ref row[c * PoseBlock.Length]);
            for (int k = 0; k < columns.Length; k++)
            {
                ref double a = ref row[(k + 1) * PoseBlock.Length];
                int target = columns[k];
                var below = Row(target);
                var belowColumns = _columns[target];
                PoseBlock.SubtractProduct(ref below[0], ref a, ref a);
                for (int c = k + 1, at = 0; c < columns.Length; c++)
                {
                    // the row below has all of these columns, and maybe more
                    while (belowColumns[at] != columns[c]) at++;
                    PoseBlock.SubtractProduct(ref below[(at + 1) * PoseBlock.Length], ref a, ref row[(c + 1) * PoseBlock.Length]);
                }
            }
        }
        return true;
    }

    /// <summary>Solves with the factor, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Solve(Span<double> b)
    {
        const int n = PoseBlock.Size;
        for (int j = 0; j < Rows; j++)
        {
            var row = Row(j);
            var x = b.Slice(j * n, n);
            for (int d = 0; d < n; d++)
            {
                double v = x[d];
                for (int e = 0; e < d; e++) v -= row[e * n + d] * x[e];
                x[d] = v / row[d * n + d];
            }
            for (int c = 0; c < _columns[j].Length; c++)
            {
                var block = row.Slice((c + 1) * PoseBlock.Length, PoseBlock.Length);
                var y = b.Slice(_columns[j][c] * n, n);
                for (int d = 0; d < n; d++)
                    for (int e = 0; e < n; e++) y[e] -= block[d * n + e] * x[d];
            }
        }
        for (int j = Rows - 1; j >= 0; j--)
        {
            var row = Row(j);
            var x = b.Slice(j * n, n);
            for (int c = 0; c < _columns[j].Length; c++)
            {
                var block = row.Slice((c + 1) * PoseBlock.Length, PoseBlock.Length);
                var y = b.Slice(_columns[j][c] * n, n);
                for (int d = 0; d < n; d++)
                    for (int e = 0; e < n; e++) x[d] -= block[d * n + e] * y[e];
            }
            for (int d = n - 1; d >= 0; d--)
            {
                double v = x[d];
                for (int e = d + 1; e < n; e++) v -= row[d * n + e] * x[e];
                x[d] = v / row[d * n + d];
            }
        }
    }
}
