using System.Management.Automation;
using MetricDepth.CommandLine;

namespace MetricDepth.Tests.CommandLine;

/// <summary>What goes down the pipeline, and what an error, a question or Ctrl+C does to it. Taken from PowerShell 7.6.</summary>
public sealed class PipelineTests
{
    private const string NotBound = "InputObjectNotBound";

    public static TheoryData<object?, string, string> PipedObjects => new()
    {
        { "a", "Show-Sample", "Path:a max=20" },
        { 1, "Show-Sample", "Path:1 max=20" },
        { new[] { "a", "b" }, "Show-Sample", "Path:a+b" },
        { new SampleClip("c", 60, null), "Show-Sample", "Clip:c max=20 fov=60 layout=SideBySide at= model= frames= edges=False force=False bound=Clip,HorizontalFov" },
        { new SampleClip("c", 60, null), "Show-Sample -HorizontalFov 12", "Clip:c max=20 fov=12" },
        { Made(("Path", "q"), ("HorizontalFov", "77")), "Show-Sample", "Path:q max=20 fov=77" },
        { Made(("FullName", "q"), ("XFov", 77)), "Show-Sample", "LiteralPath:q max=20 fov=77" },
        { Made(("FullName", "q"), ("XFov", 77.0)), "Show-Sample", "Path:@{FullName=q; XFov=77} max=20 fov=77" },
        { Made(("FullName", "q"), ("MaxDepth", 7)), "Show-Sample -MaxDepth 30", "LiteralPath:q max=30" },
        { Made(("Path", "q"), ("HorizontalFov", "x")), "Show-Sample", "Path:q max=20 fov= " },
        { Made(("HorizontalFov", 3.0)), "Show-Sample -LiteralPath x", "LiteralPath:x max=20 fov=3" },
        { new FileInfo("/etc/passwd"), "Show-Sample", "LiteralPath:" + new FileInfo("/etc/passwd").FullName },
        { 5.5, "Measure-SampleNumber", "6" },
        { "6", "Measure-SampleNumber", "6" },
    };

    [Theory, MemberData(nameof(PipedObjects), DisableDiscoveryEnumeration = true)]
    public void AnObjectBindsAsInPowerShell(object? piped, string line, string shows)
    {
        var result = Sample.Pipe(line, piped);
        Assert.Empty(result.Errors);
        Assert.Contains(shows, result.Output.Single() + " ", StringComparison.Ordinal);
    }

    public static TheoryData<object?, string, string> RefusedObjects => new()
    {
        { "a", "Show-Sample -LiteralPath b", NotBound },
        { "x", "Measure-SampleNumber", NotBound },
        { "5", "Measure-SampleNumber 4", NotBound },
        { DateTime.UnixEpoch, "Measure-SampleNumber", NotBound },
        { null, "Show-Sample", "ParameterArgumentValidationErrorNullNotAllowed" },
        { "", "Show-Sample", "ParameterArgumentValidationErrorEmptyStringNotAllowed" },
        { Made(("Path", ""), ("HorizontalFov", "3")), "Show-Sample", "ParameterArgumentValidationErrorEmptyStringNotAllowed" },
    };

