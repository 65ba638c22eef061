using System.Management.Automation;
using MetricDepth.Export.Cameras;
using MetricDepth.Geometry;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Makes camera paths of what other programs and phones recorded.</summary>
[Cmdlet(VerbsData.Import, "CameraPath", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(CameraPath))]
public sealed class ImportCameraPathCommand : WritingCommand<CameraPathImportOptions, CameraPath>
{
    /// <summary>What the file is.</summary>
    [Parameter]
    public CameraPathImportFormat Format { get; set; }

    /// <summary>The clip whose frames get poses.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>The clip's depth video.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DepthVideo { get; set; }

    /// <summary>Frames per second of the clip.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    public double? FrameRate { get; set; }

    /// <summary>Seconds from the first pose to the first frame.</summary>
    [Parameter]
    [ValidateRange(-1000000.0, 1000000.0)]
    public double TimeOffset { get; set; }

    /// <summary>The number that the first frame has in the names of pictures.</summary>
    [Parameter]
    [ValidateRange(0L, 999999999L)]
    public long? FirstNumber { get; set; }

    /// <summary>The pictures are every n-th frame of the clip.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>Metres in one unit of the file.</summary>
    [Parameter]
    [ValidateRange(1e-9, 1e9)]
    public double? ScaleFactor { get; set; }

    /// <summary>The unit of the file is the metre.</summary>
    [Parameter]
    public SwitchParameter Metric { get; set; }

    /// <summary>Degrees, clockwise, by which the clip is turned against the camera.</summary>
    [Parameter]
    [ValidateSet("0", "90", "180", "270")]
    public int? Rotation { get; set; }

    /// <inheritdoc/>
    protected override bool TakesFolders => true;

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        string? color = ResolveOptional(ColorPath), depth = ResolveOptional(DepthVideo);
        var options = new CameraPathImportOptions
        {
            SourcePath = path,
            Format = Format,
            Overwrite = Force,
            ColorPath = color,
            DepthPath = depth,
            FrameRate = FrameRate,
            TimeOffset = TimeOffset,
            FirstNumber = FirstNumber,
            Every = Every,
            ScaleFactor = ScaleFactor,
            IsMetric = Metric,
            Rotation = Rotation,
        };
        string destination = ClaimDestination(CameraPathImport.DefaultDestination(options), path, color, depth);
        if (!ShouldWrite(destination, $"Import the camera path '{path}'")) return;
        Execute(options with { DestinationPath = destination }, path);
    }

    /// <inheritdoc/>
    protected override void Run(
        CameraPathImportOptions options, Action<CameraPath> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(CameraPathImport.Run(options, progress, cancellation));
}
