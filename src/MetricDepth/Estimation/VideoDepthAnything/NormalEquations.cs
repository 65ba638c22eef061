namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>
/// The sums of the least-squares line target = scale · value + shift. The original sums pairwise in float32; double precision is nearer to
/// what both mean.
/// </summary>
internal struct NormalEquations
{
    private double count, values, squares, targets, products;

    /// <summary>Adds pairs of a value and what it should become.</summary>
    public void Add(ReadOnlySpan<float> value, ReadOnlySpan<float> target)
    {
        double v = 0, vv = 0, t = 0, vt = 0;
        for (int i = 0; i < value.Length; i++)
        {
            double a = value[i], b = target[i];
            v += a;
            vv += a * a;
            t += b;
            vt += a * b;
        }
        count += value.Length;
        values += v;
        squares += vv;
        targets += t;
        products += vt;
    }

    /// <summary>Adds what another has summed.</summary>
    public void Add(in NormalEquations other)
    {
        count += other.count;
        values += other.values;
        squares += other.squares;
        targets += other.targets;
        products += other.products;
    }

    /// <summary>The line; 1 and 0 where the values are all the same.</summary>
    /// <exception cref="MetricDepthException"><c>ModelOutputUnusable</c>.</exception>
    public readonly Alignment Solve()
    {
        double determinant = squares * count - values * values;
        if (!double.IsFinite(determinant) || !double.IsFinite(products) || !double.IsFinite(targets))
            throw new MetricDepthException("ModelOutputUnusable", FailureKind.InvalidData,
                "The model gives values that are not numbers. Check the model file with Get-DepthModel, or calculate with -Precision Float32.");
        // sums of equal values differ from the exact ones in the last digits only
        if (determinant <= 1e-13 * squares * count) return Alignment.Positive;
        return new(
            (float)((count * products - values * targets) / determinant),
            (float)((squares * targets - values * products) / determinant),
            CutsNegative: true);
    }
}
