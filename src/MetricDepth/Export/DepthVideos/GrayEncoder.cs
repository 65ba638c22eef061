using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MetricDepth.Export.DepthVideos;

/// <summary>Depth to a raw frame of grey.</summary>
/// <param name="pixels">Pixels of a frame.</param>
/// <param name="scale">Depth to grey levels.</param>
/// <param name="is16Bit">Two bytes a pixel, little-endian; otherwise BGR0.</param>
internal sealed class GrayEncoder(int pixels, GrayScale scale, bool is16Bit) : DepthFrameEncoder
{
    private readonly byte[] _frame = new byte[pixels * (is16Bit ? sizeof(ushort) : sizeof(uint))];

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _frame;

    /// <inheritdoc/>
    public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color)
    {
        if (is16Bit)
        {
            for (int i = 0; i < depth.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(_frame.AsSpan(sizeof(ushort) * i), (ushort)scale.Level(depth[i]));
            return;
        }
        var bgr0 = MemoryMarshal.Cast<byte, uint>(_frame.AsSpan());
        for (int i = 0; i < depth.Length; i++) bgr0[i] = (uint)scale.Level(depth[i]) * 0x010101;
    }
}
