namespace MetricDepth.Depth;

/// <summary>
/// How whole numbers stand for depth in files of other formats: <c>offset + unit · number</c> is the depth in metres, or with
/// <see cref="IsInverse"/> 1/depth in 1/m. Number 0 is no depth.
/// </summary>
/// <param name="Unit">What one step is worth, m (1/m).</param>
/// <param name="Offset">What 0 would be worth, m (1/m).</param>
/// <param name="IsInverse">Whether 1/depth is meant.</param>
public readonly record struct DepthEncoding(double Unit, double Offset = 0, bool IsInverse = false)
{
    /// <summary>The depth that a number stands for, m; 0 for 0.</summary>
    /// <param name="number">As it is in the file.</param>
    public double Depth(double number)
    {
        if (number == 0) return 0;
        double value = Offset + Unit * number;
        return IsInverse ? 1 / value : value;
    }
}
