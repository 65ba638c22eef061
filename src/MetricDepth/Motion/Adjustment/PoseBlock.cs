using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Motion.Adjustment;

/// <summary>Eight numbers of one camera: rotation (3), translation (3), scale and shift of its inverse depth; two hardware vectors.</summary>
internal readonly struct PoseVector(Vector256<double> low, Vector256<double> high)
{
    public readonly Vector256<double> Low = low, High = high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PoseVector Load(ref double at) => new(Vector256.LoadUnsafe(ref at), Vector256.LoadUnsafe(ref at, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref double at)
    {
        Low.StoreUnsafe(ref at);
        High.StoreUnsafe(ref at, 4);
    }

    /// <summary>a·s + this.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PoseVector Add(PoseVector a, double s)
    {
        var v = Vector256.Create(s);
        return new(Vector256.MultiplyAddEstimate(a.Low, v, Low), Vector256.MultiplyAddEstimate(a.High, v, High));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PoseVector operator *(PoseVector a, double s) => new(a.Low * s, a.High * s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PoseVector operator *(PoseVector a, PoseVector b) => new(a.Low * b.Low, a.High * b.High);
}

/// <summary>Arithmetic on 8×8 blocks, row-major: one block couples two cameras.</summary>
internal static class PoseBlock
{
    /// <summary>Rows and columns.</summary>
    public const int Size = 8;

    /// <summary>Numbers in a block.</summary>
    public const int Length = Size * Size;

    /// <summary>Numbers that couple a camera with one point: a row for each of the point's three.</summary>
    public const int PointLength = 3 * Size;

    /// <summary>block += w a bᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddOuter(ref double block, ref double a, PoseVector b, double w, int rows = Size)
    {
        for (int r = 0; r < rows; r++)
        {
            ref double row = ref Unsafe.Add(ref block, r * Size);
            PoseVector.Load(ref row).Add(b, w * Unsafe.Add(ref a, r)).Store(ref row);
        }
    }

    /// <summary>block -= yᵀ w, for y and w of 3×8, in the first rows; the others are known to be zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractPointProduct(ref double block, ref double y, ref double w, int rows)
    {
        PoseVector w0 = PoseVector.Load(ref w), w1 = PoseVector.Load(ref Unsafe.Add(ref w, Size)), w2 = PoseVector.Load(ref Unsafe.Add(ref w, 2 * Size));
        for (int r = 0; r < rows; r++)
        {
            ref double row = ref Unsafe.Add(ref block, r * Size);
            PoseVector.Load(ref row)
                .Add(w0, -Unsafe.Add(ref y, r)).Add(w1, -Unsafe.Add(ref y, r + Size)).Add(w2, -Unsafe.Add(ref y, r + 2 * Size))
                .Store(ref row);
        }
    }

    /// <summary>block -= aᵀ b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SubtractProduct(ref double block, ref double a, ref double b)
    {
        for (int d = 0; d < Size; d++)
        {
            var bd = PoseVector.Load(ref Unsafe.Add(ref b, d * Size));
            ref double ad = ref Unsafe.Add(ref a, d * Size);
            for (int r = 0; r < Size; r++)
            {
                ref double row = ref Unsafe.Add(ref block, r * Size);
                PoseVector.Load(ref row).Add(bd, -Unsafe.Add(ref ad, r)).Store(ref row);
            }
        }
    }

    /// <summary>Replaces a symmetric block by its upper Cholesky factor U, block = Uᵀ U; false where it is not positive definite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Factor(Span<double> block)
    {
        for (int i = 0; i < Size; i++)
        {
            double pivot = block[i * Size + i];
            if (!(pivot > 0) || double.IsInfinity(pivot)) return false;
            double root = Math.Sqrt(pivot), inverse = 1 / root;
            block[i * Size + i] = root;
            for (int c = i + 1; c < Size; c++) block[i * Size + c] *= inverse;
            for (int r = i + 1; r < Size; r++)
            {
                double f = block[i * Size + r];
                for (int c = r; c < Size; c++) block[r * Size + c] -= f * block[i * Size + c];
            }
        }
        return true;
    }

    /// <summary>block = U⁻ᵀ block, for an upper factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SolveTransposed(ref double factor, ref double block)
    {
        for (int d = 0; d < Size; d++)
        {
            ref double row = ref Unsafe.Add(ref block, d * Size);
            var sum = PoseVector.Load(ref row);
            for (int e = 0; e < d; e++) sum = sum.Add(PoseVector.Load(ref Unsafe.Add(ref block, e * Size)), -Unsafe.Add(ref factor, e * Size + d));
            (sum * (1 / Unsafe.Add(ref factor, d * Size + d))).Store(ref row);
        }
    }
}
