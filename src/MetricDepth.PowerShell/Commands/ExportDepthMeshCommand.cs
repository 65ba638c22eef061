using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export.Meshes;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth videos as textured meshes, one a frame.</summary>
[Cmdlet(VerbsData.Export, "DepthMesh", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthMeshCommand : FrameExportCommand<DepthMeshExportOptions>
{
    /// <summary>The kind of file.</summary>
    [Parameter]
    public MeshFormat Format { get; set; } = MeshFormat.Glb;

    /// <summary>The sides of the largest cells of the grid, px.</summary>
    [Parameter]
    [ValidateRange(1, DepthMeshExportOptions.LargestCell)]
    [ArgumentCompleter(typeof(DecimateCompleter))]
    public int Decimate { get; set; } = 1;

    /// <summary>Give each vertex the normal of its surface.</summary>
    [Parameter]
    public SwitchParameter Normals { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        string folder = ClaimFolder(OutputName.MeshFolder(depth.Path));
        var options = Bind(new DepthMeshExportOptions
        {
            Depth = depth,
            DestinationPath = folder,
            Format = Format,
            Decimate = Decimate,
            Normals = Normals,
        });
        var size = DepthMeshExport.Size(options, Cancellation);
        if (!ShouldWrite(folder, $"Export meshes of '{depth.Path}' ({size})")) return;
        Execute(options, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        DepthMeshExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        DepthMeshExport.Run(options, emit, progress, cancellation);
}
