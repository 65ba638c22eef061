using System.Globalization;
using System.Management.Automation;
using MetricDepth.CommandLine;

namespace MetricDepth.Tests.CommandLine;

/// <summary>What lands in which parameter. Every expectation was taken from PowerShell 7.6 with the same cmdlets (see SampleCommands.cs).</summary>
public sealed class BinderTests
{
    private const string Cast = "CannotConvertArgumentNoMessage", Invalid = "ParameterArgumentValidationError";

    [Theory]
    [InlineData("Show-Sample a", "Path:a max=20")]
    [InlineData("Show-Sample a,b 30", "Path:a+b max=30")]
    [InlineData("Show-Sample a, b 30", "Path:a+b max=30")]
    [InlineData("show-SAMPLE -maxdepth 30 a", "Path:a max=30")]
    [InlineData("shsa a", "Path:a max=20")]
    [InlineData("Show-Sample -Path:a -MaxDepth:3", "Path:a max=3")]
    [InlineData("Show-Sample -Path: a", "Path:a max=20")]
    [InlineData("Show-Sample -- -Force", "Path:-Force max=20")]
    [InlineData("Show-Sample -LiteralPath b", "LiteralPath:b max=20")]
    [InlineData("Show-Sample -FullName b", "LiteralPath:b max=20")]
    [InlineData("Show-Sample -Full b", "LiteralPath:b max=20")]
    [InlineData("Show-Sample -XFov 60 a", "fov=60")]
    [InlineData("Show-Sample a -D x", "bound=DestinationPath,Path")]
    [InlineData("Show-Sample a -Lay top", "layout=TopBottom")]
    [InlineData("Show-Sample a -Layout HalfS", "layout=HalfSideBySide")]
    [InlineData("Show-Sample a -Layout 2", "layout=TopBottom")]
    [InlineData("Show-Sample a 1kb -MaxDepth 16", null, "PositionalParameterNotFound")]
    [InlineData("Show-Sample a 0x10", "max=16")]
    [InlineData("Show-Sample a 2e1", "max=20")]
    [InlineData("Show-Sample a -HorizontalFov -5.5", "fov=-5.5")]
    [InlineData("Show-Sample a -HorizontalFov -1kb", "fov=-1024")]
    [InlineData("Show-Sample a -HorizontalFov 5d", "fov=5")]
    [InlineData("Show-Sample a -MaxFrames 2.5", "frames=2 ")]
    [InlineData("Show-Sample a -MaxFrames 3.5", "frames=4")]
    [InlineData("Show-Sample a -MaxFrames 1e2", "frames=100")]
    [InlineData("Show-Sample a -MaxFrames 1.5kb", "frames=1536")]
    [InlineData("Show-Sample a -MaxFrames 5.0l", "frames=5")]
    [InlineData("Show-Sample a -MaxFrames $null", "frames= ")]
    [InlineData("Show-Sample a -Position 1,2.5,-3", "at=1;2.5;-3")]
    [InlineData("Show-Sample a -Model motion", "model=motion")]
    [InlineData("Show-Sample a -Name ABC", "bound=Name,Path")]
    [InlineData("Show-Sample a -Force:$false -RemoveEdges", "edges=True force=False bound=Force,Path,RemoveEdges")]
    [InlineData("Show-Sample a -Force:1", "force=True")]
    [InlineData("Set-SampleChoice -First a", "One")]
    [InlineData("Set-SampleChoice -Second a", "Two")]
    [InlineData("Measure-SampleNumber 3 -Flag 1", "3")]
    [InlineData("Measure-SampleNumber 3 -Flag:$true", "3")]
    [InlineData("Show-Sample", null, "MissingMandatoryParameter")]
    [InlineData("Show-Sample -HorizontalFov 3", null, "MissingMandatoryParameter")]
    [InlineData("Set-SampleChoice -Extra b", null, "MissingMandatoryParameter")]
    [InlineData("Show-Sample -Max 30 a", null, "AmbiguousParameter")]
    [InlineData("Show-Sample a -M 3", null, "AmbiguousParameter")]
    [InlineData("Show-Sample -P a", null, "AmbiguousParameter")]
    [InlineData("Show-Sample a -Nope 1", null, "NamedParameterNotFound")]
    [InlineData("Show-Sample a -MaxDepth", null, "MissingArgument")]
    [InlineData("Show-Sample a -MaxDepth -Force", null, "MissingArgument")]
    [InlineData("Show-Sample a -MaxDepth 1 -MaxDepth 2", null, "ParameterAlreadyBound")]
    [InlineData("Show-Sample a 3 4", null, "PositionalParameterNotFound")]
    [InlineData("New-SampleClip a -Name b", null, "PositionalParameterNotFound")]
    [InlineData("Show-Sample a -LiteralPath b", null, Cast)]
    [InlineData("Set-SampleChoice", null, "AmbiguousParameterSet")]
    [InlineData("Set-SampleChoice -Fine b", null, "AmbiguousParameterSet")]
    [InlineData("Set-SampleChoice -First a -Second b", null, "AmbiguousParameterSet")]
    [InlineData("Set-SampleChoice -First a -Extra b", null, "AmbiguousParameterSet")]
    [InlineData("Show-Sample a -Layout Half", null, Cast)]
    [InlineData("Show-Sample a -Layout 9", null, Cast)]
    [InlineData("Show-Sample a -Layout 1.0", null, Cast)]
    [InlineData("Show-Sample a x", null, Cast)]
    [InlineData("Show-Sample a -MaxFrames 99999999999", null, Cast)]
    [InlineData("Show-Sample a -Position 1,x,3", null, Cast)]
    [InlineData("Show-Sample a -ErrorAction Nope", null, Cast)]
    [InlineData("Show-Sample a -MaxDepth 1,5", null, "CannotConvertArgument")]
    [InlineData("Show-Sample a -Force:x", null, "CannotConvertArgument")]
    [InlineData("Show-Sample a -MaxDepth -1", null, Invalid)]
    [InlineData("Show-Sample a -MaxDepth 5000", null, Invalid)]
    [InlineData("Show-Sample a -MaxDepth NaN", null, Invalid)]
    [InlineData("Show-Sample a -MaxDepth $null", null, Invalid)]
    [InlineData("Show-Sample a -Position 1,2", null, Invalid)]
    [InlineData("Show-Sample a -Model mot", null, Invalid)]
    [InlineData("Show-Sample a -Name a1", null, Invalid)]
    [InlineData("Show-Sample $null", null, Invalid + "NullNotAllowed")]
    [InlineData("Show-Sample a,", null, Invalid + "EmptyStringNotAllowed")]
    [InlineData("Nope-Sample a", null, "CommandNotFoundException")]
    public void WordsBindAsInPowerShell(string line, string? shows, string? errorId = null)
    {
        var result = Sample.Run(line);
        if (shows is not null)
        {
            Assert.Empty(result.Errors);
            Assert.Contains(shows, Assert.Single(result.Output) + " ", StringComparison.Ordinal);
            Assert.Equal(0, result.ExitCode);
        }
        else
        {
            Assert.Equal(errorId, Sample.ErrorId(Assert.Single(result.Errors)));
            Assert.Empty(result.Output);
            Assert.Equal(2, result.ExitCode);
        }
    }

