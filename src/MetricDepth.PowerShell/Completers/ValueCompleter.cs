using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MetricDepth.PowerShell;

/// <summary>Offers known values of a number, each with what it stands for.</summary>
public abstract class ValueCompleter : IArgumentCompleter
{
    /// <summary>The values, as one would type them, and what they stand for.</summary>
    protected abstract IEnumerable<(string Value, string Meaning)> Values { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from v in Values
        where v.Value.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase)
        select new CompletionResult(v.Value, $"{v.Value}  {v.Meaning}", CompletionResultType.ParameterValue, v.Meaning);
}
