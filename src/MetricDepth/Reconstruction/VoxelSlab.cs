namespace MetricDepth.Reconstruction;

/// <summary>Storage of 64 blocks of voxels; each quantity lies in one array, x fastest, then y, then z.</summary>
/// <param name="hasColor">Whether voxels have a colour.</param>
internal sealed class VoxelSlab(bool hasColor)
{
    /// <summary>Blocks in a slab.</summary>
    public const int Blocks = 64;

    /// <summary>Numbers that make up a colour: blue, green, red and the weight of that colour.</summary>
    public const int ColorPlanes = 4;

    /// <summary>Average signed distance to the surface along the views, m, positive on the side of the cameras.</summary>
    public float[] Distances { get; } = new float[Blocks * BlockKey.Voxels];

    /// <summary>Sum of the weights of all looks; 0 = never seen.</summary>
    public float[] Weights { get; } = new float[Blocks * BlockKey.Voxels];

    /// <summary>
    /// Average colour, a plane of 512 for blue, green and red, 0..65280 (255 is 65280: the average of hundreds of looks does not stick to
    /// the first ones), then the colour's own weight as the upper half of a float: free space has weight but no colour.
    /// </summary>
    public ushort[] Colors { get; } = new ushort[hasColor ? Blocks * BlockKey.Voxels * ColorPlanes : 0];

    /// <summary>What a slab takes, bytes.</summary>
    public static long MemoryFor(bool hasColor) => (long)Blocks * BlockKey.Voxels * (2 * sizeof(float) + (hasColor ? ColorPlanes * sizeof(ushort) : 0));
}
