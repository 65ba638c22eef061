using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Left | right, each a 180° equirectangular square.</summary>
internal sealed class Vr180Arrangement(int width, int height) : SideBySideArrangement(width, height)
{
    public override EyeProjection Projection => EyeProjection.Equirectangular180;

    public override SpatialProjection Spatial => SpatialProjection.Equirectangular180;
}
