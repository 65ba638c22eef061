using System.Management.Automation;

namespace MetricDepth.CommandLine.Display;

/// <summary>A pipeline's streams on a terminal or in a log: results on stdout, everything else on stderr.</summary>
internal sealed class ConsoleStreams(CancellationToken stop) : IPipelineHost, IDisposable
{
    private readonly ProgressDisplay _progress = new();
    private readonly TableWriter _table = new(
        Console.Out, FormatViews.Default, Console.IsOutputRedirected || Console.WindowWidth <= 0 ? null : Console.WindowWidth);

    public void Output(object? value)
    {
        _progress.Hide();
        _table.Write(value);
    }

    public void Error(ErrorRecord error)
    {
        Say("31;1", $"{error.InvocationInfo?.MyCommand.Name ?? "metricdepth"}: {error}");
        if (error.InvocationInfo?.BoundParameters.ContainsKey("Verbose") == true) Say("31", "  " + error.FullyQualifiedErrorId);
    }

    public void Warning(string text) => Say("33;1", "WARNING: " + text);
    public void Verbose(string text) => Say("33", "VERBOSE: " + text);
    public void Debug(string text) => Say("33", "DEBUG: " + text);
    public void Information(string text) => Say(null, text);
    public void Progress(ProgressRecord record) => _progress.Show(record);

    public int? Ask(string caption, string question, IReadOnlyList<string> choices)
    {
        if (Console.IsInputRedirected) return null;
        const string Keys = "YANL";
        Say(null, Environment.NewLine + caption + Environment.NewLine + question);
        while (true)
        {
            Console.Error.Write(string.Join("  ", choices.Select((c, i) => $"[{Keys[i]}] {c}")) + " (default is \"Y\"): ");
            var answer = Task.Run(Console.ReadLine, CancellationToken.None);
            try
            {
                answer.Wait(stop);
            }
            catch (OperationCanceledException)
            {
                throw new PipelineStoppedException();
            }
            if (answer.Result is not { } text) return null;
            if (text.Length == 0) return 0;
            int choice = Keys.IndexOf(char.ToUpperInvariant(text[0]), StringComparison.Ordinal);
            if (text.Length == 1 && choice >= 0) return choice;
        }
    }

    public void Dispose() => _progress.Hide();

    private void Say(string? color, string text)
    {
        _progress.Hide();
        bool plain = color is null || Console.IsErrorRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        Console.Error.WriteLine(plain ? text : $"\e[{color}m{text}\e[0m");
    }
}
