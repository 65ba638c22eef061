namespace MetricDepth.Reconstruction.Surface;

/// <summary>Which surface is taken out of a volume.</summary>
internal sealed record SurfaceOptions
{
    /// <summary>
    /// Least weight of all corners of a cell; 1 is about one head-on look from the distance that is usual in the clip. 0 takes all that was seen.
    /// </summary>
    public double MinWeight { get; init; }

    /// <summary>Connected pieces with fewer triangles are left out; 0 keeps all.</summary>
    public int MinPieceTriangles { get; init; }
}
