using System.Numerics;

namespace MetricDepth.Motion;

/// <summary>
/// Solves A x = b in place for a symmetric positive definite A: Cholesky, row by row, without allocating, because it runs
/// several times for every frame.
/// </summary>
internal static class NormalEquations
{
    /// <summary>Solves; false where the matrix is not positive definite.</summary>
    /// <param name="a">n×n, row-major; only the lower triangle is read. Holds the factor afterwards.</param>
    /// <param name="b">The right side; holds the solution afterwards.</param>
    public static bool Solve(Span<double> a, Span<double> b)
    {
        int n = b.Length;
        for (int i = 0; i < n; i++)
        {
            var row = a.Slice(i * n, n);
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - Dot(row[..j], a.Slice(j * n, j))) / a[j * n + j];
            double pivot = row[i] - Dot(row[..i], row[..i]);
            if (!(pivot > 0) || double.IsInfinity(pivot)) return false;
            row[i] = Math.Sqrt(pivot);
        }
        for (int i = 0; i < n; i++) b[i] = (b[i] - Dot(a.Slice(i * n, i), b[..i])) / a[i * n + i];
        for (int i = n - 1; i >= 0; i--)
        {
            b[i] /= a[i * n + i];
            for (int j = 0; j < i; j++) b[j] -= a[i * n + j] * b[i];
        }
        return true;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        int i = 0;
        var sum = Vector<double>.Zero;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count) sum += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
        double s = Vector.Sum(sum);
        for (; i < x.Length; i++) s += x[i] * y[i];
        return s;
    }
}
