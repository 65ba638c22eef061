namespace MetricDepth.Motion.Calibration;

/// <summary>What the motion says about the lens.</summary>
/// <param name="Camera">The camera with the estimated focal length.</param>
/// <param name="Deviation">Relative standard deviation of the focal length.</param>
/// <param name="IsReliable">Whether the motion fixes it; where not, <paramref name="Camera"/> is only the best of poor guesses.</param>
internal sealed record FocalEstimate(Camera Camera, double Deviation, bool IsReliable)
{
    /// <summary>Narrower and wider fields of view than these are not believed, degrees.</summary>
    public const double MinFov = 5, MaxFov = 130;

    /// <summary>A worse known focal length is not told, relative.</summary>
    public const double MaxDeviation = 0.05;

    public static FocalEstimate None { get; } = new(default, double.PositiveInfinity, false);
}
