#nullable disable
using System;
using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Threading;

// Small cmdlets whose answers show what was bound. They compile unchanged against the real System.Management.Automation:
// `Add-Type -Path SampleCommands.cs -PassThru | % Assembly | Import-Module` in PowerShell gives the truth that BinderTests hold.
namespace MetricDepth.Tests.CommandLine;

public enum SampleLayout { SideBySide, HalfSideBySide, TopBottom, HalfTopBottom }

public sealed record SampleClip(string Path, double? HorizontalFov, string ColorPath);

/// <summary>Path, LiteralPath and object sets, as every command of the module has them.</summary>
[Cmdlet(VerbsCommon.Show, "Sample", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[Alias("shsa")]
[OutputType(typeof(string))]
public sealed class ShowSampleCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    public string[] LiteralPath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Clip", ValueFromPipeline = true)]
    public SampleClip Clip { get; set; }

    [Parameter(Position = 1)]
    [ValidateRange(0.5, 1000.0)]
    public double MaxDepth { get; set; } = 20;

    [Parameter(ValueFromPipelineByPropertyName = true), Alias("XFov")]
    public double? HorizontalFov { get; set; }

    [Parameter]
    public SampleLayout Layout { get; set; }

    [Parameter, ValidateCount(3, 3)]
    public double[] Position { get; set; }

    [Parameter, ValidateSet("Motion", "Neural")]
    public string Model { get; set; }

    [Parameter, ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; }

    [Parameter, ValidatePattern("^[a-z]+$")]
    public string Name { get; set; }

    [Parameter]
    public int? MaxFrames { get; set; }

    [Parameter]
    public SwitchParameter RemoveEdges { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void BeginProcessing() => WriteVerbose("begin");

    protected override void ProcessRecord()
    {
        string what = ParameterSetName + ":" + string.Join("+", Path ?? LiteralPath ?? [Clip?.Path]);
        if (!ShouldProcess(what, "Show")) return;
        if (what.Contains("bad", StringComparison.Ordinal))
        {
            WriteError(new ErrorRecord(new InvalidDataException("It is bad."), "SampleIsBad", ErrorCategory.InvalidData, what));
            return;
        }
        if (what.Contains("fatal", StringComparison.Ordinal))
            ThrowTerminatingError(new ErrorRecord(new IOException("It is fatal."), "SampleIsFatal", ErrorCategory.WriteError, what));
        if (what.Contains("crash", StringComparison.Ordinal)) throw new InvalidOperationException("It crashed.");
        WriteWarning("shown " + what);
        WriteObject(FormattableString.Invariant(
            $"{what} max={MaxDepth} fov={HorizontalFov} layout={Layout} at={(Position is null ? "" : string.Join(';', Position))} model={Model} frames={MaxFrames} edges={RemoveEdges} force={Force} bound={string.Join(',', BoundNames())}"));
    }

    protected override void EndProcessing() => WriteVerbose("end");

    private List<string> BoundNames()
    {
        var names = new List<string>(MyInvocation.BoundParameters.Keys);
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}

/// <summary>Writes clips, one after another, and says when each was written.</summary>
[Cmdlet(VerbsCommon.New, "SampleClip")]
public sealed class NewSampleClipCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromRemainingArguments = true)]
    public string[] Name { get; set; }

    [Parameter]
    public double Fov { get; set; } = 60;

    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            WriteVerbose("making " + name);
            WriteObject(new SampleClip(name, Fov, null));
        }
    }
}

/// <summary>Sets with nothing to tell them apart but what is given; no default.</summary>
[Cmdlet(VerbsCommon.Set, "SampleChoice")]
public sealed class SetSampleChoiceCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ParameterSetName = "One")]
    public string First { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Two")]
    public string Second { get; set; }

    [Parameter(ParameterSetName = "Two")]
    public string Extra { get; set; }

    [Parameter]
    public string Fine { get; set; }

    protected override void EndProcessing() => WriteObject(ParameterSetName);
}

/// <summary>A number by value, with coercion.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "SampleNumber")]
public sealed class MeasureSampleNumberCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ValueFromPipeline = true, Position = 0)]
    public int Number { get; set; }

    [Parameter]
    public bool Flag { get; set; }

    protected override void ProcessRecord() => WriteObject(Number);
}

/// <summary>Works until it is stopped.</summary>
[Cmdlet(VerbsLifecycle.Wait, "Sample")]
public sealed class WaitSampleCommand : PSCmdlet
{
    private readonly CancellationTokenSource stop = new();

    protected override void ProcessRecord()
    {
        WriteObject("started");
        for (int i = 0; i < 100 && !stop.IsCancellationRequested; i++)
        {
            WriteProgress(new ProgressRecord(1, "Waiting", i + " of 100") { PercentComplete = i });
            stop.Token.WaitHandle.WaitOne(100);
        }
        WriteObject("finished");
    }

    protected override void StopProcessing() => stop.Cancel();
}
