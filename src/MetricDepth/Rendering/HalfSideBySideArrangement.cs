using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Left | right, each squeezed to half width (rounded up).</summary>
internal class HalfSideBySideArrangement(int width, int height) : StereoArrangement(width, height)
{
    private readonly int _half = (width + 1) / 2;

    public override int Width => 2 * _half;

    public override int Height => EyeHeight;

    public override StereoPacking? Packing => StereoPacking.LeftRight;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        for (int eye = 0; eye < 2; eye++)
        {
            int at = y * Width + eye * _half;
            AreaSqueeze.Row(SqueezedRow.Of(rows, eye), picture.Slice(at, _half), mask.Slice(at, _half));
        }
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth)
    {
        for (int eye = 0; eye < 2; eye++) AreaSqueeze.DepthRow(rows.InverseDepth(eye), inverseDepth.Slice(y * Width + eye * _half, _half));
    }
}
