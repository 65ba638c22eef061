using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Pixels by turns in both directions, the left eye's first.</summary>
internal sealed class CheckerboardArrangement(int width, int height) : AlternatingArrangement(width, height)
{
    public override StereoPacking? Packing => StereoPacking.Checkerboard;

    protected override int FirstEye(int y) => y % 2;
}
