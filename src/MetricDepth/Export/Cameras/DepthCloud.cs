using MetricDepth.Export.PointClouds;

namespace MetricDepth.Export.Cameras;

/// <summary>What was seen along a path, as points.</summary>
/// <param name="cells">One point each, in the axes of the exported path.</param>
/// <param name="frames">How many frames are in them.</param>
internal sealed class DepthCloud(VoxelGrid cells, long frames)
{
    private const int PointsAtOnce = 1 << 14;

    /// <summary>The cells.</summary>
    public VoxelGrid Cells => cells;

    /// <summary>How many frames are in them.</summary>
    public long Frames => frames;

    /// <summary>All points, some at a time; the same buffer comes again and again.</summary>
    /// <param name="cancellation">Stops in the middle.</param>
    public IEnumerable<PointBuffer> Read(CancellationToken cancellation)
    {
        var points = new PointBuffer(PointsAtOnce, cells.Fields);
        for (int first = 0; first < cells.Count; first += points.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            cells.Read(first, points);
            yield return points;
        }
    }
}
