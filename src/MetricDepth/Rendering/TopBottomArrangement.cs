namespace MetricDepth.Rendering;

/// <summary>Left above right, each at full height.</summary>
internal sealed class TopBottomArrangement(int width, int height) : StereoArrangement(width, height)
{
    public override int Width => EyeWidth;

    public override int Height => 2 * EyeHeight;

    public override string StereoMode => "top_bottom";

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y * EyeWidth, right = (y + EyeHeight) * EyeWidth;
        rows.Color(0).CopyTo(picture[left..]);
        rows.Color(1).CopyTo(picture[right..]);
        rows.Holes(0).CopyTo(mask[left..]);
        rows.Holes(1).CopyTo(mask[right..]);
    }
}
