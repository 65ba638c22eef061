namespace MetricDepth.Reconstruction;

/// <summary>
/// The place of a block of 8×8×8 voxels, counted in blocks from the origin, and its packing into 63 bits: 21 for each axis, so that
/// packed keys sort by x, then y, then z.
/// </summary>
/// <param name="X">Blocks to the right.</param>
/// <param name="Y">Blocks down.</param>
/// <param name="Z">Blocks forward.</param>
internal readonly record struct BlockKey(int X, int Y, int Z)
{
    /// <summary>Voxels along an edge of a block.</summary>
    public const int Edge = 8;

    /// <summary>Voxels in a block.</summary>
    public const int Voxels = Edge * Edge * Edge;

    /// <summary>Coordinates run from minus this to this; all neighbours of such a block can be packed as well.</summary>
    public const int Limit = (1 << (Bits - 1)) - 2;

    private const int Bits = 21, Bias = 1 << (Bits - 1);
    private const long Mask = (1L << Bits) - 1;

    /// <summary>The key as one number, never negative.</summary>
    public long Packed => ((long)(X + Bias) << (2 * Bits)) | ((long)(Y + Bias) << Bits) | (uint)(Z + Bias);

    /// <summary>The block that holds this one when blocks are twice as large.</summary>
    public BlockKey Parent => new(X >> 1, Y >> 1, Z >> 1);

    /// <summary>The key that was packed.</summary>
    public static BlockKey Unpack(long packed) =>
        new((int)(packed >> (2 * Bits)) - Bias, (int)((packed >> Bits) & Mask) - Bias, (int)(packed & Mask) - Bias);

    /// <summary>Spreads packed keys over a table of 2^<paramref name="bits"/> entries (Fibonacci hashing, Knuth 6.4).</summary>
    public static int Hash(long packed, int bits) => (int)((ulong)packed * 0x9E3779B97F4A7C15 >> (64 - bits));
}
