using System.Runtime.Intrinsics;

namespace MetricDepth.Reconstruction.Surface;

/// <summary>
/// The distances of a block and of the voxels round it: one voxel before it and two behind it on each axis, as cells at its border and
/// normals need them.
/// </summary>
internal sealed class BlockSurroundings
{
    /// <summary>Voxels on an axis, from −1 to 9.</summary>
    public const int Size = BlockKey.Edge + 3;

    /// <summary>From one row to the next.</summary>
    public const int Stride = 16;

    private readonly float[] _distances = new float[Size * Size * Stride];
    private readonly int[] _neighbours = new int[27];
    private readonly uint[] _negative = new uint[Size * Size], _known = new uint[Size * Size];

    /// <summary>The block in the middle.</summary>
    public BlockKey Key { get; private set; }

    /// <summary>Index of a voxel, −1..9 on each axis, in <see cref="Distance"/>.</summary>
    public static int Index(int x, int y, int z) => ((z + 1) * Size + y + 1) * Stride + x + 1;

    /// <summary>Signed distance, m; NaN where not enough is known.</summary>
    public float Distance(int index) => _distances[index];

    /// <summary>Number of a neighbouring block's storage, −1 without one.</summary>
    /// <param name="x">−1, 0 or 1.</param>
    /// <param name="y">−1, 0 or 1.</param>
    /// <param name="z">−1, 0 or 1.</param>
    public int Neighbour(int x, int y, int z) => _neighbours[(z + 1) * 9 + (y + 1) * 3 + x + 1];

    /// <summary>Which voxels of a row are negative: bit <c>x + 1</c> for x from −1.</summary>
    public uint Negative(int y, int z) => _negative[(z + 1) * Size + y + 1];

    /// <summary>Which voxels of a row are known: bit <c>x + 1</c> for x from −1.</summary>
    public uint Known(int y, int z) => _known[(z + 1) * Size + y + 1];

    /// <summary>Which cells of a row have eight known corners: bit <c>x + 1</c> for the cell between x and x + 1.</summary>
    public uint Complete(int y, int z)
    {
        uint all = Known(y, z) & Known(y + 1, z) & Known(y, z + 1) & Known(y + 1, z + 1);
        return all & (all >> 1);
    }

    /// <summary>Takes a block with its neighbours.</summary>
    public void Load(VoxelStore store, BlockTable table, int block, float minWeight)
    {
        Key = BlockKey.Unpack(store.KeyOf(block));
        for (int z = -1, i = 0; z <= 1; z++)
            for (int y = -1; y <= 1; y++)
                for (int x = -1; x <= 1; x++, i++)
                    _neighbours[i] = i == 13 ? block : table.Find(new BlockKey(Key.X + x, Key.Y + y, Key.Z + z).Packed);
        _distances.AsSpan().Fill(float.NaN);
        for (int dz = -1, i = 0; dz <= 1; dz++)
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++, i++)
                    if (_neighbours[i] >= 0) Copy(store.Distances(_neighbours[i]), store.Weights(_neighbours[i]), dx, dy, dz, minWeight);
        for (int row = 0; row < Size * Size; row++)
        {
            var lower = Vector256.Create(_distances, row * Stride);
            var upper = Vector256.Create(_distances, row * Stride + 8);
            _negative[row] = Vector256.LessThan(lower, Vector256<float>.Zero).ExtractMostSignificantBits()
                | Vector256.LessThan(upper, Vector256<float>.Zero).ExtractMostSignificantBits() << 8;
            _known[row] = Vector256.Equals(lower, lower).ExtractMostSignificantBits() | Vector256.Equals(upper, upper).ExtractMostSignificantBits() << 8;
        }
    }

    private void Copy(ReadOnlySpan<float> distances, ReadOnlySpan<float> weights, int dx, int dy, int dz, float minWeight)
    {
        var ((x0, x1), (y0, y1), (z0, z1)) = (Range(dx), Range(dy), Range(dz));
        for (int z = z0; z < z1; z++)
            for (int y = y0; y < y1; y++)
            {
                int from = (z * BlockKey.Edge + y) * BlockKey.Edge, to = Index(dx * BlockKey.Edge, y + dy * BlockKey.Edge, z + dz * BlockKey.Edge);
                for (int x = x0; x < x1; x++)
                    if (weights[from + x] is var w && w > 0 && w >= minWeight) _distances[to + x] = distances[from + x];
            }

        static (int, int) Range(int side) => side switch { < 0 => (BlockKey.Edge - 1, BlockKey.Edge), 0 => (0, BlockKey.Edge), _ => (0, 2) };
    }
}
