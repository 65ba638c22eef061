using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell;

/// <summary>Offers the names of the models that can be used now.</summary>
public class UsableModelCompleter : CatalogModelCompleter
{
    /// <inheritdoc/>
    protected override bool Offers(DepthModel model) => model.State == ModelState.Installed;
}
