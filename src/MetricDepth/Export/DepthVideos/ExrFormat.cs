using MetricDepth.Imaging.OpenExr;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A folder of EXR files: 32-bit floating-point metres, 0 = no depth; what else is known is in their headers.</summary>
internal sealed class ExrFormat : IDepthVideoFormat
{
    // a sensor's noisy depth; what networks make takes about half
    private const double BytesPerPixel = 1.5;

    /// <inheritdoc/>
    public DepthVideoParameters Parameters => DepthVideoParameters.None;

    /// <inheritdoc/>
    public bool IsFolder => true;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => depthPath + "_exr";

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) =>
        new(options.Count(options.Depth.FrameCount), BytesPerPixel * options.Depth.Width * options.Depth.Height, IsLimit: false);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation)
    {
        ExrAttribute[] attributes =
        [
            ExrAttribute.Of("comments", "Depth along the viewing axis in metres; 0 = no depth."),
            .. facts.FrameRate is { Numerator: <= int.MaxValue, Denominator: <= int.MaxValue } rate
                ? [ExrAttribute.Of("framesPerSecond", (int)rate.Numerator, (int)rate.Denominator)] : (ExrAttribute[])[],
            .. facts.Tags(null).Select(tag => ExrAttribute.Of(tag.Key, tag.Value)),
        ];
        return new FrameFilesTarget(facts, ".exr", () => new Encoder(new(facts.Width, facts.Height, attributes)));
    }

    private sealed class Encoder(ExrWriter writer) : DepthFrameEncoder
    {
        private ReadOnlyMemory<byte> _file;

        public override ReadOnlySpan<byte> Bytes => _file.Span;

        public override void Encode(long frame, ReadOnlySpan<float> depth, ReadOnlySpan<uint> color) => _file = writer.Encode(depth);
    }
}
