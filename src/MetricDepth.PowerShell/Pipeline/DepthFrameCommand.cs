using System.Management.Automation;
using MetricDepth.Depth;
using MetricDepth.Export.Frames;
using MetricDepth.Geometry;

namespace MetricDepth.PowerShell;

/// <summary>A command that goes through the frames of depth videos with their colours, mask and camera poses.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class DepthFrameCommand<TOptions, TResult> : DepthSelectionCommand<TOptions, TResult>
    where TOptions : FrameExportOptions
{
    /// <summary>How the camera moved: an object of Measure-CameraPose or Import-CameraPath, or a camera path file.</summary>
    [Parameter]
    [ValidateNotNull]
    public CameraPathArgument? CameraPath { get; set; }

    /// <inheritdoc/>
    protected override TOptions Bind(TOptions options)
    {
        if (CameraPath is { Scale: not CameraPathScale.Metric } && options.Depth.Scale == DepthScale.Metric)
            WriteWarning($"The camera path '{CameraPath}' is not in metres, but the depth is, so frames will not fit together. Give Measure-CameraPose the depth video.");
        return base.Bind(options) with { CameraPath = ResolveOptional(CameraPath?.Path) };
    }
}
