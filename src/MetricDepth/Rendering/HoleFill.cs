namespace MetricDepth.Rendering;

/// <summary>What becomes of places that the source camera did not see.</summary>
public enum HoleFill
{
    /// <summary>The surface behind is continued into them, its texture with it.</summary>
    Background,
    /// <summary>Nothing is torn: the surface is stretched from the foreground to the background.</summary>
    Stretch,
    /// <summary>They stay black.</summary>
    None,
}