    [Theory]
    [InlineData("Show-Sample", "Cannot process command because of one or more missing mandatory parameters: Path.")]
    [InlineData("Show-Sample a -Nope 1", "A parameter cannot be found that matches parameter name 'Nope'.")]
    [InlineData("Show-Sample a -M 3", "Parameter cannot be processed because the parameter name 'M' is ambiguous. Possible matches include: -MaxDepth -Model -MaxFrames.")]
    [InlineData("Show-Sample a -MaxDepth", "Missing an argument for parameter 'MaxDepth'. Specify a parameter of type 'System.Double' and try again.")]
    [InlineData("Show-Sample a -MaxDepth -1", "Cannot validate argument on parameter 'MaxDepth'. The -1 argument is less than the minimum allowed range of 0.5. Supply an argument that is greater than or equal to 0.5 and then try the command again.")]
    [InlineData("Show-Sample a -MaxDepth x", "Cannot bind parameter 'MaxDepth'. Cannot convert value \"x\" to type \"System.Double\". Error: \"The input string 'x' was not in a correct format.\"")]
    [InlineData("Show-Sample a -Model mot", "Cannot validate argument on parameter 'Model'. The argument \"mot\" does not belong to the set \"Motion,Neural\" specified by the ValidateSet attribute. Supply an argument that is in the set and then try the command again.")]
    [InlineData("Show-Sample a -Position 1,2", "Cannot validate argument on parameter 'Position'. The parameter requires exactly 3 value(s) - 2 value(s) were provided.")]
    [InlineData("Show-Sample a -Layout Half", "Cannot bind parameter 'Layout'. Cannot convert value \"Half\" to type \"MetricDepth.Tests.CommandLine.SampleLayout\". Error: \"The identifier name Half cannot be processed because it is either too similar or identical to the following enumerator names: HalfSideBySide, HalfTopBottom. Use a more specific identifier name.\"")]
    [InlineData("Show-Sample a 3 4", "A positional parameter cannot be found that accepts argument '4'.")]
    public void UsageErrorsReadAsInPowerShell(string line, string message) =>
        Assert.Equal(message, Assert.Single(Sample.Run(line).Errors).ToString());

