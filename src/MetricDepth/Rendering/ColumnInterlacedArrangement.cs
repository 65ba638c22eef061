using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Columns by turns, the left eye's first.</summary>
internal sealed class ColumnInterlacedArrangement(int width, int height) : AlternatingArrangement(width, height)
{
    public override StereoPacking? Packing => StereoPacking.ColumnInterleaved;

    protected override int FirstEye(int y) => 0;
}
