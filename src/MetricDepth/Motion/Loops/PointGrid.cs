using System.Numerics;

namespace MetricDepth.Motion.Loops;

/// <summary>Points sorted into square cells, so that those near a place are found at once.</summary>
internal sealed class PointGrid
{
    private readonly int _columns, _rows;
    private readonly float _cell;
    private readonly int[] _start, _points;
    private readonly List<int> _found = [];

    /// <summary>Sorts.</summary>
    /// <param name="points">Points, px.</param>
    /// <param name="width">Width of the picture, px.</param>
    /// <param name="height">Height of the picture, px.</param>
    /// <param name="reach">How far is near, px.</param>
    public PointGrid(Vector2[] points, int width, int height, float reach)
    {
        _cell = Math.Max(reach, 4);
        _columns = (int)(width / _cell) + 1;
        _rows = (int)(height / _cell) + 1;
        _start = new int[_columns * _rows + 1];
        foreach (var p in points) _start[Cell(p) + 1]++;
        for (int c = 0; c < _columns * _rows; c++) _start[c + 1] += _start[c];
        var next = _start.AsSpan(0, _columns * _rows).ToArray();
        _points = new int[points.Length];
        for (int i = 0; i < points.Length; i++) _points[next[Cell(points[i])]++] = i;
    }

    /// <summary>All points within reach of a place, and some more; valid until the next call.</summary>
    public List<int> Near(Vector2 at)
    {
        _found.Clear();
        if (!(Math.Abs(at.X) < 1e6f) || !(Math.Abs(at.Y) < 1e6f)) return _found;
        int x = (int)MathF.Floor(at.X / _cell), y = (int)MathF.Floor(at.Y / _cell);
        for (int r = Math.Max(0, y - 1); r <= Math.Min(_rows - 1, y + 1); r++)
            for (int c = Math.Max(0, x - 1); c <= Math.Min(_columns - 1, x + 1); c++)
                for (int i = _start[r * _columns + c]; i < _start[r * _columns + c + 1]; i++) _found.Add(_points[i]);
        return _found;
    }

    private int Cell(Vector2 p) => Math.Clamp((int)(p.Y / _cell), 0, _rows - 1) * _columns + Math.Clamp((int)(p.X / _cell), 0, _columns - 1);
}
