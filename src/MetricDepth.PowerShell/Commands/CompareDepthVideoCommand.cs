using System.Management.Automation;
using MetricDepth.Depth;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Measures how well depth videos agree with a reference.</summary>
[Cmdlet(VerbsData.Compare, "DepthVideo", DefaultParameterSetName = DepthVideoSet)]
[OutputType(typeof(DepthComparisonResult))]
public sealed class CompareDepthVideoCommand : PathCommand<DepthComparisonOptions, DepthComparisonResult>
{
    private const string DepthVideoSet = "DepthVideo";

    /// <summary>Depth videos. The default set, so that what carries one and a path of its own binds by its depth video.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DepthVideoSet)]
    [ValidateNotNull]
    public DepthVideo[] DepthVideo { get; set; } = [];

    /// <summary>The depth video that is taken as the truth; a DepthVideo object stands for its path.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Reference")]
    [ValidateNotNullOrEmpty]
    public string ReferencePath { get; set; } = "";

    /// <summary>Scale the depth by the median of reference/depth first.</summary>
    [Parameter]
    public SwitchParameter MedianScaling { get; set; }

    /// <summary>The camera's path: also measure how much the depth differs from frame to frame.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? CameraPath { get; set; }

    /// <summary>Score only depth of at least this confidence.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [ArgumentCompleter(typeof(MinConfidenceCompleter))]
    public double? MinConfidence { get; set; }

    /// <summary>Stop after so many frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == DepthVideoSet) ProcessEach(DepthVideo, Compare);
        else base.ProcessRecord();
    }

    /// <inheritdoc/>
    protected override void ProcessPath(string path) => Compare(DepthVideoReader.Probe(path, Cancellation));

    /// <inheritdoc/>
    protected override void Run(
        DepthComparisonOptions options, Action<DepthComparisonResult> emit, IProgress<FrameProgress> progress,
        CancellationToken cancellation) =>
        emit(DepthComparison.Run(options, progress, cancellation));

    private void Compare(DepthVideo depth) =>
        Execute(new DepthComparisonOptions
        {
            Depth = depth,
            Reference = DepthVideoReader.Probe(ResolveOptional(ReferencePath)!, Cancellation),
            MedianScaling = MedianScaling,
            CameraPath = ResolveOptional(CameraPath),
            MinConfidence = MinConfidence,
            MaxFrames = MaxFrames,
        }, depth);
}
