namespace MetricDepth.Export.Ply;

/// <summary>What a vertex or point carries beside its position.</summary>
[Flags]
internal enum VertexFields
{
    /// <summary>A position alone.</summary>
    None = 0,
    /// <summary>A unit normal.</summary>
    Normal = 1,
    /// <summary>A colour, 8 bits a channel.</summary>
    Color = 2,
}
