using System.Runtime.InteropServices;

namespace MetricDepth.Export.DepthVideos;

/// <summary>Depth to a frame of a preview.</summary>
internal sealed class PreviewEncoder : DepthFrameEncoder
{
    private readonly PreviewLayout _layout;
    private readonly uint[] _picture;

    /// <summary>Draws the scale once.</summary>
    /// <param name="layout">Where things are.</param>
    public PreviewEncoder(PreviewLayout layout)
    {
        _layout = layout;
        _picture = new uint[layout.Width * layout.Height];
        layout.DrawLegend(_picture);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_picture.AsSpan());

    /// <inheritdoc/>
    public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color) => _layout.DrawFrame(depth, color, _picture);
}
