namespace MetricDepth.Imaging;

/// <summary>Numbers as colours.</summary>
public static class Colormap
{
    private const int Steps = 1024;
    private static readonly uint[] TurboTable = [.. Enumerable.Range(0, Steps).Select(i => TurboPolynomial(i / (Steps - 1.0)))];

    /// <summary>
    /// Turbo, from dark blue (0) over green (0.5) to dark red (1): even in brightness, so that no edge appears where there is none. The
    /// fifth-degree approximation given with A. Mikhailov, "Turbo, an improved rainbow colormap for visualization", Google AI blog, 2019.
    /// </summary>
    /// <param name="value">0..1; what lies outside is clamped, NaN is 0.</param>
    /// <returns>A BGR0 pixel.</returns>
    public static uint Turbo(double value) => TurboTable[value > 0 ? (int)(Math.Min(value, 1) * (Steps - 1) + 0.5) : 0];

    private static uint TurboPolynomial(double x)
    {
        double red = 0.13572138 + x * (4.61539260 + x * (-42.66032258 + x * (132.13108234 + x * (-152.94239396 + x * 59.28637943))));
        double green = 0.09140261 + x * (2.19418839 + x * (4.84296658 + x * (-14.18503333 + x * (4.27729857 + x * 2.82956604))));
        double blue = 0.10667330 + x * (12.64194608 + x * (-60.58204836 + x * (110.36276771 + x * (-89.90310912 + x * 27.34824973))));
        return Level(red) << 16 | Level(green) << 8 | Level(blue);

        static uint Level(double v) => (uint)Math.Round(255 * Math.Clamp(v, 0, 1));
    }
}
