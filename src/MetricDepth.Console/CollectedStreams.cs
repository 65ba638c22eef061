using System.Management.Automation;

namespace MetricDepth.CommandLine;

/// <summary>Keeps what a pipeline writes, for code that wants to look at it.</summary>
internal sealed class CollectedStreams(Func<string, int?>? answer) : IPipelineHost
{
    private readonly List<object?> output = [];
    private readonly List<ErrorRecord> errors = [];
    private readonly List<string> warnings = [], verbose = [], information = [];
    private readonly List<ProgressRecord> progress = [];

    public void Output(object? value) => output.Add(PSObject.Bare(value));
    public void Error(ErrorRecord error) => errors.Add(error);
    public void Warning(string text) => warnings.Add(text);
    public void Verbose(string text) => verbose.Add(text);
    public void Debug(string text) => verbose.Add(text);
    public void Information(string text) => information.Add(text);
    public void Progress(ProgressRecord record) => progress.Add(record);
    public int? Ask(string caption, string question, IReadOnlyList<string> choices) => answer?.Invoke(question);

    public PipelineResult ToResult(int exitCode) => new()
    {
        Output = output, Errors = errors, Warnings = warnings, Verbose = verbose, Information = information, Progress = progress, ExitCode = exitCode,
    };
}