    [Fact]
    public void EmptyTextIsNoPath() =>
        Assert.Equal("ParameterArgumentValidationErrorEmptyStringNotAllowed", Sample.ErrorId(Assert.Single(PipelineRunner.Run(Sample.Options, "Show-Sample", "").Errors)));

    [Fact]
    public void EmptyTextIsZeroWhereANumberIsWanted() =>
        Assert.Contains("fov=0", (string)PipelineRunner.Run(Sample.Options, "Show-Sample", "a", "-HorizontalFov", "").Output.Single()!, StringComparison.Ordinal);

    [Fact]
    public void ACommaCultureChangesNoNumber()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Contains("max=2.5 ", (string)Sample.Run("Show-Sample a 2.5").Output.Single()!, StringComparison.Ordinal);
            Assert.Contains("minimum allowed range of 0.5.", Sample.Run("Show-Sample a 0.25").Errors.Single().ToString(), StringComparison.Ordinal);
            Assert.Contains("Path:2.5 ", (string)PipelineRunner.Run(Sample.Options, "Show-Sample", 2.5).Output.Single()!, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void AFileWithACommaInItsNameIsOneFile()
    {
        string folder = Directory.CreateTempSubdirectory("console").FullName;
        string file = Path.Combine(folder, "a,b.mp4");
        File.WriteAllText(file, "");
        Assert.Contains("LiteralPath:" + file + " ", (string)PipelineRunner.Run(Sample.Options, "Show-Sample", "-LiteralPath", file).Output.Single()!, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void ValuesFromCodeBindByTheirType()
    {
        var clip = new SampleClip("c.mp4", 60, null);
        Assert.Contains("Clip:c.mp4 max=20 fov=61.5", (string)PipelineRunner.Run(Sample.Options, "Show-Sample", "-Clip", clip, "-HorizontalFov", 61.5).Output.Single()!, StringComparison.Ordinal);
        Assert.Equal("CannotConvertArgument", Sample.ErrorId(PipelineRunner.Run(Sample.Options, "Show-Sample", "a", "-DestinationPath", new[] { "a", "b" }).Errors.Single()));
    }
}
