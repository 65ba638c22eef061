namespace MetricDepth.Depth;

/// <summary>Metres to and from the RGB codes of DESIGN §3.</summary>
public static class DepthCodec
{
    /// <summary>The largest code.</summary>
    public const int MaxCode = 64518;

    /// <summary>BGR0 pixels to metres; code 0 becomes 0 (no depth).</summary>
    public static void Decode(ReadOnlySpan<uint> pixels, Span<float> depth, double maxDepth) => throw new NotImplementedException();

    /// <summary>Metres to BGR0 pixels. 0 and NaN are no depth; others are clamped to [0, maxDepth].</summary>
    /// <returns>How many pixels were clamped.</returns>
    public static long Encode(ReadOnlySpan<float> depth, Span<uint> pixels, double maxDepth) => throw new NotImplementedException();
}
