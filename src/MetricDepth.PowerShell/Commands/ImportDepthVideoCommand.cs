using System.Management.Automation;
using MetricDepth.Depth;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Makes depth videos of depth from sensors and other programs.</summary>
[Cmdlet(VerbsData.Import, "DepthVideo", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(DepthVideo))]
public sealed class ImportDepthVideoCommand : LensCommand<DepthImportOptions, DepthVideo>
{
    private int _images;

    /// <summary>Metres a step.</summary>
    [Parameter]
    [ValidateRange(1e-9, 1000.0)]
    [ArgumentCompleter(typeof(DepthUnitCompleter))]
    public double? DepthUnit { get; set; }

    /// <summary>The largest depth to store, metres.</summary>
    [Parameter]
    [ValidateRange(0.1, 100000.0)]
    [ArgumentCompleter(typeof(MaxDepthCompleter))]
    public double? MaxDepth { get; set; }

    /// <summary>The colour video it belongs to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>The array of an NPZ archive that is depth.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ArrayName { get; set; }

    /// <summary>Frames per second.</summary>
    [Parameter]
    [ValidateRange(0.1, 1000.0)]
    public double? FrameRate { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <inheritdoc/>
    protected override bool TakesFolders => true;

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        if (System.IO.Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".EXR" && ++_images == 2)
            WriteWarning("Each image becomes a depth video of one frame. To import a sequence, give the folder that holds it.");
        string? color = ResolveOptional(ColorPath);
        string destination = ClaimDestination(OutputName.DepthVideo(path), path, color);
        if (!ShouldWrite(destination, $"Import the depth of '{path}'")) return;
        Execute(new DepthImportOptions
        {
            SourcePath = path,
            DestinationPath = destination,
            Overwrite = Force,
            DepthUnit = DepthUnit,
            MaxDepth = MaxDepth,
            FrameRate = FrameRate,
            ArrayName = ArrayName,
            ColorPath = color,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            MaxFrames = MaxFrames,
        }, path);
    }

    /// <inheritdoc/>
    protected override void Run(
        DepthImportOptions options, Action<DepthVideo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(DepthImport.Run(options, progress, cancellation));
}
