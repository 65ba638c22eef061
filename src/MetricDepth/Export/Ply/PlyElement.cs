namespace MetricDepth.Export.Ply;

/// <summary>A table of a PLY file: so many records of the same properties.</summary>
/// <param name="Name">Its name: <c>vertex</c>, <c>face</c>.</param>
/// <param name="Count">Records.</param>
/// <param name="Properties">The numbers of a record, in order.</param>
internal sealed record PlyElement(string Name, long Count, IReadOnlyList<PlyProperty> Properties)
{
    /// <summary>Vertices: <c>x y z</c>, then <c>nx ny nz</c>, then <c>red green blue</c>, under the names that everybody reads.</summary>
    public static PlyElement Vertices(long count, VertexFields fields)
    {
        List<PlyProperty> properties = [.. Named(PlyType.Float, "x", "y", "z")];
        if (fields.HasFlag(VertexFields.Normal)) properties.AddRange(Named(PlyType.Float, "nx", "ny", "nz"));
        if (fields.HasFlag(VertexFields.Color)) properties.AddRange(Named(PlyType.UChar, "red", "green", "blue"));
        return new("vertex", count, properties);
    }

    /// <summary>Faces by the numbers of their corners: a <c>uchar</c> with how many there are, then as many <c>int</c>.</summary>
    public static PlyElement Faces(long count) => new("face", count, [PlyProperty.VertexIndices]);

    /// <summary>Bytes of a record without lists: exactly in a binary file, at most in words.</summary>
    public int RecordBytes(PlyEncoding encoding) =>
        Properties.Sum(p => encoding == PlyEncoding.Binary ? PlyProperty.Bytes(p.Type) : PlyProperty.Letters(p.Type));

    private static IEnumerable<PlyProperty> Named(PlyType type, params string[] names) => names.Select(name => new PlyProperty(type, name));
}
