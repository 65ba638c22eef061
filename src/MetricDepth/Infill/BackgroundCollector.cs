using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using Vector3 = System.Numerics.Vector3;

namespace MetricDepth.Infill;

/// <summary>
/// Gathers the background of a clip frame by frame. Space is divided as <see cref="BackgroundGrid"/> says, finer where a frame saw
/// it from nearer; each cell keeps the mean of what fell into it. When there are too many cells, cells twice as wide take their
/// place, so memory does not grow with the clip.
/// </summary>
internal sealed class BackgroundCollector
{
    // Small blocks, because the cells of a noisy or slanted surface fill them only in part.
    private const int BlockBits = 2, BlockSide = 1 << BlockBits, BlockCells = BlockSide * BlockSide;
    private const int FinestLevel = 5, CoarsestLevel = -8;

    // Frames see a surface between each other's pixels. Cells of half a pixel keep that, as long as there is room.
    private const int Finer = 1;
    private const float LeastWeight = 0.02f, MostWeight = 32;
    private const float ColorScale = 256;

    private readonly float _focalLength;
    private readonly BackgroundGrid _grid;
    private readonly int _maxBlocks;
    private Dictionary<ulong, int> _blocks = [];
    private List<Cell[]> _cells = [];
    private ulong _lastKey = ulong.MaxValue;
    private Cell[] _lastBlock = [];

    /// <summary>Begins with nothing.</summary>
    /// <param name="camera">Frame 0's camera.</param>
    /// <param name="maxCells">When there is no room for so many cells, they become coarser.</param>
    public BackgroundCollector(Intrinsics camera, int maxCells = BackgroundPlate.MaxPoints)
    {
        (_focalLength, _grid, _maxBlocks) = ((float)camera.Fx, new(camera), Math.Max(1, maxCells / BlockCells));
        // A frame by itself must fit.
        while (((long)camera.Width * camera.Height << (2 * Finer)) >> (2 * Coarsening) > maxCells) Coarsening++;
    }

    /// <summary>How wide the cells are, in pixels: a power of 2, 0.5 to begin with.</summary>
    public double CellWidth => Math.ScaleB(1, Coarsening - Finer);

    private int Coarsening { get; set; }

    /// <summary>Adds the pixels of a frame.</summary>
    /// <param name="source">The frame; colour, inverse depth.</param>
    /// <param name="background">255 for pixels to take, else 0; H×W.</param>
    /// <param name="camera">The frame's camera.</param>
    /// <param name="sourceToReference">The frame's camera to frame 0's camera.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Add(SourceImage source, ReadOnlySpan<byte> background, Intrinsics camera, Pose sourceToReference, CancellationToken cancellation)
    {
        var motion = new RigidMotion(sourceToReference);
        float perPixelX = (float)(1 / camera.Fx), perPixelY = (float)(1 / camera.Fy), closer = (float)(_focalLength / camera.Fx);
        for (int y = 0; y < source.Height; y++)
        {
            if ((y & 31) == 0) cancellation.ThrowIfCancellationRequested();
            float rayY = (y - (float)camera.Cy) * perPixelY;
            for (int x = 0; x < source.Width; x++)
            {
                int i = y * source.Width + x;
                if (background[i] == 0 || source.InverseDepth[i] <= 0) continue;
                float z = 1 / source.InverseDepth[i];
                Add(motion.Apply((x - (float)camera.Cx) * perPixelX * z, rayY * z, z), source.Color[i], z * closer, cancellation);
            }
        }
    }

    /// <summary>Adds the points of a plate made before.</summary>
    /// <param name="plate">The plate.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Add(BackgroundPlate plate, CancellationToken cancellation)
    {
        foreach (var p in plate.Points.Span)
            if (_grid.Locate(p.X, p.Y, p.Z, out _, out _, out _, out float depth)) Add(new(p.X, p.Y, p.Z), p.Color, depth, cancellation);
    }

    /// <summary>What has been gathered.</summary>
    public BackgroundPlate ToPlate()
    {
        int count = 0;
        foreach (var block in _cells)
            foreach (ref readonly var cell in block.AsSpan())
                if (cell.Weight > 0) count++;
        var points = new PlatePoint[count];
        count = 0;
        foreach (var block in _cells)
            foreach (ref readonly var cell in block.AsSpan())
                if (cell.Weight > 0) points[count++] = new(cell.X, cell.Y, cell.Z, cell.Color);
        return new(points);
    }

