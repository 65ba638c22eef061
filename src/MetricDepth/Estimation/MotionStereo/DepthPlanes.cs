using MetricDepth.Motion;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// The depths that a sweep tries: fronto-parallel planes, evenly spaced in inverse depth, because equal steps there move the
/// picture by equal steps. Plane 0 is the farthest.
/// </summary>
/// <param name="Farthest">Inverse depth of plane 0.</param>
/// <param name="Step">Inverse depth from one plane to the next nearer one.</param>
/// <param name="Count">Planes, a multiple of <see cref="Granularity"/>.</param>
internal readonly record struct DepthPlanes(float Farthest, float Step, int Count)
{
    /// <summary>Counts are multiples of this, so that costs fill whole vectors.</summary>
    public const int Granularity = 32;

    /// <summary>The most planes.</summary>
    public const int MaxCount = 128;
    private const double NearMargin = 0.75, FarMargin = 1.6;

    /// <summary>
    /// Planes over the depths a frame sees, with margins: tracked points are few and miss the extremes.
    /// </summary>
    /// <param name="range">Depths seen.</param>
    /// <param name="span">Pixels that the nearest depth moves against the farthest in the best neighbour, margins not counted.</param>
    public static DepthPlanes Over(SceneDepth range, double span)
    {
        double near = 1 / (range.Near * NearMargin), far = 1 / (range.Far * FarMargin);
        double widened = span * (near - far) / Math.Max(1 / range.Near - 1 / range.Far, 1e-12);
        int count = Math.Clamp((int)Math.Ceiling(widened / Granularity) * Granularity, 2 * Granularity, MaxCount);
        return new((float)far, (float)((near - far) / (count - 1)), count);
    }

    /// <summary>Inverse depth at a (fractional) plane.</summary>
    public float InverseDepth(float plane) => Farthest + Step * plane;
}
