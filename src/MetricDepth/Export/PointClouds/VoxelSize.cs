namespace MetricDepth.Export.PointClouds;

/// <summary>How wide cells are unless somebody says otherwise.</summary>
internal static class VoxelSize
{
    private const double MedianShare = 0.01;

    /// <summary>A hundredth of the median depth, some five pixels of an everyday lens, in round numbers.</summary>
    /// <param name="median">The median depth, m.</param>
    public static double Of(double median) => Rounded(median * MedianShare);

    /// <summary>The nearest of 1, 2 and 5 times a power of ten.</summary>
    internal static double Rounded(double size)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(size))), digit = size / power;
        // borders are the geometric means of neighbours
        return Math.Round(digit < Math.Sqrt(2) ? 1.0 : digit < Math.Sqrt(10) ? 2.0 : digit < Math.Sqrt(50) ? 5.0 : 10.0) * power;
    }
}
