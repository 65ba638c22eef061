using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes depth videos as coloured point clouds, one PLY file a frame.</summary>
[Cmdlet(VerbsData.Export, "DepthPointCloud", SupportsShouldProcess = true, DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDepthPointCloudCommand : DepthVideoCommand<PointCloudExportOptions, FileInfo>
{
    /// <summary>The folder to write to.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>The colour video.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>Export every n-th frame.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>Export at most so many point clouds.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>Read at most so many video frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <summary>Leave out points of less confidence.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [ArgumentCompleter(typeof(MinConfidenceCompleter))]
    public double? MinConfidence { get; set; }

    /// <summary>Leave out points on surface steeper than 85° to the view ray.</summary>
    [Parameter]
    public SwitchParameter RemoveEdges { get; set; }

    /// <summary>Horizontal field of view, degrees.</summary>
    [Parameter]
    [Alias("XFov")]
    [ValidateRange(1.0, 179.0)]
    [ArgumentCompleter(typeof(FieldOfViewCompleter))]
    public double? HorizontalFov { get; set; }

    /// <summary>Vertical field of view, degrees.</summary>
    [Parameter]
    [Alias("YFov")]
    [ValidateRange(1.0, 179.0)]
    public double? VerticalFov { get; set; }

    /// <summary>Replace existing files.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessDepth(DepthVideo depth)
    {
        string folder = ResolveOptional(DestinationPath) ?? OutputName.PointCloudFolder(depth.Path);
        // frames of different clips have the same names
        ThrowIfTaken(folder, "With several depth videos leave -DestinationPath out: each gets a folder of its own beside it.");
        if (!ShouldProcess(folder, $"Export point clouds of '{depth.Path}'")) return;
        Execute(new PointCloudExportOptions
        {
            Depth = depth,
            ColorPath = ResolveOptional(ColorPath),
            DestinationPath = folder,
            Overwrite = Force,
            Every = Every,
            First = First,
            MaxFrames = MaxFrames,
            MinConfidence = MinConfidence,
            RemoveEdges = RemoveEdges,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
        }, depth);
    }

    /// <inheritdoc/>
    protected override void Run(
        PointCloudExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        PointCloudExport.Run(options, emit, progress, cancellation);

    /// <summary>As <c>Get-Item</c> gives it: only then does PowerShell know its size and PSPath.</summary>
    protected override object ToPipeline(FileInfo result) =>
        InvokeProvider.Item.Get([result.FullName], force: true, literalPath: true)[0];
}
