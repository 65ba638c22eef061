namespace MetricDepth.Motion.Adjustment;

/// <summary>How residuals that are too large to be noise count.</summary>
internal enum RobustLoss
{
    /// <summary>Linearly beyond the width (Huber).</summary>
    Huber,
    /// <summary>Logarithmically (Cauchy): gross errors have next to no say, but a far start may not come back.</summary>
    Cauchy,
}

internal static class RobustLosses
{
    /// <summary>The cost of a squared residual and its weight in the normal equations.</summary>
    public static double Cost(this RobustLoss loss, double squared, double width, out double weight)
    {
        if (loss == RobustLoss.Cauchy)
        {
            double relative = squared / (width * width);
            weight = 1 / (1 + relative);
            return 0.5 * width * width * Math.Log(1 + relative);
        }
        if (squared <= width * width)
        {
            weight = 1;
            return 0.5 * squared;
        }
        double e = Math.Sqrt(squared);
        weight = width / e;
        return width * (e - 0.5 * width);
    }
}
