using System.Numerics;
using MetricDepth.Imaging;

namespace MetricDepth.Tracking;

/// <summary>
/// Corners after Shi and Tomasi ("Good features to track", CVPR 1994): the smaller eigenvalue of the gradient moment matrix
/// over 7×7 pixels. At most one corner per grid cell, so that they spread over the picture.
/// </summary>
internal sealed class CornerDetector
{
    private const int Window = 7, Half = Window / 2;

    // A picture of flat grey with camera noise of two grey levels scores about 2; below 4 a corner is noise.
    private const float NoiseFloor = 4f;
    private const float RelativeFloor = 0.002f;

    private readonly int _width, _height, _cell, _columns, _rows;
    private readonly float[] _xx, _xy, _yy, _sumXx, _sumXy, _sumYy, _score;
    private readonly (float Score, int X, int Y)[] _best;
    private readonly bool[] _taken;

    public CornerDetector(int width, int height, int cell)
    {
        (_width, _height, _cell) = (width, height, cell);
        _columns = (width + cell - 1) / cell;
        _rows = (height + cell - 1) / cell;
        _xx = new float[width * Window];
        _xy = new float[width * Window];
        _yy = new float[width * Window];
        _sumXx = new float[width];
        _sumXy = new float[width];
        _sumYy = new float[width];
        _score = new float[width];
        _best = new (float, int, int)[_columns * _rows];
        _taken = new bool[_columns * _rows];
    }

    /// <summary>Finds new corners away from the points that already exist, best first within the room left.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="mask">Where no corners are wanted.</param>
    /// <param name="existing">Points that keep their surroundings free.</param>
    /// <param name="margin">Pixels at the picture's edge without corners.</param>
    /// <param name="count">Corners wanted, at most.</param>
    /// <param name="found">Receives the corners.</param>
    public void Detect(ImagePyramid.Level image, PixelMask mask, ReadOnlySpan<Vector2> existing, int margin, int count, List<Vector2> found)
    {
        found.Clear();
        Array.Clear(_best);
        Array.Clear(_taken);
        foreach (var p in existing) _taken[CellOf((int)p.X, (int)p.Y)] = true;
        for (int y = 0; y < _height; y++)
        {
            Products(image, y);
            int centre = y - Half;
            if (y < Window - 1 || centre < margin || centre >= _height - margin) continue;
            ScoreRow();
            Collect(mask, centre, margin);
        }
        float strongest = 0;
        foreach (var b in _best) strongest = Math.Max(strongest, b.Score);
        float floor = Math.Max(NoiseFloor, RelativeFloor * strongest);
        var candidates = new List<(float Score, int X, int Y)>();
        float clear = _cell * 0.6f;
        foreach (var b in _best)
            if (b.Score >= floor && IsClear(b.X, b.Y, existing, clear)) candidates.Add(b);
        // a total order, so that equal scores cannot come out differently
        candidates.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Y != b.Y ? a.Y.CompareTo(b.Y) : a.X.CompareTo(b.X));
        foreach (var c in candidates)
        {
            if (found.Count >= count) break;
            var p = new Vector2(c.X, c.Y);
            bool near = false;
            foreach (var q in found) near |= Vector2.DistanceSquared(p, q) < clear * clear;
            if (!near) found.Add(p);
        }
    }

    private int CellOf(int x, int y) =>
        Math.Clamp(y / _cell, 0, _rows - 1) * _columns + Math.Clamp(x / _cell, 0, _columns - 1);

    private static bool IsClear(int x, int y, ReadOnlySpan<Vector2> existing, float distance)
    {
        var p = new Vector2(x, y);
        foreach (var q in existing)
            if (Vector2.DistanceSquared(p, q) < distance * distance) return false;
        return true;
    }

    private void Products(ImagePyramid.Level image, int y)
    {
        int at = y % Window * _width;
        var above = image.Framed(y - 1, 0, _width);
        var below = image.Framed(y + 1, 0, _width);
        var left = image.Framed(y, -1, _width);
        var right = image.Framed(y, 1, _width);
        Span<float> xx = _xx.AsSpan(at, _width), xy = _xy.AsSpan(at, _width), yy = _yy.AsSpan(at, _width);
        int x = 0, n = Vector<float>.Count;
        var half = new Vector<float>(0.5f);
        for (; x <= _width - n; x += n)
        {
            var gx = (new Vector<float>(right[x..]) - new Vector<float>(left[x..])) * half;
            var gy = (new Vector<float>(below[x..]) - new Vector<float>(above[x..])) * half;
            (gx * gx).CopyTo(xx[x..]);
            (gx * gy).CopyTo(xy[x..]);
            (gy * gy).CopyTo(yy[x..]);
        }
        for (; x < _width; x++)
        {
            float gx = (right[x] - left[x]) * 0.5f, gy = (below[x] - above[x]) * 0.5f;
            (xx[x], xy[x], yy[x]) = (gx * gx, gx * gy, gy * gy);
        }
    }

    private void ScoreRow()
    {
        SumRows(_xx, _sumXx);
        SumRows(_xy, _sumXy);
        SumRows(_yy, _sumYy);
        int n = Vector<float>.Count, x = Half;
        var scale = new Vector<float>(1f / (Window * Window));
        var half = new Vector<float>(0.5f);
        for (; x <= _width - Half - n; x += n)
        {
            var a = SumColumns(_sumXx, x) * scale;
            var b = SumColumns(_sumXy, x) * scale;
            var c = SumColumns(_sumYy, x) * scale;
            var d = (a - c) * half;
            ((a + c) * half - Vector.SquareRoot(d * d + b * b)).CopyTo(_score, x);
        }
        for (; x < _width - Half; x++)
        {
            float a = 0, b = 0, c = 0;
            for (int i = -Half; i <= Half; i++) (a, b, c) = (a + _sumXx[x + i], b + _sumXy[x + i], c + _sumYy[x + i]);
            float d = (a - c) / 2;
            _score[x] = ((a + c) / 2 - MathF.Sqrt(d * d + b * b)) / (Window * Window);
        }
    }

    private void SumRows(float[] rows, float[] sum)
    {
        int n = Vector<float>.Count, x = 0;
        for (; x <= _width - n; x += n)
        {
            var s = new Vector<float>(rows, x);
            for (int r = 1; r < Window; r++) s += new Vector<float>(rows, r * _width + x);
            s.CopyTo(sum, x);
        }
        for (; x < _width; x++)
        {
            float s = 0;
            for (int r = 0; r < Window; r++) s += rows[r * _width + x];
            sum[x] = s;
        }
    }

    private static Vector<float> SumColumns(float[] row, int x)
    {
        var s = new Vector<float>(row, x - Half);
        for (int i = 1; i < Window; i++) s += new Vector<float>(row, x - Half + i);
        return s;
    }

    private void Collect(PixelMask mask, int y, int margin)
    {
        int row = y / _cell * _columns;
        for (int column = 0; column < _columns; column++)
        {
            int cell = row + column;
            if (_taken[cell]) continue;
            int from = Math.Max(column * _cell, Math.Max(margin, Half)), to = Math.Min((column + 1) * _cell, _width - Math.Max(margin, Half));
            float best = _best[cell].Score;
            for (int x = from; x < to; x++)
                if (_score[x] > best && !mask.Covers(x, y))
                {
                    best = _score[x];
                    _best[cell] = (best, x, y);
                }
        }
    }
}
