namespace MetricDepth.Video;

/// <summary>How a raw frame lies in memory; H×W, row-major, no padding.</summary>
public enum PixelLayout
{
    /// <summary>Four bytes a pixel: blue, green, red, 0.</summary>
    Bgr0,
    /// <summary>One byte a pixel: luma, full range.</summary>
    Gray8,
    /// <summary>Two bytes a pixel, little-endian.</summary>
    Gray16,
}
