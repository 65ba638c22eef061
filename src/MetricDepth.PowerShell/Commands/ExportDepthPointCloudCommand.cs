using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth videos as coloured point clouds, one PLY file a frame.</summary>
[Cmdlet(VerbsData.Export, "DepthPointCloud", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthPointCloudCommand : FrameExportCommand<PointCloudExportOptions>
{
    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        string folder = ClaimFolder(OutputName.PointCloudFolder(depth.Path));
        if (!ShouldProcess(folder, $"Export point clouds of '{depth.Path}'")) return;
        Execute(Bind(new PointCloudExportOptions { Depth = depth, DestinationPath = folder }), depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        PointCloudExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        PointCloudExport.Run(options, emit, progress, cancellation);
}
