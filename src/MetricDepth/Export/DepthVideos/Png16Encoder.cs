using MetricDepth.Imaging;

namespace MetricDepth.Export.DepthVideos;

/// <summary>Depth to a 16-bit grey PNG.</summary>
/// <param name="width">Width, px.</param>
/// <param name="height">Height, px.</param>
/// <param name="unit">Metres a step.</param>
/// <param name="texts">What the file says about itself.</param>
internal sealed class Png16Encoder(int width, int height, double unit, IReadOnlyDictionary<string, string> texts) : DepthFrameEncoder
{
    private readonly Plane<ushort> _steps = new(width, height);
    // as large as it can become, so that the pipeline counts it among the frame's buffers
    private readonly MemoryStream _file = new(sizeof(ushort) * width * height);

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _file.GetBuffer().AsSpan(0, (int)_file.Length);

    /// <inheritdoc/>
    public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color)
    {
        var steps = _steps.Span;
        long beyond = 0;
        for (int i = 0; i < depth.Length; i++)
        {
            double step = Math.Round(depth[i] / unit);
            if (step > ushort.MaxValue)
            {
                beyond++;
                step = 0; // no depth is true, a smaller depth would not be
            }
            steps[i] = (ushort)step;
        }
        OutOfRange = beyond;
        _file.SetLength(0);
        Png.WriteGray16(_steps, texts, _file);
    }
}
