using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>
/// Rows by turns, the left eye's first. Each row keeps its own height in the picture: averaging rows first would move the eyes
/// against each other by a row.
/// </summary>
internal sealed class InterlacedArrangement(int width, int height) : StereoArrangement(width, height)
{
    public override int Width => EyeWidth;

    public override int Height => EyeHeight;

    public override StereoPacking? Packing => StereoPacking.RowInterleaved;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        rows.Color(y % 2).CopyTo(picture[(y * EyeWidth)..]);
        rows.Holes(y % 2).CopyTo(mask[(y * EyeWidth)..]);
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth) =>
        rows.InverseDepth(y % 2).CopyTo(inverseDepth[(y * EyeWidth)..]);
}
