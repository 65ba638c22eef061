using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Left above right, each at full height.</summary>
internal sealed class TopBottomArrangement(int width, int height) : StereoArrangement(width, height)
{
    public override int Width => EyeWidth;

    public override int Height => 2 * EyeHeight;

    public override StereoPacking? Packing => StereoPacking.TopBottom;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y * EyeWidth, right = (y + EyeHeight) * EyeWidth;
        rows.Color(0).CopyTo(picture[left..]);
        rows.Color(1).CopyTo(picture[right..]);
        rows.Holes(0).CopyTo(mask[left..]);
        rows.Holes(1).CopyTo(mask[right..]);
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth)
    {
        rows.InverseDepth(0).CopyTo(inverseDepth[(y * EyeWidth)..]);
        rows.InverseDepth(1).CopyTo(inverseDepth[((y + EyeHeight) * EyeWidth)..]);
    }
}
