namespace MetricDepth.Export.Ply;

/// <summary>The types of numbers that are written here, under the names of PLY 1.0.</summary>
internal enum PlyType
{
    /// <summary><c>uchar</c>, 0..255, 1 byte.</summary>
    UChar,
    /// <summary><c>int</c>, 4 bytes.</summary>
    Int,
    /// <summary><c>float</c>, 4 bytes.</summary>
    Float,
}