    // A frame with frame 0's lens that saw a place from a depth of z metres saw it in pixels z/f wide; frame 0's cells there are depth/f wide.
    private void Add(Vector3 p, uint color, float seenFrom, CancellationToken cancellation)
    {
        if (!_grid.Locate(p.X, p.Y, p.Z, out int pyramid, out float u, out float v, out float depth)) return;
        int level = Math.Clamp((int)MathF.Round(MathF.Log2(depth / seenFrom)), CoarsestLevel, FinestLevel) + Finer - Coarsening;
        Find(pyramid, u, v, depth, level, out float weight).Mix(p, color, weight);
        if (_cells.Count > _maxBlocks) Coarsen(cancellation);
    }

    private ref Cell Find(int pyramid, float u, float v, float depth, int level, out float weight)
    {
        float scale = MathF.ScaleB(1, level);
        // pixel centres stay the centres of cells at level 0
        float across = u * scale + 0.5f, down = v * scale + 0.5f;
        float column = MathF.Floor(across), row = MathF.Floor(down);
        // what lies in the middle of a cell stands for it best: a plain mean would blur by the width of the cell
        float offX = across - column - 0.5f, offY = down - row - 0.5f;
        weight = Math.Max(LeastWeight, (1 - 2 * Math.Abs(offX)) * (1 - 2 * Math.Abs(offY)));
        int ix = (int)column, iy = (int)row, bin = (int)MathF.Floor(BackgroundGrid.DepthBin(depth, scale));
        ulong key = Key(pyramid, ix >> BlockBits, iy >> BlockBits, bin, level);
        if (key != _lastKey)
        {
            ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_blocks, key, out bool exists);
            if (!exists)
            {
                slot = _cells.Count;
                _cells.Add(new Cell[BlockCells]);
            }
            (_lastKey, _lastBlock) = (key, _cells[slot]);
        }
        return ref _lastBlock[((iy & (BlockSide - 1)) << BlockBits) | (ix & (BlockSide - 1))];
    }

    private static ulong Key(int pyramid, int column, int row, int bin, int level) =>
        (uint)(column & 0xFFFFF) | (ulong)(uint)(row & 0xFFFFF) << 20 | (ulong)(uint)(bin & 0x7FFF) << 40 | (ulong)(uint)pyramid << 55 | (ulong)(uint)level << 58;

    private static int LevelOf(ulong key) => (int)((long)key >> 58);

    // Wider cells merge blocks about four to one; where many blocks hold little, once may not be enough.
    private void Coarsen(CancellationToken cancellation)
    {
        while (_cells.Count > _maxBlocks * 3 / 4)
        {
            var (keys, old) = (_blocks, _cells);
            (_blocks, _cells, _lastKey) = ([], [], ulong.MaxValue);
            Coarsening++;
            foreach (var (key, slot) in keys)
            {
                cancellation.ThrowIfCancellationRequested();
                int level = LevelOf(key) - 1;
                foreach (ref readonly var cell in old[slot].AsSpan())
                {
                    if (cell.Weight <= 0) continue;
                    var p = new Vector3(cell.X, cell.Y, cell.Z);
                    if (!_grid.Locate(p.X, p.Y, p.Z, out int pyramid, out float u, out float v, out float depth)) continue;
                    Find(pyramid, u, v, depth, level, out float weight).Mix(p, cell.Color, weight);
                }
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Cell
    {
        public float X, Y, Z;
        private ushort _red, _green, _blue;
        private Half _weight;

        public readonly float Weight => (float)_weight;

        public readonly uint Color => Level(_red) << 16 | Level(_green) << 8 | Level(_blue);

        public void Mix(Vector3 p, uint color, float weight)
        {
            float total = Weight + weight, share = weight / total;
            X += (p.X - X) * share;
            Y += (p.Y - Y) * share;
            Z += (p.Z - Z) * share;
            _red = Mixed(_red, color >> 16 & 255, share);
            _green = Mixed(_green, color >> 8 & 255, share);
            _blue = Mixed(_blue, color & 255, share);
            _weight = (Half)Math.Min(MostWeight, total);
        }

        private static ushort Mixed(ushort old, uint value, float share) => (ushort)(old + (value * ColorScale - old) * share + 0.5f);

        private static uint Level(ushort value) => Math.Min(255, (uint)(value + ColorScale / 2) >> 8);
    }
}
