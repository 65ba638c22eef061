namespace MetricDepth.Rendering;

/// <summary>Left above right, each squeezed to half height (rounded up).</summary>
internal sealed class HalfTopBottomArrangement(int width, int height) : StereoArrangement(width, height)
{
    private readonly int _half = (height + 1) / 2;

    public override int Width => EyeWidth;

    public override int Height => 2 * _half;

    public override string StereoMode => "top_bottom";

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int left = y / 2 * EyeWidth, right = left + _half * EyeWidth;
        Place(rows.Color(0), rows.Holes(0), y, picture.Slice(left, EyeWidth), mask.Slice(left, EyeWidth));
        Place(rows.Color(1), rows.Holes(1), y, picture.Slice(right, EyeWidth), mask.Slice(right, EyeWidth));
    }

    // An even row is put down as it is; the odd one after it is merged into it.
    private static void Place(ReadOnlySpan<uint> row, ReadOnlySpan<byte> holes, int y, Span<uint> pixels, Span<byte> mask)
    {
        if (y % 2 != 0)
        {
            AreaSqueeze.Onto(row, holes, pixels, mask);
            return;
        }
        row[..pixels.Length].CopyTo(pixels);
        holes[..mask.Length].CopyTo(mask);
    }
}
