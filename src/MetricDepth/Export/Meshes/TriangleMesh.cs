using System.Runtime.InteropServices;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Triangles over shared vertices, grown one by one and kept for the next frame. Metres, x right, y down, z forward; triangles are
/// counter-clockwise seen from the side their surface faces.
/// </summary>
internal sealed class TriangleMesh
{
    private readonly List<float> _positions = [], _normals = [], _textureCoordinates = [];
    private readonly List<uint> _colors = [];
    private readonly List<int> _triangles = [];

    /// <summary>Vertices so far.</summary>
    public int VertexCount => _positions.Count / 3;

    /// <summary>Triangles so far.</summary>
    public int TriangleCount => _triangles.Count / 3;

    /// <summary>x, y, z of each vertex, m; V×3.</summary>
    public ReadOnlySpan<float> Positions => CollectionsMarshal.AsSpan(_positions);

    /// <summary>Unit normal of each vertex; V×3, or empty.</summary>
    public ReadOnlySpan<float> Normals => CollectionsMarshal.AsSpan(_normals);

    /// <summary>Colour of each vertex, BGR0; V, or empty.</summary>
    public ReadOnlySpan<uint> Colors => CollectionsMarshal.AsSpan(_colors);

    /// <summary>u, v of each vertex, 0..1 from the texture's upper left corner; V×2, or empty.</summary>
    public ReadOnlySpan<float> TextureCoordinates => CollectionsMarshal.AsSpan(_textureCoordinates);

    /// <summary>Vertex numbers of each triangle; T×3.</summary>
    public ReadOnlySpan<int> Triangles => CollectionsMarshal.AsSpan(_triangles);

    /// <summary><see cref="Positions"/>, to be filled in by whoever called <see cref="SetCounts"/>.</summary>
    public Span<float> WritablePositions => CollectionsMarshal.AsSpan(_positions);

    /// <summary><see cref="Normals"/>, to be filled in by whoever called <see cref="SetCounts"/>.</summary>
    public Span<float> WritableNormals => CollectionsMarshal.AsSpan(_normals);

    /// <summary><see cref="Colors"/>, to be filled in by whoever called <see cref="SetCounts"/>.</summary>
    public Span<uint> WritableColors => CollectionsMarshal.AsSpan(_colors);

    /// <summary><see cref="Triangles"/>, to be filled in by whoever called <see cref="SetCounts"/>.</summary>
    public Span<int> WritableTriangles => CollectionsMarshal.AsSpan(_triangles);

    /// <summary>Makes a mesh of so many vertices, each with a normal, and triangles: the first ones are kept, new ones are to be filled in.</summary>
    public void SetCounts(int vertices, int triangles, bool hasColor)
    {
        CollectionsMarshal.SetCount(_positions, 3 * vertices);
        CollectionsMarshal.SetCount(_normals, 3 * vertices);
        CollectionsMarshal.SetCount(_colors, hasColor ? vertices : 0);
        CollectionsMarshal.SetCount(_triangles, 3 * triangles);
    }

    /// <summary>Starts anew; memory is kept.</summary>
    public void Clear()
    {
        _positions.Clear();
        _normals.Clear();
        _textureCoordinates.Clear();
        _colors.Clear();
        _triangles.Clear();
    }

    /// <summary>Takes the memory for so much at once, instead of growing into it.</summary>
    /// <param name="vertices">Vertices to have room for.</param>
    /// <param name="triangles">Triangles to have room for.</param>
    /// <param name="parts">What the vertices will have.</param>
    public void Reserve(long vertices, long triangles, VertexParts parts)
    {
        _positions.EnsureCapacity(Room(3 * vertices));
        _triangles.EnsureCapacity(Room(3 * triangles));
        if (parts.HasFlag(VertexParts.Normal)) _normals.EnsureCapacity(Room(3 * vertices));
        if (parts.HasFlag(VertexParts.Color)) _colors.EnsureCapacity(Room(vertices));
        if (parts.HasFlag(VertexParts.TextureCoordinate)) _textureCoordinates.EnsureCapacity(Room(2 * vertices));
    }

    /// <summary>Adds a vertex.</summary>
    /// <returns>Its number.</returns>
    public int AddVertex(float x, float y, float z)
    {
        _positions.Add(x);
        _positions.Add(y);
        _positions.Add(z);
        return VertexCount - 1;
    }

    /// <summary>Gives the vertex added last its normal; all vertices have one, or none.</summary>
    public void AddNormal(float x, float y, float z)
    {
        _normals.Add(x);
        _normals.Add(y);
        _normals.Add(z);
    }

    /// <summary>Gives the vertex added last its colour; all vertices have one, or none.</summary>
    /// <param name="color">BGR0.</param>
    public void AddColor(uint color) => _colors.Add(color);

    /// <summary>Gives the vertex added last its place in the texture; all vertices have one, or none.</summary>
    /// <param name="u">0..1 from the left.</param>
    /// <param name="v">0..1 from the top.</param>
    public void AddTextureCoordinate(float u, float v)
    {
        _textureCoordinates.Add(u);
        _textureCoordinates.Add(v);
    }

    /// <summary>Adds a triangle.</summary>
    public void AddTriangle(int a, int b, int c)
    {
        _triangles.Add(a);
        _triangles.Add(b);
        _triangles.Add(c);
    }

    private static int Room(long items) => (int)Math.Min(items, Array.MaxLength);
}
