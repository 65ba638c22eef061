using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth videos as coloured point clouds: one file a frame, or one of all frames.</summary>
[Cmdlet(VerbsData.Export, "DepthPointCloud", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthPointCloudCommand : FrameExportCommand<PointCloudExportOptions>
{
    /// <summary>The kind of file; by default what the name of a merged cloud says, else PLY.</summary>
    [Parameter]
    public PointCloudFormat? Format { get; set; }

    /// <summary>Write numbers in words.</summary>
    [Parameter]
    public SwitchParameter Ascii { get; set; }

    /// <summary>Give each point the normal of its surface.</summary>
    [Parameter]
    public SwitchParameter Normals { get; set; }

    /// <summary>Make one cloud of all frames.</summary>
    [Parameter]
    public SwitchParameter Merge { get; set; }

    /// <summary>Width of the cells of a merged cloud, metres.</summary>
    [Parameter]
    [ValidateRange(0.0001, 1000.0)]
    [ArgumentCompleter(typeof(VoxelSizeCompleter))]
    public double? VoxelSize { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        var options = Bind(new PointCloudExportOptions
        {
            Depth = depth,
            Format = Format ?? (Merge ? PointCloudExport.FormatOf(DestinationPath) : null) ?? PointCloudFormat.Ply,
            Ascii = Ascii,
            Normals = Normals,
            Merge = Merge,
            VoxelSize = VoxelSize,
        });
        var size = PointCloudExport.Size(options);
        string destination = Merge
            ? ClaimDestination(PointCloudExport.MergedFile(depth.Path, options.Format), depth.Path, options.ColorPath ?? depth.ColorPath, options.MaskPath, options.CameraPath)
            : ClaimFolder(OutputName.PointCloudFolder(depth.Path));
        if (!ShouldWrite(destination, $"Export {(Merge ? "one point cloud" : "point clouds")} of '{depth.Path}' ({size})")) return;
        Execute(options with { DestinationPath = destination }, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        PointCloudExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        PointCloudExport.Run(options, emit, progress, cancellation);
}
