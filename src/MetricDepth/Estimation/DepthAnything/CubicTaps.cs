namespace MetricDepth.Estimation.DepthAnything;

/// <summary>The four pixels of a row (or column) that one pixel of the resized picture is made of, and their shares.</summary>
internal readonly record struct CubicTaps(int I0, int I1, int I2, int I3, float W0, float W1, float W2, float W3)
{
    private const double A = -0.75;

    /// <summary>
    /// Cubic convolution (Keys, "Cubic convolution interpolation for digital image processing", 1981) with a = −0.75, centres of pixels
    /// at half-integers, the edge's pixels repeated. Nothing is averaged where a picture shrinks: the networks were trained on
    /// pictures made that way.
    /// </summary>
    /// <param name="from">Pixels there are.</param>
    /// <param name="to">Pixels wanted.</param>
    public static CubicTaps[] Between(int from, int to)
    {
        var taps = new CubicTaps[to];
        double scale = (double)from / to;
        for (int i = 0; i < to; i++)
        {
            double at = (i + 0.5) * scale - 0.5;
            int left = (int)Math.Floor(at);
            double t = at - left;
            double w0 = Outer(1 + t), w1 = Inner(t), w2 = Inner(1 - t);
            taps[i] = new(Inside(left - 1), Inside(left), Inside(left + 1), Inside(left + 2),
                (float)w0, (float)w1, (float)w2, (float)(1 - w0 - w1 - w2));
        }
        return taps;

        int Inside(int index) => Math.Clamp(index, 0, from - 1);
    }

    private static double Inner(double x) => ((A + 2) * x - (A + 3)) * x * x + 1;

    private static double Outer(double x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
}
