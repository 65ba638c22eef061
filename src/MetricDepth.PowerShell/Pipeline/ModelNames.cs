using System.Management.Automation;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell;

/// <summary>The models that names and wildcards stand for.</summary>
internal static class ModelNames
{
    /// <summary>The models that a name or a wildcard stands for.</summary>
    /// <exception cref="MetricDepthException"><c>ModelUnknown</c>.</exception>
    public static IReadOnlyList<DepthModel> Resolve(ModelStore store, string name)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name)) return [ModelListing.Get(store, name)];
        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return [.. ModelListing.All(store).Where(model => pattern.IsMatch(model.Name))];
    }
}
