namespace MetricDepth.Video;

/// <summary>How a raw frame lies in memory; H×W, row-major, no padding.</summary>
public enum PixelLayout
{
    /// <summary>Four bytes a pixel: blue, green, red, and one that means nothing.</summary>
    Bgr0,
    /// <summary>One byte a pixel: luma, full range.</summary>
    Gray8,
    /// <summary>Two bytes a pixel, little-endian.</summary>
    Gray16,
}

/// <summary>Sizes of layouts.</summary>
public static class PixelLayouts
{
    /// <summary>Bytes one pixel takes.</summary>
    public static int BytesPerPixel(this PixelLayout layout) => layout switch
    {
        PixelLayout.Gray8 => 1,
        PixelLayout.Gray16 => 2,
        _ => 4,
    };
}
