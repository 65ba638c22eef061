using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export.Frames;

namespace MetricDepth.PowerShell;

/// <summary>A command that writes a file for each frame of a depth video, into a folder.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
public abstract class FrameExportCommand<TOptions> : DepthFrameCommand<TOptions, FileInfo>
    where TOptions : FrameExportOptions
{
    /// <summary>These frames only, counted from 0.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0L, long.MaxValue)]
    public long[]? Frame { get; set; }

    /// <summary>Export at most so many frames.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? First { get; set; }

    /// <summary>The frame in whose camera's axes everything is given.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int? LockFrame { get; set; }

    /// <inheritdoc/>
    protected override TOptions Bind(TOptions options) => base.Bind(options) with { Frames = Frame, First = First, LockFrame = LockFrame };

    /// <inheritdoc/>
    protected override object ToPipeline(FileInfo result) => ItemOf(result);
}
