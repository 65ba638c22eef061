using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>
/// How far a depth can be trusted. Sensors that triangulate (structured light, stereo) measure inverse depth with the same deviation
/// everywhere, so that the deviation of depth grows with its square (Khoshelham and Elberink, "Accuracy and resolution of Kinect depth data", 2012:
/// 1.4 mm at 1 m, 1.4 mm · z² beyond); a small share of the depth itself is added for calibration.
/// </summary>
/// <param name="Floor">Deviation of inverse depth at infinity, 1/m.</param>
/// <param name="Share">Deviation as a share of the depth.</param>
internal readonly record struct DepthNoise(double Floor, double Share)
{
    /// <summary>A sensor's.</summary>
    public static DepthNoise Measured => new(1.4e-3, 2e-3);

    /// <summary>
    /// Estimated depth, once scale and shift of its frame are allowed for: networks and motion stereo are right to about a twentieth.
    /// </summary>
    public static DepthNoise Estimated => new(0, 0.05);

    /// <summary>The inverse depth that a depth stands for; nothing for depths that are not positive numbers.</summary>
    public MeasuredInverseDepth Of(float depth)
    {
        if (!(depth > 1e-4f) || !(depth < 1e6f)) return default;
        double rho = 1.0 / depth;
        return new(rho, DeviationAt(rho));
    }

    /// <summary>Standard deviation of an inverse depth, 1/m.</summary>
    public double DeviationAt(double rho) => Math.Sqrt(Floor * Floor + Share * rho * (Share * rho));

    /// <summary>The same with all deviations multiplied.</summary>
    public DepthNoise Scaled(double factor) => new(Floor * factor, Share * factor);
}
