namespace MetricDepth.Rendering;

/// <summary>What comes out of a render.</summary>
public enum ViewOutput
{
    /// <summary>One video.</summary>
    Video,
    /// <summary>One PNG file a frame.</summary>
    Png,
}
