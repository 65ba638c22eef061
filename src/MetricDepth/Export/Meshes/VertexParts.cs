namespace MetricDepth.Export.Meshes;

/// <summary>What the vertices of a mesh have beside a position.</summary>
[Flags]
internal enum VertexParts
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A unit normal.</summary>
    Normal = 1,
    /// <summary>A colour.</summary>
    Color = 2,
    /// <summary>A place in the texture.</summary>
    TextureCoordinate = 4,
}
