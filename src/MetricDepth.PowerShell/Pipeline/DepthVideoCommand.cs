using System.Management.Automation;
using MetricDepth.Depth;

namespace MetricDepth.PowerShell;

/// <summary>A command that makes something of depth videos, given as objects or as files.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class DepthVideoCommand<TOptions, TResult> : LensCommand<TOptions, TResult>
{
    /// <summary>
    /// The parameter set of -DepthVideo. It is the default one, so that an object that carries a DepthVideo and a Path of its own
    /// (a stereo video) binds by its DepthVideo.
    /// </summary>
    protected const string DepthVideoSet = "DepthVideo";

    /// <summary>Depth videos, from ConvertTo-MetricDepth, Import-DepthVideo or Get-DepthVideo.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = DepthVideoSet)]
    [ValidateNotNull]
    public DepthVideo[] DepthVideo { get; set; } = [];

    /// <summary>Does the work for one depth video.</summary>
    protected abstract void ProcessDepth(DepthVideo depth);

    /// <inheritdoc/>
    protected override void ProcessPath(string path) => ProcessDepth(DepthVideoReader.Probe(path, Cancellation));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == DepthVideoSet) ProcessEach(DepthVideo, ProcessDepth);
        else base.ProcessRecord();
    }
}
