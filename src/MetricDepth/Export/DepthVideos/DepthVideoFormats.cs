namespace MetricDepth.Export.DepthVideos;

/// <summary>The formats: one line each.</summary>
internal static class DepthVideoFormats
{
    private static readonly Dictionary<DepthVideoFormat, IDepthVideoFormat> Rows = new()
    {
        [DepthVideoFormat.Gray8] = new GrayVideoFormat(is16Bit: false),
        [DepthVideoFormat.Gray16] = new GrayVideoFormat(is16Bit: true),
        [DepthVideoFormat.Png16] = new Png16Format(),
        [DepthVideoFormat.Exr] = new ExrFormat(),
        [DepthVideoFormat.Npy] = new NpyFormat(),
        [DepthVideoFormat.Npz] = new NpzFormat(),
        [DepthVideoFormat.Preview] = new PreviewFormat(),
    };

    /// <summary>The row of a format.</summary>
    public static IDepthVideoFormat Get(DepthVideoFormat format) => Rows[format];
}
