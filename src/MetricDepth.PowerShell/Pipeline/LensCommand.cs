using System.Management.Automation;

namespace MetricDepth.PowerShell;

/// <summary>A command whose result depends on the lens of the camera that took the clip.</summary>
/// <typeparam name="TOptions">What the operation is asked to do.</typeparam>
/// <typeparam name="TResult">What comes out of the pipeline.</typeparam>
public abstract class LensCommand<TOptions, TResult> : WritingCommand<TOptions, TResult>
{
    /// <summary>Horizontal field of view of the camera that took the clip, degrees.</summary>
    [Parameter]
    [Alias("XFov")]
    [ValidateRange(1.0, 179.0)]
    [ArgumentCompleter(typeof(FieldOfViewCompleter))]
    public double? HorizontalFov { get; set; }

    /// <summary>Vertical field of view of the camera that took the clip, degrees.</summary>
    [Parameter]
    [Alias("YFov")]
    [ValidateRange(1.0, 179.0)]
    public double? VerticalFov { get; set; }
}
