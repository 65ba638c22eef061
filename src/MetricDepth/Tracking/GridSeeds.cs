using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>A regular grid of places where points start; a node is empty when no point is nearer to it than to its neighbours.</summary>
internal sealed class GridSeeds
{
    private readonly int _step, _columns, _rows;
    private readonly Vector2 _origin;
    private readonly bool[] _taken;

    /// <summary>Lays the grid out around the middle of the picture.</summary>
    public GridSeeds(int width, int height, int step, int margin)
    {
        _step = step;
        _columns = Math.Max(1, (width - 1 - 2 * margin) / step + 1);
        _rows = Math.Max(1, (height - 1 - 2 * margin) / step + 1);
        _origin = new((width - 1 - (_columns - 1) * step) / 2, (height - 1 - (_rows - 1) * step) / 2);
        _taken = new bool[_columns * _rows];
    }

    /// <summary>Nodes of the grid.</summary>
    public int Count => _taken.Length;

    /// <summary>Gives the empty nodes outside the mask, row by row.</summary>
    public void Find(PixelMask mask, ReadOnlySpan<Vector2> existing, List<Vector2> found)
    {
        found.Clear();
        Array.Clear(_taken);
        foreach (var p in existing)
        {
            var cell = (p - _origin) / _step;
            int x = (int)MathF.Round(cell.X), y = (int)MathF.Round(cell.Y);
            if ((uint)x < (uint)_columns && (uint)y < (uint)_rows) _taken[y * _columns + x] = true;
        }
        for (int i = 0; i < _taken.Length; i++)
        {
            var p = _origin + new Vector2(i % _columns, i / _columns) * _step;
            if (!_taken[i] && !mask.Covers(p)) found.Add(p);
        }
    }
}
