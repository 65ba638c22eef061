using MetricDepth.Export.Frames;

namespace MetricDepth.Export.Meshes;

/// <summary>What <c>Export-DepthMesh</c> is asked to do.</summary>
public sealed record DepthMeshExportOptions : FrameExportOptions
{
    /// <summary>The largest <see cref="Decimate"/>.</summary>
    public const int LargestCell = 64;

    /// <summary>The kind of file.</summary>
    public MeshFormat Format { get; init; } = MeshFormat.Glb;

    /// <summary>
    /// The sides of the largest cells of the grid, px, a power of two up to <see cref="LargestCell"/>: where the depth is flat, so many
    /// pixels a side become one cell. 1 keeps every pixel.
    /// </summary>
    public int Decimate { get; init; } = 1;

    /// <summary>Give each vertex the normal of its surface.</summary>
    public bool Normals { get; init; }

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="MetricDepthException">It cannot.</exception>
    internal void ThrowIfNotPossible()
    {
        if (!Enum.IsDefined(Format))
            throw new MetricDepthException("MeshFormatUnknown", FailureKind.InvalidArgument, "There is no such format for meshes. Use Glb, Obj or Ply.");
        if (Decimate is < 1 or > LargestCell || (Decimate & (Decimate - 1)) != 0)
            throw new MetricDepthException("DecimateNotPowerOfTwo", FailureKind.InvalidArgument,
                $"-Decimate takes 1, 2, 4, 8, 16, 32 or {LargestCell}: cells are halved until they fit. Give one of these.");
    }
}
