namespace MetricDepth.Tracking;

/// <summary>What a followed point has to pass.</summary>
/// <param name="MinCorrelation">How alike the two patches must be: zero-mean normalised cross-correlation, at least.</param>
/// <param name="MaxRoundTrip">How far the way back may miss the start, px.</param>
internal readonly record struct KltChecks(float MinCorrelation, float MaxRoundTrip)
{
    /// <summary>What the tracker asks for.</summary>
    public static KltChecks Usual => new(0.75f, 0.4f);

    /// <summary>Nothing: whoever tracks looks for himself.</summary>
    public static KltChecks None => new(-1, float.PositiveInfinity);
}
