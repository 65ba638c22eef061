namespace MetricDepth.Rendering;

/// <summary>The view of the source camera above its depth. Nothing is to be filled in the depth.</summary>
internal sealed class Touchly1Arrangement(int width, int height, TouchlyDepth depth) : StereoArrangement(width, height)
{
    public override IReadOnlyList<Eye> Eyes { get; } = [Eye.Middle];

    public override int Width => EyeWidth;

    public override int Height => 2 * EyeHeight;

    public override bool HasDepth => false;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int above = y * EyeWidth, below = (y + EyeHeight) * EyeWidth;
        rows.Color(0).CopyTo(picture[above..]);
        depth.Draw(rows.InverseDepth(0), picture.Slice(below, EyeWidth));
        rows.Holes(0).CopyTo(mask[above..]);
        mask.Slice(below, EyeWidth).Clear();
    }
}
