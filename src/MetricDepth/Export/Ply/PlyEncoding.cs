namespace MetricDepth.Export.Ply;

/// <summary>How a PLY file writes its numbers.</summary>
internal enum PlyEncoding
{
    /// <summary>Binary, little-endian.</summary>
    Binary,
    /// <summary>In words, one record a line.</summary>
    Ascii,
}
