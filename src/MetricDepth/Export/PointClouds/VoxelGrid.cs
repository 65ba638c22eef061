using System.Globalization;
using System.Numerics;
using MetricDepth.Export.Ply;

namespace MetricDepth.Export.PointClouds;

/// <summary>
/// Points of many frames in cubic cells: each holds the mean position, colour and normal of what fell into it. Memory grows with the
/// surface seen, and not beyond <paramref name="limit"/> cells: then they become twice as wide.
/// </summary>
/// <param name="size">Edge of a cell, m.</param>
/// <param name="fields">What points carry beside their position.</param>
/// <param name="limit">The most cells, 8 or more: around the origin eight always remain.</param>
internal sealed class VoxelGrid(double size, VertexFields fields, int limit = VoxelGrid.MostCells)
{
    /// <summary>The most cells of a scene: about 800 MB.</summary>
    public const int MostCells = 10_000_000;

    private const int BlockBits = 14;

    private readonly List<Cell[]> _blocks = [];
    private int[] _slots = new int[1 << 16]; // number of a cell + 1; 0 is free
    private int _last = -1;

    /// <summary>Edge of a cell now, m.</summary>
    public double Size { get; private set; } = size;

    /// <summary>Cells that hold something.</summary>
    public int Count { get; private set; }

    // 64 bytes: as wide as a line of the cache.
    private struct Cell
    {
        public int I, J, K;
        public uint Points;
        public Vector4 Position, Color, Normal;
    }

    /// <summary>Adds points.</summary>
    /// <param name="points">In the axes of the scene.</param>
    /// <param name="widened">Called when cells had to become wider, after that.</param>
    public void Add(PointBuffer points, Action<VoxelGrid> widened)
    {
        bool colored = points.Color.Length > 0, oriented = points.NormalX.Length > 0;
        double inverse = 1 / Size;
        for (int n = 0; n < points.Count; n++)
        {
            var point = new Cell { Points = 1, Position = new(points.X[n], points.Y[n], points.Z[n], 0) };
            if (colored)
            {
                uint color = points.Color[n];
                point.Color = new((byte)(color >> 16), (byte)(color >> 8), (byte)color, 0);
            }
            if (oriented) point.Normal = new(points.NormalX[n], points.NormalY[n], points.NormalZ[n], 0);
            // conversions saturate, so that what is absurdly far falls into the outermost cell
            (point.I, point.J, point.K) = ((int)Math.Floor(points.X[n] * inverse), (int)Math.Floor(points.Y[n] * inverse), (int)Math.Floor(points.Z[n] * inverse));
            Add(point);
            while (Count > limit)
            {
                Widen();
                inverse = 1 / Size;
                widened(this);
            }
        }
    }

    /// <summary>Hands out the cells as points, in the order in which they were first seen.</summary>
    /// <param name="first">The first cell.</param>
    /// <param name="points">Is filled with as many as it has room for.</param>
    public void Read(int first, PointBuffer points)
    {
        points.Count = Math.Min(Count - first, points.X.Length);
        for (int n = 0; n < points.Count; n++)
        {
            ref var cell = ref At(first + n);
            (points.X[n], points.Y[n], points.Z[n]) = (cell.Position.X, cell.Position.Y, cell.Position.Z);
            if (fields.HasFlag(VertexFields.Color))
                points.Color[n] = (uint)MathF.Round(cell.Color.X) << 16 | (uint)MathF.Round(cell.Color.Y) << 8 | (uint)MathF.Round(cell.Color.Z);
            if (!fields.HasFlag(VertexFields.Normal)) continue;
            // two sides of a sheet in one cell have no common normal; any will do
            var normal = cell.Normal.Length() > 1e-6f ? Vector4.Normalize(cell.Normal) : new(0, 0, -1, 0);
            (points.NormalX[n], points.NormalY[n], points.NormalZ[n]) = (normal.X, normal.Y, normal.Z);
        }
    }

    /// <summary>The size in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Size:0.######} m");

    private ref Cell At(int number) => ref _blocks[number >> BlockBits][number & ((1 << BlockBits) - 1)];

    private void Add(in Cell point)
    {
        // neighbouring pixels mostly fall into the same cell
        if (_last >= 0 && IsAt(ref At(_last), point))
        {
            Join(ref At(_last), point);
            return;
        }
        int mask = _slots.Length - 1;
        int slot = Hash(point) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref var cell = ref At(_slots[slot] - 1);
            if (!IsAt(ref cell, point)) continue;
            _last = _slots[slot] - 1;
            Join(ref cell, point);
            return;
        }
        if (Count >> BlockBits == _blocks.Count) _blocks.Add(new Cell[1 << BlockBits]);
        At(Count) = point;
        _last = Count++;
        _slots[slot] = Count;
        if (Count > _slots.Length / 2) Rehash(2 * _slots.Length);
    }

    private static bool IsAt(ref Cell cell, in Cell point) => cell.I == point.I && cell.J == point.J && cell.K == point.K;

    private static int Hash(in Cell cell)
    {
        uint hash = (uint)cell.I * 0x9E3779B1 ^ (uint)cell.J * 0x85EBCA77 ^ (uint)cell.K * 0xC2B2AE3D;
        hash ^= hash >> 15;
        hash *= 0x2C1B3C6D;
        return (int)((hash ^ hash >> 13) & int.MaxValue);
    }

    private static void Join(ref Cell cell, in Cell other)
    {
        uint points = cell.Points + other.Points;
        if (points < cell.Points) return; // four thousand million points have made up their mind
        float share = (float)other.Points / points;
        cell.Points = points;
        cell.Position += (other.Position - cell.Position) * share;
        cell.Color += (other.Color - cell.Color) * share;
        cell.Normal += (other.Normal - cell.Normal) * share;
    }

    private void Rehash(int length)
    {
        _slots = new int[length];
        for (int number = 0; number < Count; number++)
        {
            int slot = Hash(At(number)) & (length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (length - 1);
            _slots[slot] = number + 1;
        }
    }

    // Cells move up in place: none is written before it was read.
    private void Widen()
    {
        int cells = Count;
        Array.Clear(_slots);
        (Count, _last, Size) = (0, -1, Size * 2);
        for (int number = 0; number < cells; number++)
        {
            var cell = At(number);
            (cell.I, cell.J, cell.K) = (cell.I >> 1, cell.J >> 1, cell.K >> 1);
            Add(cell);
        }
        int blocks = (Count >> BlockBits) + 1;
        if (blocks < _blocks.Count) _blocks.RemoveRange(blocks, _blocks.Count - blocks);
    }
}
