namespace MetricDepth.Motion.Adjustment;

/// <summary>An inverse depth that somebody measured or estimated for one point in one frame.</summary>
/// <param name="Value">1/depth along the optical axis, 1/m.</param>
/// <param name="Deviation">Its standard deviation, 1/m; 0: nothing is known.</param>
internal readonly record struct MeasuredInverseDepth(double Value, double Deviation)
{
    /// <summary>Whether there is one.</summary>
    public bool IsKnown => Deviation > 0;

    /// <summary>From a depth and its relative standard deviation; the depth 0 means that nothing is known.</summary>
    /// <param name="depth">Metres.</param>
    /// <param name="relativeDeviation">Standard deviation as a share of the depth.</param>
    public static MeasuredInverseDepth FromDepth(double depth, double relativeDeviation) =>
        depth > 0 && double.IsFinite(depth) ? new(1 / depth, relativeDeviation / depth) : default;
}
