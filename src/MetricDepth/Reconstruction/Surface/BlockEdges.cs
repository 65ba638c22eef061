using System.Numerics;

namespace MetricDepth.Reconstruction.Surface;

/// <summary>
/// The edges of the voxel grid that the surface crosses, of one block: those that start at one of its voxels. Each has one vertex; which
/// number it has within the block is counted out of the bits, so that blocks find each other's vertices without a table.
/// </summary>
internal sealed class BlockEdges
{
    private readonly ulong[] _bits = new ulong[3 * BlockKey.Edge];
    private readonly ushort[] _before = new ushort[3 * BlockKey.Edge];

    /// <summary>Number of the block's storage.</summary>
    public required int Block { get; init; }

    /// <summary>Vertices of the block.</summary>
    public int VertexCount { get; private set; }

    /// <summary>Triangles of the block's cells.</summary>
    public int TriangleCount { get; set; }

    /// <summary>Number of the block's first vertex.</summary>
    public int FirstVertex { get; set; }

    /// <summary>Number of the block's first triangle.</summary>
    public int FirstTriangle { get; set; }

    /// <summary>Whether the block has a vertex or a triangle.</summary>
    public bool IsEmpty => VertexCount == 0 && TriangleCount == 0;

    /// <summary>Number of the vertex on an edge.</summary>
    /// <param name="axis">0 for x, 1 for y, 2 for z.</param>
    /// <param name="voxel">Number of the voxel in the block, from which the edge starts.</param>
    public int Vertex(int axis, int voxel)
    {
        int word = axis * BlockKey.Edge + (voxel >> 6);
        return FirstVertex + _before[word] + BitOperations.PopCount(_bits[word] & ((1UL << (voxel & 63)) - 1));
    }

    /// <summary>Finds the edges: those with a change of sign that belong to at least one cell whose corners are all known.</summary>
    public void Find(BlockSurroundings around)
    {
        for (int z = 0; z < BlockKey.Edge; z++)
            for (int y = 0; y < BlockKey.Edge; y++)
            {
                uint here = around.Negative(y, z);
                uint c00 = around.Complete(y - 1, z - 1), c10 = around.Complete(y, z - 1), c01 = around.Complete(y - 1, z), c11 = around.Complete(y, z);
                Put(0, y, z, (here ^ (here >> 1)) & (c00 | c10 | c01 | c11));
                Put(1, y, z, (here ^ around.Negative(y + 1, z)) & (c10 | c11 | (c10 | c11) << 1));
                Put(2, y, z, (here ^ around.Negative(y, z + 1)) & (c01 | c11 | (c01 | c11) << 1));
            }
        int count = 0;
        for (int word = 0; word < _bits.Length; word++)
        {
            _before[word] = (ushort)count;
            count += BitOperations.PopCount(_bits[word]);
        }
        VertexCount = count;
    }

    /// <summary>The edges in the order of their vertices.</summary>
    public IEnumerable<(int Axis, int Voxel)> Edges()
    {
        for (int word = 0; word < _bits.Length; word++)
            for (ulong bits = _bits[word]; bits != 0; bits &= bits - 1)
                yield return (word / BlockKey.Edge, word % BlockKey.Edge * 64 + BitOperations.TrailingZeroCount(bits));
    }

    private void Put(int axis, int y, int z, uint row) => _bits[axis * BlockKey.Edge + z] |= (ulong)(row >> 1 & 0xFF) << (8 * y);
}
