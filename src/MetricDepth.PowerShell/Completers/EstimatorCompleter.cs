using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace MetricDepth.PowerShell;

/// <summary>Offers what can estimate depth here and now: the best there is, the built-in estimator, and every installed model.</summary>
public sealed class EstimatorCompleter : IArgumentCompleter
{
    private readonly BuiltIn builtIn = new();
    private readonly UsableModelCompleter models = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        builtIn.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            .Concat(models.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters));

    private sealed class BuiltIn : ValueCompleter
    {
        protected override IEnumerable<(string Value, string Meaning)> Values { get; } =
        [
            ("Auto", "the best that is installed, otherwise motion stereo (the default)"),
            ("MotionStereo", "built in: from how the picture moves, for cameras that move sideways"),
        ];
    }
}
