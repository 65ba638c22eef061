using MetricDepth.Export.Frames;

namespace MetricDepth.Export;

/// <summary>What <c>Export-DepthPointCloud</c> is asked to do.</summary>
public sealed record PointCloudExportOptions : FrameExportOptions
{
    /// <summary>Edge of the cells of a merged cloud unless somebody says otherwise, m.</summary>
    public const double DefaultVoxelSize = 0.01;

    /// <summary>The kind of file.</summary>
    public PointCloudFormat Format { get; init; }

    /// <summary>Write numbers in words instead of binary. PLY only.</summary>
    public bool Ascii { get; init; }

    /// <summary>Give each point the unit normal of its surface, towards the camera. PLY only.</summary>
    public bool Normals { get; init; }

    /// <summary>Make one cloud of all frames, one point for each cubic cell, instead of a cloud a frame.</summary>
    public bool Merge { get; init; }

    /// <summary>Edge of the cells, m; null for <see cref="DefaultVoxelSize"/>. Needs <see cref="Merge"/>.</summary>
    public double? VoxelSize { get; init; }
}
