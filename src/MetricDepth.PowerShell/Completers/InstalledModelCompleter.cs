using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell;

/// <summary>Offers the names of the models of which something is in the store.</summary>
public sealed class InstalledModelCompleter : CatalogModelCompleter
{
    /// <inheritdoc/>
    protected override bool Offers(DepthModel model) => model.State != ModelState.Available;
}
