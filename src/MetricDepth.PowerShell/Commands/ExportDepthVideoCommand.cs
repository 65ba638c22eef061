using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Imaging;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth videos in the formats of other programs.</summary>
[Cmdlet(VerbsData.Export, "DepthVideo", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(FileInfo), typeof(DirectoryInfo))]
public sealed class ExportDepthVideoCommand : DepthSelectionCommand<DepthVideoExportOptions, FileSystemInfo>
{
    /// <summary>What to write.</summary>
    [Parameter(Mandatory = true)]
    public DepthVideoFormat Format { get; set; }

    /// <summary>Metres a step.</summary>
    [Parameter]
    [ValidateRange(1e-9, 1000.0)]
    [ArgumentCompleter(typeof(DepthUnitCompleter))]
    public double? DepthUnit { get; set; }

    /// <summary>How depth is spread over grey levels or colours.</summary>
    [Parameter]
    public DepthSpacing? Spacing { get; set; }

    /// <summary>Which colours a preview has.</summary>
    [Parameter]
    public ColormapName? Colormap { get; set; }

    /// <summary>Show the colour video beside the depth.</summary>
    [Parameter]
    public SwitchParameter SideBySide { get; set; }

    /// <summary>These frames only, counted from 0.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0L, long.MaxValue)]
    public long[]? Frame { get; set; }

    /// <summary>Export at most so many frames.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        string defaultPath = DepthVideoExport.DefaultPath(depth.Path, Format);
        string destination = DepthVideoExport.IsFolder(Format)
            ? ClaimFolder(defaultPath)
            : ClaimDestination(defaultPath, depth.Path, ResolveOptional(ColorPath), ResolveOptional(MaskPath), depth.ColorPath, depth.ConfidencePath);
        var options = Bind(new DepthVideoExportOptions { Depth = depth, DestinationPath = destination, Format = Format });
        if (!ShouldWrite(destination, $"Export the depth of '{depth.Path}' as {Format} ({DepthVideoExport.Size(options)})")) return;
        Execute(options, depth);
    }

    /// <inheritdoc/>
    protected override DepthVideoExportOptions Bind(DepthVideoExportOptions options) => base.Bind(options) with
    {
        DepthUnit = DepthUnit,
        Spacing = Spacing,
        Colormap = Colormap,
        SideBySide = SideBySide,
        Frames = Frame,
        First = First,
    };

    /// <inheritdoc/>
    protected override void Run(
        DepthVideoExportOptions options, Action<FileSystemInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(DepthVideoExport.Run(options, progress, cancellation));

    /// <inheritdoc/>
    protected override object ToPipeline(FileSystemInfo result) => ItemOf(result);
}
