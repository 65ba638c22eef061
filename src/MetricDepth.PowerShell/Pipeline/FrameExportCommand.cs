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

    /// <summary>The folder for the files of a depth video; refuses one that another input of this command has.</summary>
    protected string ClaimFolder(string defaultFolder)
    {
        string folder = ResolveOptional(DestinationPath) ?? defaultFolder;
        // frames of different clips have the same names
        ThrowIfTaken(folder, "With several depth videos leave -DestinationPath out: each gets a folder of its own beside it.");
        return folder;
    }

    /// <summary>As <c>Get-Item</c> gives it: only then does PowerShell know its size and PSPath.</summary>
    protected override object ToPipeline(FileInfo result) =>
        InvokeProvider.Item.Get([result.FullName], force: true, literalPath: true)[0];
}
