using System.Management.Automation;
using MetricDepth.Depth;

namespace MetricDepth.PowerShell.Commands;

/// <summary>Opens existing depth videos.</summary>
[Cmdlet(VerbsCommon.Get, "DepthVideo", DefaultParameterSetName = PathSet)]
[OutputType(typeof(DepthVideo))]
public sealed class GetDepthVideoCommand : PathCommand<string, DepthVideo>
{
    /// <inheritdoc/>
    protected override void ProcessPath(string path) => Execute(path, path);

    /// <inheritdoc/>
    protected override void Run(
        string options, Action<DepthVideo> emit, IProgress<FrameProgress> progress, CancellationToken cancellation) =>
        emit(DepthVideoReader.Probe(options, cancellation));
}
