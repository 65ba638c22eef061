using MetricDepth.Rendering;

namespace MetricDepth.Export.Meshes;

/// <summary>
/// Joins the cells of a depth grid into larger squares, four at a time, where one plane explains the depth in them (a quadtree from
/// the bottom up). A plane in space is linear in inverse depth over the picture, so that is what a plane is fitted to.
/// </summary>
/// <remarks>
/// With every inverse depth of a square within e of one plane, any triangles between its pixels lie within e of it too. So whatever
/// triangles stand for the square, they are within 2e of those between all its pixels along every view ray: of the depth
/// <see cref="DepthTolerance"/> at most, or where that is more, of the inverse depth <see cref="InverseDepthTolerance"/>.
/// </remarks>
internal sealed class CellGrid
{
    /// <summary>How far joined cells may be from the surface through all pixels, as a share of depth: what networks estimate errs by more.</summary>
    public const double DepthTolerance = 0.01;

    /// <summary>
    /// How far they may be at any depth, 1/m: the noise of depth cameras and stereo is even in inverse depth (a Kinect's steps are
    /// 0.003/m). It is more than <see cref="DepthTolerance"/> beyond 2.5 m, and a seventh of a pixel between two eyes at 525 px focal length.
    /// </summary>
    public const double InverseDepthTolerance = 0.004;

    /// <summary>How far a picture on joined cells may be from where it was filmed, px: between corners of different depth it is not spread as through a lens.</summary>
    public const double PictureTolerance = 0.5;

    private const byte Covered = byte.MaxValue;
    private readonly int _width, _height, _levels;
    private readonly byte[] _levelAt;
    private readonly CellTriangles[] _triangles;

    /// <summary>Makes the scratch.</summary>
    /// <param name="width">Of the depth, px.</param>
    /// <param name="height">Of the depth, px.</param>
    /// <param name="largest">The sides of the largest squares, px; a power of two.</param>
    public CellGrid(int width, int height, int largest)
    {
        (_width, _height, _levels) = (width, height, System.Numerics.BitOperations.Log2((uint)largest));
        _levelAt = new byte[width * height];
        _triangles = new CellTriangles[width * height];
    }

    /// <summary>Looks which triangles the cells have, and joins what can be joined.</summary>
    /// <param name="surface">The surface through the pixels.</param>
    /// <param name="depth">Depth, m, 0 = none; H×W, row-major.</param>
    /// <param name="withoutSteep">Leave out triangles steeper than 85°.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Join(DepthMesh surface, ReadOnlySpan<float> depth, bool withoutSteep, CancellationToken cancellation)
    {
        Array.Clear(_levelAt);
        Array.Clear(_triangles);
        for (int y = 0; y + 1 < _height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int x = 0; x + 1 < _width; x++)
                _triangles[y * _width + x] = surface.TrianglesAt(depth, x, y, withoutSteep);
        }
        for (int level = 1; level <= _levels; level++)
        {
            int size = 1 << level;
            for (int y = 0; y + size < _height; y += size)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int x = 0; x + size < _width; x += size)
                    if (AreWhole(x, y, level - 1) && IsPlane(depth, x, y, size)) Cover(x, y, level);
            }
        }
    }

    /// <summary>The sides of the square that begins at a pixel, px; 0 if none does.</summary>
    public int SizeAt(int x, int y) => _levelAt[y * _width + x] is var level && level == Covered ? 0 : 1 << level;

    /// <summary>The triangles of the single cell that begins at a pixel.</summary>
    public CellTriangles TrianglesAt(int x, int y) => _triangles[y * _width + x];

    private bool AreWhole(int x, int y, int level)
    {
        int half = 1 << level;
        return IsWhole(x, y, level) && IsWhole(x + half, y, level) && IsWhole(x, y + half, level) && IsWhole(x + half, y + half, level);
    }

    private bool IsWhole(int x, int y, int level)
    {
        int i = y * _width + x;
        return _levelAt[i] == level && (level > 0 || _triangles[i] == CellTriangles.Both);
    }

    private void Cover(int x, int y, int level)
    {
        int half = 1 << (level - 1), i = y * _width + x;
        _levelAt[i] = (byte)level;
        _levelAt[i + half] = _levelAt[i + half * _width] = _levelAt[i + half * _width + half] = Covered;
    }

    private bool IsPlane(ReadOnlySpan<float> depth, int left, int top, int size)
    {
        // least squares over a square of pixels: with coordinates from its middle the three sums are independent
        double middle = size / 2.0, sum = 0, alongX = 0, alongY = 0, squares = 0;
        float nearest = float.PositiveInfinity, farthest = 0;
        for (int y = 0; y <= size; y++)
        {
            var row = depth.Slice((top + y) * _width + left, size + 1);
            double rowSum = 0;
            for (int x = 0; x < row.Length; x++)
            {
                double inverse = 1.0 / row[x];
                rowSum += inverse;
                alongX += (x - middle) * inverse;
                nearest = Math.Min(nearest, row[x]);
                farthest = Math.Max(farthest, row[x]);
            }
            sum += rowSum;
            alongY += (y - middle) * rowSum;
            squares += (y - middle) * (y - middle);
        }
        // how far the picture is off, at most, within a triangle with corners of these depths
        double ratio = Math.Sqrt((double)farthest / nearest);
        if (size * (ratio - 1) / (ratio + 1) > PictureTolerance) return false;
        int side = size + 1;
        double mean = sum / (side * side), slopeX = alongX / (side * squares), slopeY = alongY / (side * squares);
        double most = Math.Max(DepthTolerance / farthest, InverseDepthTolerance) / 2;
        for (int y = 0; y <= size; y++)
        {
            var row = depth.Slice((top + y) * _width + left, side);
            double expected = mean + (y - middle) * slopeY - middle * slopeX;
            for (int x = 0; x < row.Length; x++, expected += slopeX)
                if (Math.Abs(1.0 / row[x] - expected) > most) return false;
        }
        return true;
    }
}
