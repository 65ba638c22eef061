using System.Management.Automation;
using MetricDepth.Export.Frames;

namespace MetricDepth.PowerShell;

/// <summary>A command that goes through chosen frames and pixels of depth videos.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class DepthSelectionCommand<TOptions, TResult> : DepthVideoCommand<TOptions, TResult>
    where TOptions : FrameExportOptions
{
    /// <summary>The colour video.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ColorPath { get; set; }

    /// <summary>Take every n-th frame.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>Read at most so many video frames.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxFrames { get; set; }

    /// <summary>Leave out what is nearer, metres.</summary>
    [Parameter]
    [ValidateRange(0.0, 100000.0)]
    public double? MinDepth { get; set; }

    /// <summary>Leave out what is farther, metres.</summary>
    [Parameter]
    [ValidateRange(0.001, 100000.0)]
    [ArgumentCompleter(typeof(MaxDepthCompleter))]
    public double? MaxDepth { get; set; }

    /// <summary>A mask video; what is white in it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MaskPath { get; set; }

    /// <summary>Keep what the mask marks, and leave out the rest.</summary>
    [Parameter]
    public SwitchParameter InvertMask { get; set; }

    /// <summary>Leave out what there is less confidence in.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    [ArgumentCompleter(typeof(MinConfidenceCompleter))]
    public double? MinConfidence { get; set; }

    /// <summary>Leave out surface steeper than 85° to the view ray.</summary>
    [Parameter]
    public SwitchParameter RemoveEdges { get; set; }

    /// <summary>The options with the parameters of this class filled in; <c>DestinationPath</c> is left to the command.</summary>
    protected virtual TOptions Bind(TOptions options) => options with
    {
        ColorPath = ResolveOptional(ColorPath),
        Overwrite = Force,
        Every = Every,
        MaxFrames = MaxFrames,
        MinDepth = MinDepth,
        MaxDepth = MaxDepth,
        MaskPath = ResolveOptional(MaskPath),
        InvertMask = InvertMask,
        MinConfidence = MinConfidence,
        RemoveEdges = RemoveEdges,
        HorizontalFov = HorizontalFov,
        VerticalFov = VerticalFov,
    };
}
