using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;

namespace MetricDepth.CommandLine;

/// <summary>What could come next on a command line; bash asks with every Tab.</summary>
internal static partial class Completer
{
    private const string Snippet = """
        # completion for bash: put this line into ~/.bashrc
        complete -o default -C 'metricdepth complete' metricdepth
        """;

    public static int Run(string? line, string? point)
    {
        if (line is null)
        {
            Console.WriteLine(Snippet);
            return 0;
        }
        if (int.TryParse(point, CultureInfo.InvariantCulture, out int cut) && cut >= 0 && cut < line.Length) line = line[..cut];
        foreach (string candidate in Complete(line, CommandTable.Default)) Console.WriteLine(candidate);
        return 0;
    }

    public static IEnumerable<string> Complete(string line, CommandTable table)
    {
        string[] words = [.. Word.Matches(line).Select(m => m.Value.Trim('\'', '"')).Skip(1)];
        string[] stage = [.. words[(Array.LastIndexOf(words, "|") + 1)..]];
        // a blank at the end begins a new word
        string typed = stage.Length > 0 && !char.IsWhiteSpace(line[^1]) ? stage[^1] : "";
        if (typed.Length > 0) stage = stage[..^1];
        if (stage.Length == 0 || stage is ["help" or "Get-Help"]) return Matching(table.All.Select(c => c.Name), typed);
        if (table.Find(stage[0]) is not { } command) return [];
        if (typed.StartsWith('-'))
            return Matching(command.Parameters.Where(p => !p.IsCommon || typed.Length > 1).Select(p => "-" + p.Name), typed)
                .Where(name => !stage.Contains(name, StringComparer.OrdinalIgnoreCase));
        return stage[^1].StartsWith('-') && Parameter(command, stage[^1][1..]) is { IsSwitch: false } parameter
            ? Matching(Values(command, parameter, typed), typed) : [];
    }

    private static CommandParameter? Parameter(CommandInfo command, string name) =>
        command.Parameters.FirstOrDefault(p => p.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        ?? command.Parameters.FirstOrDefault(p => p.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Values(CommandInfo command, CommandParameter parameter, string typed)
    {
        var type = LanguagePrimitives.ElementType(parameter.Type) ?? Nullable.GetUnderlyingType(parameter.Type) ?? parameter.Type;
        if (parameter.Attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set) return set.ValidValues;
        if (type.IsEnum) return Enum.GetNames(type);
        if (parameter.Attributes.OfType<ArgumentCompleterAttribute>().FirstOrDefault() is not { } attribute
            || Activator.CreateInstance(attribute.Type) is not IArgumentCompleter completer) return [];
        return completer.CompleteArgument(command.Name, parameter.Name, typed, null, new Hashtable()).Select(r => r.CompletionText);
    }

    private static IEnumerable<string> Matching(IEnumerable<string> candidates, string typed) =>
        candidates.Where(c => c.StartsWith(typed, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""'[^']*'?|"[^"]*"?|[^\s'"]+""")]
    private static partial Regex Word { get; }
}
