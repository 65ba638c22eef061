using MetricDepth.Export.Frames;
using MetricDepth.Imaging;

namespace MetricDepth.Export;

/// <summary>
/// What <c>Export-DepthVideo</c> is asked to do. <see cref="FrameExportOptions.MinDepth"/> and <see cref="FrameExportOptions.MaxDepth"/>
/// leave depth out in formats that hold metres, and are the ends of the scale in those that hold grey levels or colours.
/// </summary>
public sealed record DepthVideoExportOptions : FrameExportOptions
{
    /// <summary>What to write.</summary>
    public required DepthVideoFormat Format { get; init; }

    /// <summary>Metres a step, for formats with whole steps of one's choice; null for 0.001.</summary>
    public double? DepthUnit { get; init; }

    /// <summary>How depth is spread over grey levels or colours; null for what is usual in the format.</summary>
    public DepthSpacing? Spacing { get; init; }

    /// <summary>Which colours; null for Turbo.</summary>
    public ColormapName? Colormap { get; init; }

    /// <summary>The colour video to the left of the depth.</summary>
    public bool SideBySide { get; init; }
}
