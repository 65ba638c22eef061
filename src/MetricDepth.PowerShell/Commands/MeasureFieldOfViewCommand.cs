using System.Management.Automation;
using MetricDepth.Motion.Calibration;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Measures the field of view of videos.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "FieldOfView", DefaultParameterSetName = TracksSet)]
[OutputType(typeof(FieldOfViewResult))]
public sealed class MeasureFieldOfViewCommand : PathCommand<FieldOfViewOptions, FieldOfViewResult>
{
    private const string TracksSet = "Tracks";
    private const string TracksExtension = ".json";

    /// <summary>Tracks, from Get-PointTrack. The default set, so that they do not bind by their path.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = TracksSet)]
    [ValidateNotNull]
    public PointTracks[] Tracks { get; set; } = [];

    /// <summary>The video that the tracks belong to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>What it may be taken from.</summary>
    [Parameter]
    public FieldOfViewEvidence Source { get; set; }

    /// <summary>Look at so many frames at most.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == TracksSet) ProcessEach(Tracks, ProcessTracks);
        else base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        if (path.EndsWith(TracksExtension, StringComparison.OrdinalIgnoreCase)) ProcessTracks(PointTracks.Load(path, ResolveOptional(ColorPath), Cancellation));
        else Execute(new FieldOfViewOptions { Clip = VideoProbe.Probe(path, Cancellation), Evidence = Source, MaxFrames = MaxFrames }, path);
    }

    /// <inheritdoc/>
    protected override void Run(
        FieldOfViewOptions options, Action<FieldOfViewResult> emit, IProgress<FrameProgress> progress, CancellationToken cancellation)
    {
        var result = FieldOfViewMeasurement.Run(options, progress, cancellation);
        if (!result.IsDetermined) progress.Report(FrameProgress.Warning(result.Evidence));
        emit(result);
    }

    private void ProcessTracks(PointTracks tracks)
    {
        string color = ResolveOptional(ColorPath) ?? tracks.ColorPath
            ?? throw new MetricDepthException("ColorVideoUnknown", FailureKind.InvalidArgument,
                $"'{tracks.Path}' does not say which video it belongs to, so the size of the picture is not known. Give the video as -ColorPath.");
        Execute(new FieldOfViewOptions { Clip = VideoProbe.Probe(color, Cancellation), Tracks = tracks, Evidence = Source, MaxFrames = MaxFrames }, tracks);
    }
}
