namespace MetricDepth.Rendering;

/// <summary>The triangles of a cell between four pixels, which is split from its upper left to its lower right corner.</summary>
[Flags]
internal enum CellTriangles : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The one with the upper right corner.</summary>
    UpperRight = 1,
    /// <summary>The one with the lower left corner.</summary>
    LowerLeft = 2,
    /// <summary>Both.</summary>
    Both = UpperRight | LowerLeft,
}
