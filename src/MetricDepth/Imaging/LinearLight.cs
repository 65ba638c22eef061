namespace MetricDepth.Imaging;

/// <summary>From colours as stored to amounts of light (IEC 61966-2-1, sRGB).</summary>
internal static class LinearLight
{
    /// <summary>The light of a stored value.</summary>
    /// <param name="value">0..1.</param>
    /// <returns>0..1.</returns>
    public static double FromSrgb(double value) => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
}
