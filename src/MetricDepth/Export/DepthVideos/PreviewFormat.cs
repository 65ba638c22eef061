using System.Globalization;
using MetricDepth.Export.Frames;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Export.DepthVideos;

/// <summary>A video in colours to look at: near is the bright (in Turbo the red) end, below the picture a scale in metres.</summary>
internal sealed class PreviewFormat : IDepthVideoFormat
{
    // measured: H.264 at the usual quality
    private const double BytesPerPixel = 0.04;

    // without a near end, 1/depth would have none; what is nearer is rare and drawn in the near end's colour
    private const double NearShareOfFar = 0.02;

    /// <inheritdoc/>
    public DepthVideoParameters Parameters =>
        DepthVideoParameters.Range | DepthVideoParameters.Spacing | DepthVideoParameters.Colormap | DepthVideoParameters.SideBySide;

    /// <inheritdoc/>
    public FrameNeeds Needs(DepthVideoExportOptions options) => options.SideBySide ? FrameNeeds.Color : FrameNeeds.Depth;

    /// <inheritdoc/>
    public string DefaultPath(string depthPath) => OutputName.DepthPreview(depthPath);

    /// <inheritdoc/>
    public ExportSize Size(DepthVideoExportOptions options) => new(1,
        (options.Count(options.Depth.FrameCount) ?? 1.0) * options.Depth.Width * options.Depth.Height * (options.SideBySide ? 2 : 1) * BytesPerPixel, IsLimit: false);

    /// <inheritdoc/>
    public DepthVideoTarget Open(DepthVideoFacts facts, CancellationToken cancellation)
    {
        var options = facts.Options;
        var range = Range(facts, cancellation);
        var map = options.Colormap ?? ColormapName.Turbo;
        facts.Progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture, $"The colours go from {range.Near:0.###} to {range.Far:0.###} m.")));
        var layout = new PreviewLayout(facts.Width, facts.Height, range, map, options.SideBySide);
        var writing = new FrameWriterOptions
        {
            Width = layout.Width,
            Height = layout.Height,
            FrameRate = facts.FrameRate,
            Codec = VideoCodec.H264,
            FrameCount = facts.FrameCount,
            Tags = new Dictionary<string, string>
            {
                ["comment"] = string.Create(CultureInfo.InvariantCulture, $"depth in {map} colours, {range.Near:0.###} to {range.Far:0.###} m, spaced {range.Spacing}"),
            },
            Overwrite = options.Overwrite,
        };
        return new VideoTarget(facts.Destination, writing, () => new PreviewEncoder(layout), facts.Progress, cancellation);
    }

    private static DepthScaleRange Range(DepthVideoFacts facts, CancellationToken cancellation)
    {
        var options = facts.Options;
        var spacing = options.Spacing ?? DepthSpacing.Inverse;
        double? near = options.MinDepth > 0 || spacing == DepthSpacing.Linear ? options.MinDepth : null, far = options.MaxDepth;
        if (near is null || far is null)
        {
            var found = DepthRangeSample.Find(options, facts.Numbers, cancellation);
            // an end that was found never lies beyond the one that was given
            far ??= Math.Max(found?.Far ?? facts.Source.MaxDepth, 1.05 * near ?? 0);
            near ??= Math.Min(found?.Near ?? NearShareOfFar * far.Value, far.Value / 1.05);
        }
        return new(near.Value, far.Value, spacing);
    }
}
