namespace MetricDepth.Rendering;

/// <summary>
/// Depth as Touchly's layouts show it (DESIGN §3): grey <c>255 − rint((clamp(d, min, max) − min) · 255 / (max − min))</c>, near
/// bright; without depth it is black, the farthest.
/// </summary>
/// <param name="Min">Depth shown as white, m.</param>
/// <param name="Max">Depth shown as black, m.</param>
internal sealed record TouchlyDepth(double Min = 0, double Max = TouchlyDepth.DefaultMax)
{
    /// <summary>The Python toolbox's largest depth, m.</summary>
    public const double DefaultMax = 5;

    /// <summary>Draws a row of inverse depth (1/m, 0 = none) as grey BGR0 pixels.</summary>
    public void Draw(ReadOnlySpan<float> inverseDepth, Span<uint> pixels)
    {
        double scale = 255 / (Max - Min);
        for (int x = 0; x < inverseDepth.Length; x++)
        {
            float inverse = inverseDepth[x];
            if (!(inverse > 0))
            {
                pixels[x] = 0;
                continue;
            }
            uint grey = 255 - (uint)Math.Round((Math.Clamp(1.0 / inverse, Min, Max) - Min) * scale, MidpointRounding.ToEven);
            pixels[x] = grey * 0x010101;
        }
    }
}
