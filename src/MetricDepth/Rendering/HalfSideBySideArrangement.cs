namespace MetricDepth.Rendering;

/// <summary>Left | right, each squeezed to half width (rounded up).</summary>
internal sealed class HalfSideBySideArrangement(int width, int height) : StereoArrangement(width, height)
{
    private readonly int _half = (width + 1) / 2;

    public override int Width => 2 * _half;

    public override int Height => EyeHeight;

    public override string StereoMode => "left_right";

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y * Width, right = left + _half;
        AreaSqueeze.Row(rows.Color(0), rows.Holes(0), picture.Slice(left, _half), mask.Slice(left, _half));
        AreaSqueeze.Row(rows.Color(1), rows.Holes(1), picture.Slice(right, _half), mask.Slice(right, _half));
    }
}
