namespace MetricDepth.Rendering;

/// <summary>Left | right | depth of the left eye, each a 180° equirectangular square. Nothing is to be filled in the depth.
/// No container has a word for three pictures; the player goes by the file's name.</summary>
internal sealed class Touchly0Arrangement(int width, int height, TouchlyDepth depth) : StereoArrangement(width, height)
{
    public override EyeProjection Projection => EyeProjection.Equirectangular180;

    public override int Width => 3 * EyeWidth;

    public override int Height => EyeHeight;

    public override bool HasDepth => false;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y * Width, right = left + EyeWidth, grey = right + EyeWidth;
        rows.Color(0).CopyTo(picture[left..]);
        rows.Color(1).CopyTo(picture[right..]);
        depth.Draw(rows.InverseDepth(0), picture.Slice(grey, EyeWidth));
        rows.Holes(0).CopyTo(mask[left..]);
        rows.Holes(1).CopyTo(mask[right..]);
        mask.Slice(grey, EyeWidth).Clear();
    }
}
