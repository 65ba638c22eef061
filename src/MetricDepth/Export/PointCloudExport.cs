using MetricDepth.Depth;

namespace MetricDepth.Export;

/// <summary>What <c>Export-DepthPointCloud</c> is asked to do.</summary>
public sealed record PointCloudExportOptions
{
    /// <summary>The depth.</summary>
    public required DepthVideo Depth { get; init; }

    /// <summary>The colour video; null for the one the depth video names.</summary>
    public string? ColorPath { get; init; }

    /// <summary>The folder to write into; null for one beside the depth video.</summary>
    public string? DestinationPath { get; init; }

    /// <summary>Replace existing files.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Export every n-th frame.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Export at most so many point clouds.</summary>
    public int? First { get; init; }

    /// <summary>Read at most so many video frames.</summary>
    public long? MaxFrames { get; init; }

    /// <summary>Leave out points on surface steeper than 85° to the view ray.</summary>
    public bool RemoveEdges { get; init; }

    /// <summary>Horizontal field of view, degrees; null takes the depth video's.</summary>
    public double? HorizontalFov { get; init; }

    /// <summary>Vertical field of view, degrees; null takes the depth video's.</summary>
    public double? VerticalFov { get; init; }
}

/// <summary>Depth video to binary PLY files, one a frame.</summary>
public static class PointCloudExport
{
    /// <summary>Exports; each file is handed out as soon as it is complete.</summary>
    public static void Run(PointCloudExportOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation) => throw new NotImplementedException();
}
