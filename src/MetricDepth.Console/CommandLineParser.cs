using System.Management.Automation;

namespace MetricDepth.CommandLine;

/// <summary>Words to commands: <c>|</c> between commands; a first stage that is no command names files.</summary>
internal static class CommandLineParser
{
    public static List<CommandCall> Parse(IReadOnlyList<object?> words, CommandTable table, string directory)
    {
        var stages = new List<List<object?>> { new() };
        foreach (object? word in words)
            if (word is "|") stages.Add([]);
            // "a.mp4," "b.mp4": a list with blanks after its commas
            else if (stages[^1] is [.., string { Length: > 1 } before] && before.EndsWith(',') && word is string more) stages[^1][^1] = before + more;
            else stages[^1].Add(word);
        var calls = new List<CommandCall>();
        foreach (var stage in stages)
        {
            if (stage is not [string name, .. var arguments])
                throw new ParameterBindingException("An empty pipe element is not allowed: put a cmdlet on both sides of '|'.")
                { Id = "EmptyPipeElement", Category = ErrorCategory.ParserError };
            if (calls.Count == 0 && table.Find(name) is null && NamesFiles(name, directory))
                calls.Add(new CommandCall(table.Get("Get-ChildItem"), [new ShellWord("-Path"), stage.Select(w => w?.ToString()).ToArray()], name));
            else
                calls.Add(new CommandCall(table.Get(name), [.. arguments.Select(a => a is string text ? new ShellWord(text) : a)], name));
        }
        return calls;
    }

    private static bool NamesFiles(string word, string directory) =>
        WildcardPattern.ContainsWildcardCharacters(word) || Path.Exists(Path.Combine(directory, word));
}
