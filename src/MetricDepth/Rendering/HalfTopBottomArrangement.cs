using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Left above right, each squeezed to half height (rounded up).</summary>
internal sealed class HalfTopBottomArrangement(int width, int height) : StereoArrangement(width, height)
{
    private readonly int _half = (height + 1) / 2;

    public override int Width => EyeWidth;

    public override int Height => 2 * _half;

    public override StereoPacking? Packing => StereoPacking.TopBottom;

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        if (y % 2 != 0) return; // taken together with the row above it
        var below = rows.Below;
        for (int eye = 0; eye < 2; eye++)
        {
            int at = (y / 2 + eye * _half) * EyeWidth;
            AreaSqueeze.Rows(SqueezedRow.Of(rows, eye), SqueezedRow.Of(below, eye), picture.Slice(at, EyeWidth), mask.Slice(at, EyeWidth));
        }
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth)
    {
        if (y % 2 != 0) return;
        var below = rows.Below;
        for (int eye = 0; eye < 2; eye++)
            AreaSqueeze.DepthRows(rows.InverseDepth(eye), below.InverseDepth(eye), inverseDepth.Slice((y / 2 + eye * _half) * EyeWidth, EyeWidth));
    }
}
