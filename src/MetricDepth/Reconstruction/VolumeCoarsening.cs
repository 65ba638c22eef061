namespace MetricDepth.Reconstruction;

/// <summary>
/// Doubles the voxels of a volume: eight blocks become one, eight voxels become one by weighted averages. The blocks are merged in
/// their own storage, so that no memory is needed when there is none.
/// </summary>
internal static class VolumeCoarsening
{
    private const int Half = BlockKey.Edge / 2;

    /// <summary>Merges all blocks.</summary>
    /// <param name="store">The blocks.</param>
    /// <param name="table">Where they are.</param>
    /// <param name="hasColor">Whether voxels have a colour.</param>
    /// <param name="cancellation">Stops the work; the volume cannot be used after that.</param>
    public static void Run(VoxelStore store, BlockTable table, bool hasColor, CancellationToken cancellation)
    {
        var blocks = new List<(long Parent, long Key, int Block)>(store.Count);
        for (int block = 0; block < store.Places; block++)
            if (store.KeyOf(block) is var key && key != VoxelStore.NoBlock)
                blocks.Add((BlockKey.Unpack(key).Parent.Packed, key, block));
        blocks.Sort();
        table.Clear();
        var merged = new VoxelSlab(hasColor);
        for (int i = 0; i < blocks.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (parent, _, kept) = blocks[i];
            merged.Weights.AsSpan(0, BlockKey.Voxels).Clear();
            merged.Distances.AsSpan(0, BlockKey.Voxels).Clear();
            if (hasColor) merged.Colors.AsSpan(0, BlockKey.Voxels * VoxelSlab.ColorPlanes).Clear();
            for (int first = i; i < blocks.Count && blocks[i].Parent == parent; i++)
            {
                Merge(store, blocks[i].Block, BlockKey.Unpack(blocks[i].Key), merged);
                if (i > first) store.Remove(blocks[i].Block);
            }
            merged.Distances.AsSpan(0, BlockKey.Voxels).CopyTo(store.Distances(kept));
            merged.Weights.AsSpan(0, BlockKey.Voxels).CopyTo(store.Weights(kept));
            if (hasColor) merged.Colors.AsSpan(0, BlockKey.Voxels * VoxelSlab.ColorPlanes).CopyTo(store.Colors(kept));
            store.Rename(kept, parent);
            table.Add(parent, kept);
        }
    }

    private static void Merge(VoxelStore store, int block, BlockKey key, VoxelSlab merged)
    {
        int corner = ((key.Z & 1) * Half * BlockKey.Edge + (key.Y & 1) * Half) * BlockKey.Edge + (key.X & 1) * Half;
        ReadOnlySpan<float> distances = store.Distances(block), weights = store.Weights(block);
        ReadOnlySpan<ushort> colors = store.Colors(block);
        Span<float> sums = stackalloc float[VoxelSlab.ColorPlanes];
        for (int z = 0; z < Half; z++)
            for (int y = 0; y < Half; y++)
                for (int x = 0; x < Half; x++)
                {
                    int to = corner + (z * BlockKey.Edge + y) * BlockKey.Edge + x;
                    float weight = 0, distance = 0;
                    sums.Clear();
                    for (int child = 0; child < 8; child++)
                    {
                        int from = ((2 * z + (child >> 2)) * BlockKey.Edge + 2 * y + ((child >> 1) & 1)) * BlockKey.Edge + 2 * x + (child & 1);
                        weight += weights[from];
                        distance += weights[from] * distances[from];
                        if (colors.Length > 0) AddColor(colors[from..], sums);
                    }
                    if (!(weight > 0)) continue;
                    merged.Distances[to] = distance / weight;
                    // as many looks as one of the eight had on average
                    merged.Weights[to] = weight / 8;
                    if (sums[3] > 0) PutColor(merged.Colors.AsSpan(to), sums);
                }
    }

    private static void AddColor(ReadOnlySpan<ushort> voxel, Span<float> sums)
    {
        float weight = BitConverter.UInt32BitsToSingle((uint)voxel[3 * BlockKey.Voxels] << 16);
        for (int plane = 0; plane < 3; plane++) sums[plane] += weight * voxel[plane * BlockKey.Voxels];
        sums[3] += weight;
    }

    private static void PutColor(Span<ushort> voxel, ReadOnlySpan<float> sums)
    {
        for (int plane = 0; plane < 3; plane++) voxel[plane * BlockKey.Voxels] = (ushort)(sums[plane] / sums[3] + 0.5f);
        voxel[3 * BlockKey.Voxels] = (ushort)((BitConverter.SingleToUInt32Bits(sums[3] / 8) + 0x8000) >> 16);
    }
}
