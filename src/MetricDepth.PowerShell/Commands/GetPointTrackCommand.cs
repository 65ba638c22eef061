using System.Management.Automation;
using MetricDepth.Tracking;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Follows points through videos.</summary>
[Cmdlet(VerbsCommon.Get, "PointTrack", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(PointTracks))]
public sealed class GetPointTrackCommand : WritingCommand<PointTrackingOptions, PointTracks>
{
    /// <summary>Points in a frame, at most.</summary>
    [Parameter]
    [ValidateRange(PointTracking.FewestPoints, PointTracking.MostPoints)]
    [ArgumentCompleter(typeof(PointCountCompleter))]
    public int MaxPoints { get; set; } = PointTracking.DefaultPoints;

    /// <summary>Step of a regular grid of points, px.</summary>
    [Parameter]
    [ValidateRange(PointTracking.SmallestGrid, PointTracking.LargestGrid)]
    [ArgumentCompleter(typeof(GridStepCompleter))]
    public int? Grid { get; set; }

    /// <summary>New points are looked for every so many frames.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? Every { get; set; }

    /// <summary>Mask video, white where nothing is tracked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskPath { get; set; }

    /// <summary>Write a video that shows the tracks, too.</summary>
    [Parameter]
    public SwitchParameter Visualize { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <inheritdoc/>
    protected override void ProcessPath(string path)
    {
        if (Grid is not null && MyInvocation.BoundParameters.ContainsKey(nameof(MaxPoints)))
            throw new MetricDepthException("GridHasItsOwnCount", FailureKind.InvalidArgument,
                "-Grid has a point at each of its nodes, and -MaxPoints says another number. Leave one of them out.");
        string? mask = ResolveOptional(MaskPath);
        string destination = ClaimDestination(OutputName.PointTracks(path), path, mask);
        if (Visualize) OutputName.ThrowIfUnusable(OutputName.Visualization(destination), Force, path, mask);
        if (!ShouldWrite(destination, $"Track the points of '{path}'")) return;
        Execute(new PointTrackingOptions
        {
            SourcePath = path,
            DestinationPath = destination,
            Overwrite = Force,
            MaxPoints = MaxPoints,
            Grid = Grid,
            Every = Every,
            MaskPath = mask,
            Visualize = Visualize,
            MaxFrames = MaxFrames,
        }, path);
    }

    /// <inheritdoc/>
    protected override void Run(
        PointTrackingOptions options, Action<PointTracks> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(PointTracking.Run(options, progress, cancellation));
}
