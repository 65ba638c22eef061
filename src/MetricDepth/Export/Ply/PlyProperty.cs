namespace MetricDepth.Export.Ply;

/// <summary>What one number of a record means.</summary>
/// <param name="Type">Its type; that of the items in a list.</param>
/// <param name="Name">Its name.</param>
/// <param name="ListCount">The type of the number of items before them; null for a single number.</param>
internal readonly record struct PlyProperty(PlyType Type, string Name, PlyType? ListCount = null)
{
    /// <summary>The corners of a face: <c>list uchar int vertex_indices</c>.</summary>
    public static PlyProperty VertexIndices => new(PlyType.Int, "vertex_indices", PlyType.UChar);

    /// <summary>Bytes of one number in a binary file.</summary>
    public static int Bytes(PlyType type) => type == PlyType.UChar ? 1 : 4;

    /// <summary>The most letters of one number in words, with the space after it.</summary>
    public static int Letters(PlyType type) => 1 + type switch { PlyType.UChar => 3, PlyType.Int => 11, _ => ShortestDecimal.MostLetters };

    /// <summary>Its line in the header.</summary>
    public override string ToString() => ListCount is { } count ? $"property list {Word(count)} {Word(Type)} {Name}" : $"property {Word(Type)} {Name}";

    private static string Word(PlyType type) => type switch { PlyType.UChar => "uchar", PlyType.Int => "int", _ => "float" };
}
