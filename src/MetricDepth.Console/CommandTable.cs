using System.Management.Automation;
using System.Reflection;

namespace MetricDepth.CommandLine;

/// <summary>The commands by name and alias.</summary>
internal sealed class CommandTable(IEnumerable<CommandInfo> commands)
{
    public static CommandTable Default { get; } = new(CommandInfo.In(typeof(CommandTable).Assembly));

    public IReadOnlyList<CommandInfo> All { get; } = [.. commands.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)];

    public static CommandTable With(Assembly? more) => more is null ? Default : new(Default.All.Concat(CommandInfo.In(more)));

    public CommandInfo? Find(string name) => All.FirstOrDefault(c => c.Aliases.Prepend(c.Name).Contains(name, StringComparer.OrdinalIgnoreCase));

    public CommandInfo Get(string name) => Find(name) ?? throw new CommandNotFoundException(
        $"The term '{name}' is not recognized as a name of a cmdlet or an existing file. Check the spelling; 'metricdepth help' lists the cmdlets.")
    { Id = "CommandNotFoundException", Category = ErrorCategory.ObjectNotFound, Target = name };
}
