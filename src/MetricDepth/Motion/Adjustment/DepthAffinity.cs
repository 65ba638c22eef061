namespace MetricDepth.Motion.Adjustment;

/// <summary>
/// How a frame's estimated depth relates to the scene: measured inverse depth = Scale · true inverse depth + Shift. The error stays in
/// what was measured: were the measurement scaled instead, a smaller scale would shrink the residuals and the solution with them.
/// </summary>
/// <param name="Scale">Factor, positive.</param>
/// <param name="Shift">1/m.</param>
internal readonly record struct DepthAffinity(double Scale, double Shift)
{
    /// <summary>The depth is right as it is.</summary>
    public static DepthAffinity Identity => new(1, 0);

    /// <summary>The true inverse depth that a measured one stands for.</summary>
    public double ToTrue(double measured) => (measured - Shift) / Scale;

    /// <summary>The inverse depth that would be measured.</summary>
    public double ToMeasured(double inverseDepth) => Scale * inverseDepth + Shift;
}
