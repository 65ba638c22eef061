using System.Management.Automation;
using MetricDepth.CommandLine;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Runs lines of the sample cmdlets.</summary>
internal static class Sample
{
    public static PipelineOptions Options { get; } = new() { Commands = typeof(Sample).Assembly };

    public static CommandTable Table { get; } = CommandTable.With(typeof(Sample).Assembly);

    public static PipelineResult Run(string line) => PipelineRunner.Run(Options, [.. line.Split(' ')]);

    public static PipelineResult Pipe(string line, params object?[] input) =>
        PipelineRunner.Run(Options with { Input = input }, [.. line.Split(' ')]);

    /// <summary>The error's own id, without the command's class.</summary>
    public static string ErrorId(ErrorRecord error) => error.FullyQualifiedErrorId.Split(',')[0];
}
