using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Left | right, each at full width.</summary>
internal class SideBySideArrangement(int width, int height) : StereoArrangement(width, height)
{
    public override int Width => 2 * EyeWidth;

    public override int Height => EyeHeight;

    public override StereoPacking? Packing => StereoPacking.LeftRight;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y * Width, right = left + EyeWidth;
        rows.Color(0).CopyTo(picture[left..]);
        rows.Color(1).CopyTo(picture[right..]);
        rows.Holes(0).CopyTo(mask[left..]);
        rows.Holes(1).CopyTo(mask[right..]);
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth)
    {
        int left = y * Width;
        rows.InverseDepth(0).CopyTo(inverseDepth[left..]);
        rows.InverseDepth(1).CopyTo(inverseDepth[(left + EyeWidth)..]);
    }
}
