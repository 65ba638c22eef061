namespace MetricDepth.Estimation.DepthAnything;

/// <summary>The four pixels of a row (or column) that one pixel of a resized picture is made of, and their weights.</summary>
internal readonly record struct ResizeTaps(int I0, int I1, int I2, int I3, float W0, float W1, float W2, float W3)
{
    private const double A = -0.75;

    /// <summary>How much of the pixel is picture; the rest is margin.</summary>
    public float Share => W0 + W1 + W2 + W3;

    /// <summary>
    /// Cubic convolution (Keys, "Cubic convolution interpolation for digital image processing", 1981) with a = −0.75, centres of pixels
    /// at half-integers, the edge's pixels repeated. Nothing is averaged where a picture shrinks: the networks were trained on
    /// pictures made that way.
    /// </summary>
    /// <param name="from">Pixels there are.</param>
    /// <param name="to">Pixels wanted.</param>
    public static ResizeTaps[] Cubic(int from, int to)
    {
        var taps = new ResizeTaps[to];
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

    /// <summary>Linear interpolation with centres of pixels at half-integers, of a picture with an empty margin on both sides.</summary>
    /// <param name="from">Pixels there are.</param>
    /// <param name="margin">Pixels of margin on each side; with none, the edge's pixels are repeated.</param>
    /// <param name="to">Pixels wanted, margins included.</param>
    public static ResizeTaps[] Linear(int from, double margin, int to)
    {
        var taps = new ResizeTaps[to];
        double scale = (from + 2 * margin) / to;
        for (int i = 0; i < to; i++)
        {
            double at = (i + 0.5) * scale - 0.5 - margin;
            int left = (int)Math.Floor(at);
            float t = (float)(at - left);
            taps[i] = new(0, Inside(left), Inside(left + 1), 0, 0, IsEmpty(left) ? 0 : 1 - t, IsEmpty(left + 1) ? 0 : t, 0);
        }
        return taps;

        int Inside(int index) => Math.Clamp(index, 0, from - 1);

        bool IsEmpty(int index) => margin > 0 && (index < 0 || index >= from);
    }

    private static double Inner(double x) => ((A + 2) * x - (A + 3)) * x * x + 1;

    private static double Outer(double x) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
}
