#nullable disable
using System.Collections;
using System.Management.Automation.Language;

namespace System.Management.Automation
{
    public interface IArgumentCompleter
    {
        IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
    }

    public enum CompletionResultType { Text, History, Command, ProviderItem, ProviderContainer, Property, Method, ParameterName, ParameterValue }

    public class CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
    {
        public CompletionResult(string completionText) : this(completionText, completionText, CompletionResultType.Text, completionText) { }
        public string CompletionText => completionText;
        public string ListItemText => listItemText;
        public CompletionResultType ResultType => resultType;
        public string ToolTip => toolTip;
    }

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class ArgumentCompleterAttribute(Type type) : Attribute
    {
        public Type Type => type;
    }
}

namespace System.Management.Automation.Language
{
    /// <summary>The parsed command that PowerShell shows a completer; the shell gives us none.</summary>
    public class CommandAst;
}
