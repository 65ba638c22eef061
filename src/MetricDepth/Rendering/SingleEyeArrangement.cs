namespace MetricDepth.Rendering;

/// <summary>One eye alone.</summary>
internal sealed class SingleEyeArrangement(int width, int height, Eye eye) : StereoArrangement(width, height)
{
    public override IReadOnlyList<Eye> Eyes { get; } = [eye];

    public override int Width => EyeWidth;

    public override int Height => EyeHeight;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        rows.Color(0).CopyTo(picture[(y * EyeWidth)..]);
        rows.Holes(0).CopyTo(mask[(y * EyeWidth)..]);
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth) =>
        rows.InverseDepth(0).CopyTo(inverseDepth[(y * EyeWidth)..]);
}
