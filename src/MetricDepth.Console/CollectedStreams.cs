using System.Management.Automation;

namespace MetricDepth.CommandLine;

/// <summary>Keeps what a pipeline writes, for code that wants to look at it.</summary>
internal sealed class CollectedStreams(Func<string, int?>? answer) : IPipelineHost
{
    private readonly List<object?> _output = [];
    private readonly List<ErrorRecord> _errors = [];
    private readonly List<string> _warnings = [], _verbose = [], _information = [];
    private readonly List<ProgressRecord> _progress = [];

    public void Output(object? value) => _output.Add(PSObject.Bare(value));
    public void Error(ErrorRecord error) => _errors.Add(error);
    public void Warning(string text) => _warnings.Add(text);
    public void Verbose(string text) => _verbose.Add(text);
    public void Debug(string text) => _verbose.Add(text);
    public void Information(string text) => _information.Add(text);
    public void Progress(ProgressRecord record) => _progress.Add(record);
    public int? Ask(string caption, string question, IReadOnlyList<string> choices) => answer?.Invoke(question);

    public PipelineResult ToResult(int exitCode) => new()
    {
        Output = _output,
        Errors = _errors,
        Warnings = _warnings,
        Verbose = _verbose,
        Information = _information,
        Progress = _progress,
        ExitCode = exitCode,
    };
}
