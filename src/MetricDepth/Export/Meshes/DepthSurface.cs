using MetricDepth.Export.Frames;
using MetricDepth.Rendering;

namespace MetricDepth.Export.Meshes;

/// <summary>Makes the mesh of a depth frame: two triangles a cell, cells joined where the depth is flat, no vertices without a triangle.</summary>
/// <remarks>
/// Where a larger square borders on smaller ones, their corners on its border are vertices of its own triangles, which then meet in its
/// middle. So there are no cracks: an edge inside the surface belongs to exactly two triangles.
/// </remarks>
internal sealed class DepthSurface
{
    private const int None = -1;
    private readonly DepthMesh _surface;
    private readonly CellGrid _cells;
    private readonly bool[] _isCorner;
    private readonly int[] _vertexAt;
    private readonly int _width, _height;
    private readonly DepthMeshExportOptions _options;
    private readonly VertexNormals? _normals;

    /// <summary>Makes the scratch of one worker.</summary>
    /// <param name="pass">The pass whose frames come.</param>
    /// <param name="options">What is asked for.</param>
    public DepthSurface(FrameExportPass pass, DepthMeshExportOptions options)
    {
        (_surface, _options) = (new(pass.Camera), options);
        (_width, _height) = (pass.Camera.Width, pass.Camera.Height);
        _cells = new(_width, _height, options.Decimate);
        _isCorner = new bool[_width * _height];
        _vertexAt = new int[_width * _height];
        _normals = options.Normals ? new() : null;
    }

    /// <summary>Makes the mesh.</summary>
    /// <param name="frame">The frame, prepared.</param>
    /// <param name="mesh">Receives it.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Build(ExportFrame frame, TriangleMesh mesh, CancellationToken cancellation)
    {
        mesh.Clear();
        _cells.Join(_surface, frame.Depth, _options.RemoveEdges, cancellation);
        if (_options.Decimate > 1) MarkCorners();
        Array.Fill(_vertexAt, None);
        for (int y = 0; y + 1 < _height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int x = 0; x + 1 < _width; x++)
            {
                int size = _cells.SizeAt(x, y);
                if (size == 1) AddCell(frame, mesh, x, y);
                else if (size > 1) AddSquare(frame, mesh, x, y, size);
            }
        }
        _normals?.AddTo(mesh);
    }

    private void MarkCorners()
    {
        Array.Clear(_isCorner);
        for (int y = 0; y + 1 < _height; y++)
            for (int x = 0; x + 1 < _width; x++)
            {
                int size = _cells.SizeAt(x, y);
                if (size == 0) continue;
                var triangles = size > 1 ? CellTriangles.Both : _cells.TrianglesAt(x, y);
                if (triangles == CellTriangles.None) continue;
                int a = y * _width + x, d = a + size * _width + size;
                _isCorner[a] = _isCorner[d] = true;
                if (triangles.HasFlag(CellTriangles.UpperRight)) _isCorner[a + size] = true;
                if (triangles.HasFlag(CellTriangles.LowerLeft)) _isCorner[d - size] = true;
            }
    }

    private void AddCell(ExportFrame frame, TriangleMesh mesh, int x, int y)
    {
        var triangles = _cells.TrianglesAt(x, y);
        if (triangles == CellTriangles.None) return;
        int a = Vertex(frame, mesh, x, y), d = Vertex(frame, mesh, x + 1, y + 1);
        if (triangles.HasFlag(CellTriangles.LowerLeft)) mesh.AddTriangle(a, Vertex(frame, mesh, x, y + 1), d);
        if (triangles.HasFlag(CellTriangles.UpperRight)) mesh.AddTriangle(a, d, Vertex(frame, mesh, x + 1, y));
    }

    private void AddSquare(ExportFrame frame, TriangleMesh mesh, int left, int top, int size)
    {
        int a = Vertex(frame, mesh, left, top);
        if (!HasCornersOnBorder(left, top, size))
        {
            int d = Vertex(frame, mesh, left + size, top + size);
            mesh.AddTriangle(a, Vertex(frame, mesh, left, top + size), d);
            mesh.AddTriangle(a, d, Vertex(frame, mesh, left + size, top));
            return;
        }
        int middle = Vertex(frame, mesh, left + size / 2, top + size / 2), previous = a;
        // once round, down the left side first: counter-clockwise for the camera
        int x = left, y = top;
        foreach (var (dx, dy) in (ReadOnlySpan<(int, int)>)[(0, 1), (1, 0), (0, -1), (-1, 0)])
            for (int step = 0; step < size; step++)
            {
                (x, y) = (x + dx, y + dy);
                if (!_isCorner[y * _width + x]) continue;
                int next = Vertex(frame, mesh, x, y);
                mesh.AddTriangle(middle, previous, next);
                previous = next;
            }
    }

    private bool HasCornersOnBorder(int left, int top, int size)
    {
        int a = top * _width + left, b = a + size, c = a + size * _width;
        for (int i = 1; i < size; i++)
            if (_isCorner[a + i] || _isCorner[c + i] || _isCorner[a + i * _width] || _isCorner[b + i * _width]) return true;
        return false;
    }

    private int Vertex(ExportFrame frame, TriangleMesh mesh, int x, int y)
    {
        int i = y * _width + x;
        if (_vertexAt[i] != None) return _vertexAt[i];
        var point = frame.Pose * _surface.Point(x, y, frame.Depth[i]);
        int vertex = mesh.AddVertex((float)point.X, (float)point.Y, (float)point.Z);
        if (frame.Color.Length > 0)
        {
            if (_options.Format == MeshFormat.Ply) mesh.AddColor(frame.Color[i]);
            else mesh.AddTextureCoordinate((x + 0.5f) / _width, (y + 0.5f) / _height);
        }
        return _vertexAt[i] = vertex;
    }
}
