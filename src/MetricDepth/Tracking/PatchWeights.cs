namespace MetricDepth.Tracking;

/// <summary>How much each pixel of a patch counts: Gaussians about its centre that sum to 1.</summary>
internal static class PatchWeights
{
    private const int Patch = KltTracker.Patch;
    private static readonly float[] WideWeights = Gaussian(5), CoarseWeights = Gaussian(8), TightWeights = Gaussian(2.5);

    /// <summary>Nearly all of the patch.</summary>
    public static ReadOnlySpan<float> Wide => WideWeights;

    /// <summary>On coarse levels: more even, since there what lies around a point helps to find it and does not pull it off its place.</summary>
    public static ReadOnlySpan<float> Coarse => CoarseWeights;

    /// <summary>The innermost pixels, for a point near the edge of its surface.</summary>
    public static ReadOnlySpan<float> Tight => TightWeights;

    private static float[] Gaussian(double sigma)
    {
        var w = new float[Patch * Patch];
        const double centre = (Patch - 1) / 2.0;
        double sum = 0;
        for (int i = 0; i < w.Length; i++)
        {
            double x = i % Patch - centre, y = i / Patch - centre;
            sum += w[i] = (float)Math.Exp(-(x * x + y * y) / (2 * sigma * sigma));
        }
        for (int i = 0; i < w.Length; i++) w[i] = (float)(w[i] / sum);
        return w;
    }
}
