using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using MetricDepth.Inference.Models;

namespace MetricDepth.PowerShell;

/// <summary>Offers the names of models with size, licence and what they do.</summary>
public class CatalogModelCompleter : IArgumentCompleter
{
    /// <summary>Which models are offered.</summary>
    protected virtual bool Offers(DepthModel model) => true;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        IReadOnlyList<DepthModel> models;
        try
        {
            models = ModelListing.All(ModelStore.Open());
        }
        catch (MetricDepthException)
        {
            yield break; // the command itself will say what is wrong with the store
        }
        string word = (wordToComplete ?? "").Trim('\'', '"');
        foreach (var model in models)
            if (Offers(model) && model.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                yield return new CompletionResult(model.Name, $"{model.Name}  {Facts(model)}", CompletionResultType.ParameterValue, $"{Facts(model)}. {model.Description}".TrimEnd());
    }

    private static string Facts(DepthModel model) => string.Join(", ", new[]
    {
        model.Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB") : null,
        model.License is { Length: > 0 } license ? license + (model.NonCommercial ? " (non-commercial)" : "") : null,
        model.State == ModelState.Available ? null : model.State.ToString().ToLowerInvariant(),
    }.OfType<string>());
}
