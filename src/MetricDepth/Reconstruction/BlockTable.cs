using System.Numerics;

namespace MetricDepth.Reconstruction;

/// <summary>
/// Where each block is stored: the spatial hash of Nießner et al., "Real-time 3D Reconstruction at Scale using Voxel Hashing", 2013,
/// as an open-addressing table on packed block coordinates. Reading from many threads at once is fine.
/// </summary>
internal sealed class BlockTable
{
    private const int FirstBits = 12;
    private const long Empty = -1;
    private int _bits;
    private long[] _keys = [];
    private int[] _blocks = [];

    /// <summary>An empty table.</summary>
    public BlockTable() => Clear();

    /// <summary>Blocks in the table.</summary>
    public int Count { get; private set; }

    /// <summary>What it takes, bytes.</summary>
    public long MemoryBytes => MemoryFor(Count);

    /// <summary>What a table of this many blocks takes, bytes.</summary>
    public static long MemoryFor(long count) =>
        (sizeof(long) + sizeof(int)) * Math.Max(1L << FirstBits, (long)BitOperations.RoundUpToPowerOf2((ulong)count * 2));

    /// <summary>The number of a block's storage; -1 where there is none.</summary>
    public int Find(long packed)
    {
        var keys = _keys;
        for (int i = BlockKey.Hash(packed, _bits); ; i = (i + 1) & (keys.Length - 1))
        {
            if (keys[i] == packed) return _blocks[i];
            if (keys[i] == Empty) return -1;
        }
    }

    /// <summary>Adds a block that is not in the table.</summary>
    public void Add(long packed, int block)
    {
        if (2 * (Count + 1) > _keys.Length) Grow();
        Put(packed, block);
        Count++;
    }

    /// <summary>Forgets all blocks.</summary>
    public void Clear()
    {
        Count = 0;
        Allocate(FirstBits);
    }

    private void Put(long packed, int block)
    {
        int i = BlockKey.Hash(packed, _bits);
        while (_keys[i] != Empty) i = (i + 1) & (_keys.Length - 1);
        _keys[i] = packed;
        _blocks[i] = block;
    }

    private void Grow()
    {
        var (keys, blocks) = (_keys, _blocks);
        Allocate(_bits + 1);
        for (int i = 0; i < keys.Length; i++)
            if (keys[i] != Empty) Put(keys[i], blocks[i]);
    }

    private void Allocate(int bits)
    {
        _bits = bits;
        _keys = new long[1 << bits];
        _keys.AsSpan().Fill(Empty);
        _blocks = new int[1 << bits];
    }
}