    [Theory, MemberData(nameof(RefusedObjects), DisableDiscoveryEnumeration = true)]
    public void AnObjectThatFitsNowhereIsAnErrorAndTheNextGoesOn(object? piped, string line, string errorId)
    {
        var result = Sample.Pipe(line, piped, piped);
        Assert.Equal([errorId, errorId], result.Errors.Select(Sample.ErrorId));
        Assert.Empty(result.Output);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void EachObjectGoesDownBeforeTheNextIsMade()
    {
        var result = Sample.Run("New-SampleClip a b -Verbose | Show-Sample -Verbose");
        Assert.Equal(["begin", "making a", "Performing the operation \"Show\" on target \"Clip:a\".", "making b", "Performing the operation \"Show\" on target \"Clip:b\".", "end"], result.Verbose);
        Assert.Equal(["shown Clip:a", "shown Clip:b"], result.Warnings);
        Assert.Equal(2, result.Output.Count);
    }

    [Fact]
    public void ValuesOfOneObjectDoNotStayForTheNext()
    {
        var result = Sample.Pipe("Show-Sample", new SampleClip("c", 60, null), "a");
        Assert.Contains("Path:a max=20 fov= ", (string)result.Output[1]!, StringComparison.Ordinal);
        Assert.EndsWith("bound=Path", (string)result.Output[1]!, StringComparison.Ordinal);
    }

    [Fact]
    public void ABadObjectDoesNotEndTheBatch()
    {
        var result = Sample.Pipe("Show-Sample", "bad", "a");
        var error = Assert.Single(result.Errors);
        Assert.Equal("SampleIsBad,MetricDepth.Tests.CommandLine.ShowSampleCommand", error.FullyQualifiedErrorId);
        Assert.Equal("InvalidData: (Path:bad:String) [Show-Sample], InvalidDataException", error.CategoryInfo.ToString());
        Assert.StartsWith("Path:a ", (string)result.Output.Single()!, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("Show-Sample -ErrorAction Stop", 1, 0, 1)]
    [InlineData("Show-Sample -ea SilentlyContinue", 0, 1, 1)]
    [InlineData("Show-Sample -ea Ignore", 0, 1, 0)]
    public void ErrorActionDecidesWhatAnErrorDoes(string line, int errors, int outputs, int exitCode)
    {
        var result = Sample.Pipe(line, "bad", "a");
        Assert.Equal((errors, outputs, exitCode), (result.Errors.Count, result.Output.Count, result.ExitCode));
    }

    [Theory]
    [InlineData("fatal", "SampleIsFatal", "Show-Sample")]
    [InlineData("fatal", "SampleIsFatal", "Show-Sample -ErrorAction SilentlyContinue")]
    [InlineData("crash", "System.InvalidOperationException", "Show-Sample")]
    public void ATerminatingErrorEndsThePipeline(string what, string errorId, string line)
    {
        var result = Sample.Pipe(line + " -Verbose", what, "a");
        Assert.Equal(errorId, Sample.ErrorId(result.Errors.Single()));
        Assert.Empty(result.Output);
        Assert.DoesNotContain("end", result.Verbose);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void ADownstreamFailureStopsTheCommandsBeforeIt()
    {
        var result = Sample.Run("New-SampleClip a fatal c -Verbose | Show-Sample");
        Assert.Equal(["making a", "making fatal"], result.Verbose);
        Assert.Single(result.Errors);
    }

    [Fact]
    public void WarningsObeyTheirSwitch()
    {
        Assert.Empty(Sample.Run("Show-Sample a -wa SilentlyContinue").Warnings);
        Assert.Equal("ActionPreferenceStop", Sample.ErrorId(Sample.Pipe("Show-Sample -WarningAction Stop", "a", "b").Errors.Single()));
    }

    [Fact]
    public void WhatIfTellsAndDoesNothing()
    {
        var result = Sample.Run("Show-Sample a -WhatIf");
        Assert.Equal(["What if: Performing the operation \"Show\" on target \"Path:a\"."], result.Information);
        Assert.Empty(result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void ConfirmAsksAndYesToAllAsksOnce()
    {
        int asked = 0;
        PipelineResult Ask(int answer) => PipelineRunner.Run(
            Sample.Options with { Input = ["a", "b"], Answer = _ => { asked++; return answer; } }, "Show-Sample", "-Confirm");
        Assert.Equal((2, 2), (Ask(0).Output.Count, asked));
        Assert.Equal((2, 3), (Ask(1).Output.Count, asked));
        Assert.Equal((0, 5), (Ask(2).Output.Count, asked));
        Assert.Equal((0, 6), (Ask(3).Output.Count, asked));
        Assert.Equal(2, Sample.Pipe("Show-Sample -Confirm:$false", "a", "b").Output.Count);
    }

    [Fact]
    public void AQuestionThatNobodyCanAnswerIsAnErrorNotAHang() =>
        Assert.Equal("InvalidOperation", Sample.ErrorId(Sample.Run("Show-Sample a -Confirm").Errors.Single()));

    [Fact]
    public void CancellationStopsTheRunningCommandWithinASecond()
    {
        using var stop = new CancellationTokenSource();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        stop.CancelAfter(200);
        var result = PipelineRunner.Run(Sample.Options with { Cancellation = stop.Token }, "Wait-Sample");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.1, 1.2);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal(["started"], result.Output);
        Assert.Empty(result.Errors);
        Assert.NotEmpty(result.Progress);
    }

    [Fact]
    public void FilesOpenAPipeline()
    {
        string folder = Directory.CreateTempSubdirectory("console").FullName;
        foreach (string name in new[] { "b.mp4", "a.mp4", "c.txt", "[x].mp4" }) File.WriteAllText(Path.Combine(folder, name), "");
        var options = Sample.Options with { Directory = folder };
        string[] Shown(params object?[] words) => [.. PipelineRunner.Run(options, [.. words, "|", "Show-Sample"]).Output.Select(o => Path.GetFileName(((string)o!).Split(' ')[0]))];
        Assert.Equal(["a.mp4", "b.mp4", "[x].mp4"], Shown("*.mp4"));
        Assert.Equal(["b.mp4", "c.txt"], Shown("b.mp4", "c.txt"));
        Assert.Equal(["a.mp4"], Shown("Get-ChildItem", "[a].mp4"));
        Assert.Equal(["[x].mp4"], Shown("gci", "-LiteralPath", "[x].mp4"));
        Assert.Equal(["c.txt"], Shown("ls", ".", "*.txt"));
        Assert.Equal("PathNotFound", Sample.ErrorId(PipelineRunner.Run(options, "gci", "nope.mp4").Errors.Single()));
        Directory.Delete(folder, true);
    }

    private static PSObject Made(params (string Name, object Value)[] properties)
    {
        var made = new PSObject();
        foreach (var (name, value) in properties) made.Properties.Add(new PSNoteProperty(name, value));
        return made;
    }
}
