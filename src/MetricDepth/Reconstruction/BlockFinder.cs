using System.Runtime.CompilerServices;
using MetricDepth.Geometry;

namespace MetricDepth.Reconstruction;

/// <summary>
/// Finds the blocks that lie within the truncation band round what a frame sees. Rays stand for square tiles of pixels as long as a tile is
/// no wider there than half the truncation distance and two voxels: where a block's corner only just reaches the surface, it is wider than
/// that at the band's end, so that a ray meets it. Where a pixel is wider it gets several rays.
/// </summary>
internal sealed class BlockFinder
{
    private const int Tile = DepthSight.Tile, MaxRays = 4, MostHalvings = 4;

    // Neighbouring bands find the same blocks, mostly fewer than this many times over; what bands hold is bounded by it.
    private const int Overlap = 8;
    private const long LeastHeld = 1 << 20;
    private readonly List<KeySet> _bands = [];
    private Frame _frame;
    private long _held;

    /// <summary>The blocks found, each once, in no order.</summary>
    public KeySet Found { get; } = new();

    /// <summary>Looks for the blocks.</summary>
    /// <param name="sight">The frame.</param>
    /// <param name="cameraToWorld">Its pose.</param>
    /// <param name="voxelSize">m.</param>
    /// <param name="truncation">m.</param>
    /// <param name="most">Where there are more than this, the search stops.</param>
    /// <param name="parallel">Threads and cancellation.</param>
    /// <returns>Whether the search came to its end.</returns>
    public bool Find(DepthSight sight, Pose cameraToWorld, double voxelSize, double truncation, long most, ParallelOptions parallel)
    {
        _frame = new(sight, cameraToWorld, voxelSize, truncation, most);
        int bands = sight.TileRows;
        while (_bands.Count < bands) _bands.Add(new());
        _held = 0;
        Parallel.For(0, bands, parallel, band => SearchBand(_bands[band], band * Tile));
        Found.Clear();
        if (_held > _frame.MostHeld) return false;
        for (int band = 0; band < bands; band++)
        {
            foreach (long key in _bands[band].Members) Found.Add(key);
            if (Found.Count > most) return false;
        }
        return true;
    }

    private void SearchBand(KeySet keys, int top)
    {
        keys.Clear();
        // The sum only grows: whether it goes beyond the bound does not depend on who adds first.
        for (int left = 0; left < _frame.Sight.Camera.Width && Volatile.Read(ref _held) <= _frame.MostHeld; left += Tile)
        {
            int before = keys.Count;
            SearchTile(keys, left, top, Tile);
            if (keys.Count > before) Interlocked.Add(ref _held, keys.Count - before);
        }
    }

    private void SearchTile(KeySet keys, int left, int top, int size)
    {
        ref readonly var f = ref _frame;
        var camera = f.Sight.Camera;
        int right = Math.Min(left + size, camera.Width), bottom = Math.Min(top + size, camera.Height);
        var (nearest, farthest) = Range(left, top, right, bottom, size);
        if (farthest == 0) return;
        double reach = size * farthest * f.PixelWidth;
        if (size > 1 && reach > f.RaySpacing)
        {
            int half = size / 2;
            SearchTile(keys, left, top, half);
            if (left + half < right) SearchTile(keys, left + half, top, half);
            if (top + half < bottom) SearchTile(keys, left, top + half, half);
            if (left + half < right && top + half < bottom) SearchTile(keys, left + half, top + half, half);
            return;
        }
        var tile = new PixelTile(left, top, right, bottom, (int)Math.Clamp(Math.Ceiling(reach / f.RaySpacing), 1, MaxRays));
        SearchDepths(keys, tile, nearest, farthest, MostHalvings);
    }

    /// <summary>Front and back of a tile that lies on an edge are looked at one by one, and nothing between them.</summary>
    private void SearchDepths(KeySet keys, in PixelTile tile, float nearest, float farthest, int halvings)
    {
        if (halvings > 0 && farthest - nearest > _frame.Truncation)
        {
            float middle = (nearest + farthest) / 2, front = nearest, back = farthest;
            var sight = _frame.Sight;
            for (int y = tile.Top; y < tile.Bottom; y++)
                foreach (float z in sight.Depth.AsSpan(y * sight.Stride + tile.Left, tile.Right - tile.Left))
                    if (z >= nearest && z <= middle) front = Math.Max(front, z);
                    else if (z > middle && z <= farthest) back = Math.Min(back, z);
            SearchDepths(keys, tile, nearest, front, halvings - 1);
            SearchDepths(keys, tile, back, farthest, halvings - 1);
            return;
        }
        double stepX = (double)(tile.Right - tile.Left) / tile.Rays, stepY = (double)(tile.Bottom - tile.Top) / tile.Rays;
        for (int j = 0; j < tile.Rays; j++)
            for (int i = 0; i < tile.Rays; i++)
                WalkRay(keys, tile.Left - 0.5 + (i + 0.5) * stepX, tile.Top - 0.5 + (j + 0.5) * stepY, nearest, farthest);
    }

