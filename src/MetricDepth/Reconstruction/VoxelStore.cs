namespace MetricDepth.Reconstruction;

/// <summary>Blocks of voxels in slabs, handed out one by one; what is given back is used again.</summary>
/// <param name="hasColor">Whether voxels have a colour.</param>
internal sealed class VoxelStore(bool hasColor)
{
    private readonly List<VoxelSlab> _slabs = [];
    private readonly List<long> _keys = [];
    private readonly Stack<int> _free = new();

    /// <summary>Marks a place without a block in <see cref="KeyOf"/>.</summary>
    public const long NoBlock = -1;

    /// <summary>Blocks handed out.</summary>
    public int Count => _keys.Count - _free.Count;

    /// <summary>Places for blocks, used or given back; their numbers run from 0.</summary>
    public int Places => _keys.Count;

    /// <summary>What it takes, bytes.</summary>
    public long MemoryBytes => _slabs.Count * VoxelSlab.MemoryFor(hasColor);

    /// <summary>What it takes with this many blocks more, bytes.</summary>
    public long MemoryWith(long more) =>
        Math.Max(_slabs.Count, (Count + more + VoxelSlab.Blocks - 1) / VoxelSlab.Blocks) * VoxelSlab.MemoryFor(hasColor);

    /// <summary>The packed key of the block in a place, or <see cref="NoBlock"/>.</summary>
    public long KeyOf(int block) => _keys[block];

    /// <summary>The slab with a block; the block's voxels begin at <see cref="Start"/>.</summary>
    public VoxelSlab SlabOf(int block) => _slabs[block / VoxelSlab.Blocks];

    /// <summary>Index of a block's first voxel in its slab.</summary>
    public static int Start(int block) => block % VoxelSlab.Blocks * BlockKey.Voxels;

    /// <summary>Distances of a block's voxels, m.</summary>
    public Span<float> Distances(int block) => SlabOf(block).Distances.AsSpan(Start(block), BlockKey.Voxels);

    /// <summary>Weights of a block's voxels.</summary>
    public Span<float> Weights(int block) => SlabOf(block).Weights.AsSpan(Start(block), BlockKey.Voxels);

    /// <summary>Colours of a block's voxels, four planes; empty without colour.</summary>
    public Span<ushort> Colors(int block) => hasColor
        ? SlabOf(block).Colors.AsSpan(Start(block) * VoxelSlab.ColorPlanes, BlockKey.Voxels * VoxelSlab.ColorPlanes) : [];

    /// <summary>A block whose voxels were never seen.</summary>
    /// <returns>Its number.</returns>
    public int Add(long key)
    {
        if (_free.TryPop(out int block))
        {
            Weights(block).Clear();
            Distances(block).Clear();
            Colors(block).Clear();
            _keys[block] = key;
            return block;
        }
        if (_keys.Count == _slabs.Count * VoxelSlab.Blocks) _slabs.Add(new(hasColor));
        _keys.Add(key);
        return _keys.Count - 1;
    }

    /// <summary>Gives the block another place in space.</summary>
    public void Rename(int block, long key) => _keys[block] = key;

    /// <summary>Gives a block back.</summary>
    public void Remove(int block)
    {
        _keys[block] = NoBlock;
        _free.Push(block);
    }
}
