namespace MetricDepth.Export.Frames;

/// <summary>What an export uses of each frame.</summary>
[Flags]
internal enum FrameNeeds
{
    /// <summary>Its depth; that always.</summary>
    Depth = 0,
    /// <summary>Its colours, where it is known which colour video they are in.</summary>
    Color = 1,
    /// <summary>The camera's field of view; an error where nobody and nothing tells it.</summary>
    Lens = 2,
    /// <summary>Its colours, at the colour video's own size instead of the depth's: for textures.</summary>
    FullSizeColor = 4 | Color,
}
