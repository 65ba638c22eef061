using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell;

/// <summary>Offers the installed models that give metres for single pictures.</summary>
public sealed class MetricModelCompleter : UsableModelCompleter
{
    /// <inheritdoc/>
    protected override bool Offers(DepthModel model) => base.Offers(model) && model is { Task: ModelTask.ImageDepth, IsMetric: true };
}
