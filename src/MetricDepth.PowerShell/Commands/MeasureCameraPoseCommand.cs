using System.Management.Automation;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Measurement;
using MetricDepth.Tracking;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Solves where the camera was, from point tracks and depth.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "CameraPose", SupportsShouldProcess = true, DefaultParameterSetName = TracksSet)]
[OutputType(typeof(CameraPath))]
public sealed class MeasureCameraPoseCommand : LensCommand<CameraPoseOptions, CameraPath>
{
    private const string TracksSet = "PointTracks";

    /// <summary>Point tracks, from Get-PointTrack.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TracksSet)]
    [ValidateNotNull]
    public PointTracks[] PointTracks { get; set; } = [];

    /// <summary>The depth of the clip: a depth video, or the path of one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DepthVideo { get; set; }

    /// <summary>Take no depth of less confidence.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [ArgumentCompleter(typeof(MinConfidenceCompleter))]
    public double? MinConfidence { get; set; }

    /// <summary>Mask video, white over what moves by itself.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskPath { get; set; }

    /// <summary>Leave out every track that was ever under the mask.</summary>
    [Parameter]
    public SwitchParameter StrictMask { get; set; }

    /// <summary>The camera only turns.</summary>
    [Parameter]
    public SwitchParameter StationaryCamera { get; set; }

    /// <summary>The camera turns, and moves neither forwards nor backwards.</summary>
    [Parameter]
    public SwitchParameter NoDepthMotion { get; set; }

    /// <summary>The clip that the tracks belong to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>Write a video that shows points, residuals and the path from above, too.</summary>
    [Parameter]
    public SwitchParameter Visualize { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path) =>
        ProcessTracks(Tracking.PointTracks.Load(path, ResolveOptional(ColorPath), Cancellation));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == TracksSet) ProcessEach(PointTracks, ProcessTracks);
        else base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void Run(
        CameraPoseOptions options, Action<CameraPath> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(CameraPoseMeasurement.Run(options, progress, cancellation));

    private void ProcessTracks(PointTracks tracks)
    {
        string? depth = ResolveOptional(DepthVideo), color = ResolveOptional(ColorPath), mask = ResolveOptional(MaskPath);
        string destination = ClaimDestination(CameraPoseMeasurement.DefaultDestination(tracks, depth, color),
            tracks.Path, depth, color ?? tracks.ColorPath, mask);
        if (Visualize) OutputName.ThrowIfUnusable(OutputName.Visualization(destination), Force, color ?? tracks.ColorPath, mask);
        if (!ShouldWrite(destination, $"Solve the camera path of '{tracks}'")) return;
        Execute(new CameraPoseOptions
        {
            Tracks = tracks,
            DepthPath = depth,
            MinConfidence = MinConfidence,
            ColorPath = color,
            DestinationPath = destination,
            Overwrite = Force,
            HorizontalFov = HorizontalFov,
            VerticalFov = VerticalFov,
            MaskPath = mask,
            Mask = StrictMask ? MaskMeaning.WholeTrack : MaskMeaning.InFrame,
            Constraint = Constraint(),
            Visualize = Visualize,
            MaxFrames = MaxFrames,
        }, tracks);
    }

    private MotionConstraint Constraint()
    {
        if (StationaryCamera && NoDepthMotion)
            throw new MetricDepthException("MotionContradiction", FailureKind.InvalidArgument,
                "-StationaryCamera has the camera only turn, -NoDepthMotion has it move to the sides as well. Leave one of them out.");
        return StationaryCamera ? MotionConstraint.Stationary : NoDepthMotion ? MotionConstraint.NoDepthMotion : MotionConstraint.Free;
    }
}