    private (float Nearest, float Farthest) Range(int left, int top, int right, int bottom, int size)
    {
        var sight = _frame.Sight;
        if (size == Tile && top / Tile * sight.TileColumns + left / Tile is var tile) return (sight.TileNearest[tile], sight.TileFarthest[tile]);
        float nearest = float.PositiveInfinity, farthest = 0;
        for (int y = top; y < bottom; y++)
            foreach (float z in sight.Depth.AsSpan(y * sight.Stride + left, right - left))
                if (z > 0) (nearest, farthest) = (Math.Min(nearest, z), Math.Max(farthest, z));
        return (nearest, farthest);
    }

    /// <summary>The blocks along a ray (Amanatides and Woo, "A Fast Voxel Traversal Algorithm for Ray Tracing", 1987).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WalkRay(KeySet keys, double px, double py, double nearest, double farthest)
    {
        ref readonly var f = ref _frame;
        var camera = f.Sight.Camera;
        double rx = (px - camera.Cx) / camera.Fx, ry = (py - camera.Cy) / camera.Fy;
        double band = f.Truncation / Math.Sqrt(rx * rx + ry * ry + 1);
        double from = Math.Max(nearest - band, 0), to = farthest + band;
        // in blocks
        var direction = f.Pose.Rotation * new Vector3(rx, ry, 1) * f.BlocksPerMetre;
        var origin = f.Pose.Translation * f.BlocksPerMetre;
        Vector3 a = origin + direction * from, b = origin + direction * to;
        int x = (int)Math.Floor(a.X), y = (int)Math.Floor(a.Y), z = (int)Math.Floor(a.Z);
        int lastX = (int)Math.Floor(b.X), lastY = (int)Math.Floor(b.Y), lastZ = (int)Math.Floor(b.Z);
        int steps = Math.Abs(lastX - x) + Math.Abs(lastY - y) + Math.Abs(lastZ - z);
        keys.Add(new BlockKey(x, y, z).Packed);
        if (steps == 0) return;
        if (steps == 1)
        {
            keys.Add(new BlockKey(lastX, lastY, lastZ).Packed);
            return;
        }
        var (stepX, nextX, deltaX) = Axis(a.X, b.X - a.X);
        var (stepY, nextY, deltaY) = Axis(a.Y, b.Y - a.Y);
        var (stepZ, nextZ, deltaZ) = Axis(a.Z, b.Z - a.Z);
        for (int i = 0; i < steps && keys.Count <= f.MostHeld; i++)
        {
            if (nextX <= nextY && nextX <= nextZ) (x, nextX) = (x + stepX, nextX + deltaX);
            else if (nextY <= nextZ) (y, nextY) = (y + stepY, nextY + deltaY);
            else (z, nextZ) = (z + stepZ, nextZ + deltaZ);
            keys.Add(new BlockKey(x, y, z).Packed);
        }
    }

    private static (int Step, double Next, double Delta) Axis(double start, double length)
    {
        double delta = 1 / Math.Abs(length);
        return length > 0 ? (1, (Math.Floor(start) + 1 - start) * delta, delta)
            : length < 0 ? (-1, (start - Math.Floor(start)) * delta, delta)
            : (0, double.PositiveInfinity, double.PositiveInfinity);
    }

    private readonly record struct PixelTile(int Left, int Top, int Right, int Bottom, int Rays);

    private readonly record struct Frame(DepthSight Sight, Pose Pose, double VoxelSize, double Truncation, long Most)
    {
        public double BlocksPerMetre { get; } = 1 / (VoxelSize * BlockKey.Edge);

        /// <summary>Keys that all bands together may hold.</summary>
        public long MostHeld { get; } = Math.Max(Overlap * Most, LeastHeld);

        /// <summary>Farthest that neighbouring rays may be apart, m.</summary>
        public double RaySpacing { get; } = Math.Min(Truncation / 2, 2 * VoxelSize);

        /// <summary>Width of a pixel at 1 m, m.</summary>
        public double PixelWidth { get; } = Sight is null ? 0 : 1 / Math.Min(Sight.Camera.Fx, Sight.Camera.Fy);
    }
}
