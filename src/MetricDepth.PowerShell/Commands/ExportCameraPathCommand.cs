using System.Globalization;
using System.Management.Automation;
using MetricDepth.Export.Cameras;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Writes camera paths for COLMAP, nerfstudio, Blender and trajectory tools.</summary>
[Cmdlet(VerbsData.Export, "CameraPath", SupportsShouldProcess = true, DefaultParameterSetName = CameraPathSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCameraPathCommand : LensCommand<CameraPathExportOptions, FileInfo>
{
    private const string CameraPathSet = "CameraPath";

    /// <summary>Camera paths, from Measure-CameraPose or Import-CameraPath.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = CameraPathSet)]
    [ValidateNotNull]
    public CameraPath[] CameraPath { get; set; } = [];

    /// <summary>What to write.</summary>
    [Parameter(Mandatory = true)]
    public CameraPathExportFormat Format { get; set; }

    /// <summary>The clip.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>The clip's depth video, which knows the lens.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DepthVideo { get; set; }

    /// <summary>Width of the pictures, px.</summary>
    [Parameter]
    [ValidateRange(1, 32768)]
    public int? Width { get; set; }

    /// <summary>Height of the pictures, px.</summary>
    [Parameter]
    [ValidateRange(1, 32768)]
    public int? Height { get; set; }

    /// <summary>Frames per second.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    public double? FrameRate { get; set; }

    /// <summary>Take every n-th frame.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>The frame whose camera is the origin.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LockFrame { get; set; }

    /// <summary>Write the frames of the clip as pictures, too.</summary>
    [Parameter]
    public SwitchParameter Images { get; set; }

    /// <summary>Tracks of the clip, which become points in space: an object of Get-PointTrack, or a tracking file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tracks { get; set; }

    /// <summary>Write the depth video's frames as pictures in millimetres, too.</summary>
    [Parameter]
    public SwitchParameter DepthImages { get; set; }

    /// <summary>Give the model points from the depth video.</summary>
    [Parameter]
    public SwitchParameter DepthPoints { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path) => ProcessCameraPath(Geometry.CameraPath.Load(path));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == CameraPathSet) ProcessEach(CameraPath, ProcessCameraPath);
        else base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void Run(
        CameraPathExportOptions options, Action<FileInfo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        CameraPathExport.Run(options, emit, progress, cancellation);

    /// <inheritdoc/>
    protected override object ToPipeline(FileInfo result) => ItemOf(result);

    private void ProcessCameraPath(CameraPath path)
    {
        string? color = ResolveOptional(ColorPath), depth = ResolveOptional(DepthVideo), tracks = ResolveOptional(Tracks);
        string named = CameraPathExport.DefaultDestination(path, Format);
        string destination = CameraPathExport.IsFolder(Format)
            ? ClaimFolder(named)
            : ClaimDestination(named, path.Path, color, depth, tracks);
        var options = new CameraPathExportOptions
        {
            CameraPath = path,
            Format = Format,
            DestinationPath = destination,
            Overwrite = Force,
            ColorPath = color,
            DepthPath = depth,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            Width = Width,
            Height = Height,
            FrameRate = FrameRate,
            Every = Every,
            LockFrame = LockFrame,
            Images = Images,
            DepthImages = DepthImages,
            DepthPoints = DepthPoints,
        };
        string contents = CameraPathExport.Contents(options) is { Length: > 0 } more ? " with " + more : "";
        if (!ShouldWrite(destination, string.Create(CultureInfo.InvariantCulture, $"Export {path.FrameCount} poses of '{path}' as {Format}{contents}"))) return;
        if (tracks is not null) options = options with { Tracks = PointTracks.Load(tracks, color, Cancellation) };
        Execute(options, path);
    }
}
