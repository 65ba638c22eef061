using System.Management.Automation;
using System.Reflection;

namespace MetricDepth.CommandLine;

/// <summary>What a pipeline gave.</summary>
public sealed record PipelineResult
{
    /// <summary>What the last command wrote.</summary>
    public IReadOnlyList<object?> Output { get; init; } = [];

    /// <summary>Errors in the order they came; the last is the terminating one, if there was one.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<string> Verbose { get; init; } = [];
    public IReadOnlyList<string> Information { get; init; } = [];
    public IReadOnlyList<ProgressRecord> Progress { get; init; } = [];

    /// <summary>As the program would end: 0, 1 after an error, 2 when the words were wrong, 130 when cancelled.</summary>
    public required int ExitCode { get; init; }
}

/// <summary>What surrounds a pipeline that is run from code.</summary>
public sealed record PipelineOptions
{
    /// <summary>The folder that relative paths start from.</summary>
    public string Directory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Objects for the first command; null for none.</summary>
    public IEnumerable<object?>? Input { get; init; }

    /// <summary>An assembly with commands besides the module's.</summary>
    public Assembly? Commands { get; init; }

    /// <summary>Answers questions: an index into Yes, Yes to All, No, No to All; null when nobody can answer.</summary>
    public Func<string, int?>? Answer { get; init; }

    /// <summary>Stops the pipeline as Ctrl+C does.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Runs the module's commands in this process, as the shell would: <c>Run("Get-DepthVideo", "a.mkv", "|", "Invoke-StereoRender")</c>.</summary>
public static class PipelineRunner
{
    /// <summary>Runs one pipeline. Strings are words as typed (<c>-Name</c>, <c>|</c>); anything else is a value as it is.</summary>
    public static PipelineResult Run(params object?[] words) => Run(new PipelineOptions(), words);

    /// <inheritdoc cref="Run(object[])"/>
    public static PipelineResult Run(PipelineOptions options, params object?[] words)
    {
        var streams = new CollectedStreams(options.Answer);
        int exitCode = Run(options, streams, words);
        return streams.ToResult(exitCode);
    }

    /// <summary>Runs one pipeline whose streams go to <paramref name="host"/>; returns the exit code.</summary>
    internal static int Run(PipelineOptions options, IPipelineHost host, IReadOnlyList<object?> words)
    {
        var pipeline = new Pipeline(host, options.Directory);
        using var stop = options.Cancellation.Register(pipeline.Stop);
        try
        {
            pipeline.Run(CommandLineParser.Parse(words, CommandTable.With(options.Commands), options.Directory), options.Input);
        }
        catch (RuntimeException e) when (e is ParameterBindingException or CommandNotFoundException)
        {
            host.Error(e.ErrorRecord);
            return 2;
        }
        return pipeline.IsStopping ? 130 : pipeline.HadErrors ? 1 : 0;
    }
}
