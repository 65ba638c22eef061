using System.Globalization;
using MetricDepth.Video;

namespace MetricDepth.Export.DepthVideos;

/// <summary>
/// Grey video in FFV1, under the Python toolbox's name: 255 levels in three equal channels (<c>--bit8</c>), or 255² in one channel of
/// 16 bits (<c>--bit16</c>).
/// </summary>
/// <param name="is16Bit">Whether it has 16 bits.</param>
internal sealed class GrayVideoFormat(bool is16Bit) : IDepthVideoFormat
{
    // measured on the room's sensor depth and on motion stereo: FFV1 of 8 bits in three channels, and of 16 bits
    private const double BytesPerPixel8 = 0.06, BytesPerPixel16 = 0.5;

    private int Full => is16Bit ? 255 * 255 : 255;

    /// <inheritdoc/>
    public DepthVideoParameters Parameters => DepthVideoParameters.Range | DepthVideoParameters.Spacing;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => OutputName.GrayVideo(depthPath);

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) => new(1,
        (options.Count(options.Depth.FrameCount) ?? 1.0) * options.Depth.Width * options.Depth.Height * (is16Bit ? BytesPerPixel16 : BytesPerPixel8), IsLimit: false);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation)
    {
        var options = facts.Options;
        var spacing = options.Spacing ?? DepthSpacing.Linear;
        if (spacing == DepthSpacing.Inverse && !(options.MinDepth > 0))
            throw new MetricDepthException("MinDepthMissing", FailureKind.InvalidArgument,
                "-Spacing Inverse makes the near end white, and 1/0 has no end. Give -MinDepth, the depth in metres that is white, for example 0.5.");
        double near = options.MinDepth ?? 0, far = options.MaxDepth ?? options.Depth.MaxDepth;
        if (near >= far)
            throw new MetricDepthException("DepthRangeEmpty", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"The scale would go from {near} m to {far} m, the most that '{options.Depth.Path}' can hold. Give a smaller -MinDepth, or -MaxDepth."));
        var scale = new GrayScale(Full, near, far, spacing);
        var writing = new FrameWriterOptions
        {
            Width = facts.Width,
            Height = facts.Height,
            FrameRate = facts.FrameRate,
            Layout = is16Bit ? PixelLayout.Gray16 : PixelLayout.Bgr0,
            Tags = facts.Tags(scale.Encoding),
            Overwrite = options.Overwrite,
        };
        return new VideoTarget(facts.Destination, writing, () => new GrayEncoder(facts.Width * facts.Height, scale, is16Bit), facts.Progress, cancellation);
    }
}
