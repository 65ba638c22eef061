using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>The lens of the clip that is rendered or exported: how it is found, and how it is stored with the result.</summary>
internal static class SourceLens
{
    private const string SourceFovTag = "METRICDEPTH_SOURCE_HORIZONTAL_FOV";

    /// <summary>The field of view to use.</summary>
    /// <exception cref="MetricDepthException"><c>FieldOfViewMissing</c>: nobody and nothing tells it.</exception>
    public static ResolvedFieldOfView Resolve(double? horizontalFov, double? verticalFov, DepthVideo depth, VideoClip? color,
        IProgress<FrameProgress>? progress, CancellationToken cancellation) => FieldOfViewResolver.Resolve(
        new() { HorizontalFov = horizontalFov, VerticalFov = verticalFov, Depth = depth, Color = color }, progress, cancellation);

    /// <summary>Tags for a rendered picture.</summary>
    /// <param name="camera">The clip's camera.</param>
    /// <param name="source">Where its field of view comes from.</param>
    /// <param name="pictureFov">Horizontal field of view of the rendered picture, degrees; null where it has more than one eye, or another projection.</param>
    public static Dictionary<string, string> Tags(Intrinsics camera, FieldOfViewSource source, double? pictureFov)
    {
        var tags = new Dictionary<string, string>
        {
            [SourceFovTag] = DepthVideoTags.Format(camera.HorizontalFov),
            [DepthVideoTags.FovSource] = source.ToString(),
            // the only one of these that MP4 keeps
            ["comment"] = Describe(camera, source),
        };
        if (pictureFov is { } fov) tags[LensTags.HorizontalFovTag] = DepthVideoTags.Format(fov);
        return tags;
    }

    /// <summary>The same in words, ASCII.</summary>
    public static string Describe(Intrinsics camera, FieldOfViewSource source) => string.Create(CultureInfo.InvariantCulture,
        $"field of view {camera.HorizontalFov:0.###} x {camera.VerticalFov:0.###} degrees ({source})");
}
