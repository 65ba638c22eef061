using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>The ends of a scale of depth, and how depth is spread between them.</summary>
/// <param name="Near">m.</param>
/// <param name="Far">m, more than <paramref name="Near"/>.</param>
/// <param name="Spacing">How depth is spread; evenly in 1/depth only from a near end above 0.</param>
internal readonly record struct DepthScaleRange(double Near, double Far, DepthSpacing Spacing)
{
    /// <summary>Where a depth lies on the scale, 0 at the near end, 1 at the far end; below 0 and above 1 beyond them.</summary>
    /// <param name="depth">m.</param>
    public double Position(double depth) => Spacing == DepthSpacing.Inverse
        ? (1 / Near - 1 / depth) / (1 / Near - 1 / Far)
        : (depth - Near) / (Far - Near);

    /// <summary>The depth at a place on the scale, m.</summary>
    /// <param name="position">0..1.</param>
    public double Depth(double position) => Spacing == DepthSpacing.Inverse
        ? 1 / (1 / Near + position * (1 / Far - 1 / Near))
        : Near + position * (Far - Near);
}
