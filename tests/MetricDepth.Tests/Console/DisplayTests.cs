using System.Management.Automation;
using System.Xml.Linq;
using MetricDepth.CommandLine;
using MetricDepth.CommandLine.Display;
using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>What a person sees: tables, lists, help, completion.</summary>
public sealed class DisplayTests
{
    private static readonly DepthVideo Clip = new()
    { Path = "/films/a_rather_long_name_of_a_clip.mp4_depth.mkv", Width = 1920, Height = 1080, FrameRate = new Rational(30000, 1001), FrameCount = 300, MaxDepth = 20, HorizontalFov = 62.7 };

    [Fact]
    public void RowsStandUnderTheModulesOwnHeaders()
    {
        string[] lines = Table(null, Clip, Clip with { Width = 640, Height = 480 });
        Assert.Equal(4, lines.Length);
        Assert.Equal(lines[0].IndexOf("Name", StringComparison.Ordinal), lines[2].IndexOf(Clip.Name, StringComparison.Ordinal));
        Assert.Contains(" 1920x1080  29.97    300 ", " " + lines[2], StringComparison.Ordinal);
        Assert.Contains("62.7", lines[2], StringComparison.Ordinal);
        Assert.Contains("  640x480 ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void ANarrowTerminalCutsOnlyTheLastColumn()
    {
        string[] lines = Table(100, Clip);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 100));
        Assert.EndsWith("…", lines[2], StringComparison.Ordinal);
        Assert.Contains("1920x1080  29.97    300", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void ANewTypeGetsItsOwnHeader()
    {
        string[] lines = Table(null, Clip, new FileInfo("/etc/passwd"), "plain text", Clip);
        Assert.Equal(2, lines.Count(l => l.Contains("Max (m)", StringComparison.Ordinal)));
        Assert.Contains("plain text", lines);
        Assert.Contains(lines, l => l.EndsWith("passwd", StringComparison.Ordinal));
    }

    [Fact]
    public void FormatListAndJsonShowEverything()
    {
        var options = new PipelineOptions { Input = [Clip] };
        string list = (string)PipelineRunner.Run(options, "Format-List", "Max*,HorizontalFov").Output.Single()!;
        Assert.Equal(["MaxDepth      : 20", "HorizontalFov : 62.7"], list.TrimEnd().Split(Environment.NewLine));
        string json = (string)PipelineRunner.Run(options, "ConvertTo-Json").Output.Single()!;
        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal("30000/1001", parsed.RootElement.GetProperty("FrameRate").GetString());
        Assert.Equal("Metric", parsed.RootElement.GetProperty("Scale").GetString());
        Assert.Equal(62.7, parsed.RootElement.GetProperty("HorizontalFov").GetDouble());
    }

    [Fact]
    public void EveryCmdletOfTheModuleHasASynopsisAndExamples()
    {
        var help = ModuleFiles.Load("en-US/MetricDepth.PowerShell.dll-Help.xml");
        Assert.SkipWhen(help is null, "the module's help is not beside this build");
        var pages = new HelpPages(CommandTable.Default, help);
        foreach (var command in CommandTable.Default.All.Where(c => c.ImplementingType.Namespace == "MetricDepth.PowerShell.Commands"))
        {
            string page = pages.Page(command, examplesOnly: true);
            Assert.Contains("SYNOPSIS" + Environment.NewLine + "    ", page, StringComparison.Ordinal);
            Assert.Contains("EXAMPLES" + Environment.NewLine + "    ", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void HelpComesFromTheMamlFile()
    {
        var pages = new HelpPages(Sample.Table, XDocument.Parse("""
            <helpItems xmlns="http://msh" xmlns:command="c" xmlns:maml="m" xmlns:dev="d"><command:command>
              <command:details><command:name>Show-Sample</command:name><maml:description><maml:para>Shows it.</maml:para></maml:description></command:details>
              <maml:description><maml:para>At length.</maml:para></maml:description>
              <command:parameters><command:parameter><maml:name>Layout</maml:name><maml:description><maml:para>Where the eyes lie.</maml:para></maml:description></command:parameter></command:parameters>
              <command:examples><command:example><maml:title>One</maml:title><dev:code>Show-Sample a</dev:code><dev:remarks><maml:para>Shows a.</maml:para></dev:remarks></command:example></command:examples>
            </command:command></helpItems>
            """), width: 400);
        string page = pages.Page(Sample.Table.Get("Show-Sample"), examplesOnly: false);
        foreach (string part in new[] { "Shows it.", "At length.", "Where the eyes lie.", "Show-Sample a", "Shows a.", "One of SideBySide, HalfSideBySide, TopBottom, HalfTopBottom." })
            Assert.Contains(part, page, StringComparison.Ordinal);
        // as Get-Command -Syntax has it
        Assert.Contains("    Show-Sample [-Path] <string[]> [[-MaxDepth] <double>] [-HorizontalFov <double>] [-Layout <SampleLayout>] [-Position <double[]>] [-Model <string>] [-DestinationPath <string>] [-Name <string>] [-MaxFrames <int>] [-RemoveEdges] [-Force] [-WhatIf] [-Confirm] [<CommonParameters>]", page, StringComparison.Ordinal);
        Assert.Contains("Show-Sample  ", pages.List(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metricdepth Show-Sa", "Show-Sample")]
    [InlineData("metricdepth New-SampleClip a '|' Show-", "Show-Sample")]
    [InlineData("metricdepth Show-Sample a -Max", "-MaxDepth -MaxFrames")]
    [InlineData("metricdepth Show-Sample a -MaxDepth 3 -Max", "-MaxFrames")]
    [InlineData("metricdepth Show-Sample a -Layout ", "SideBySide HalfSideBySide TopBottom HalfTopBottom")]
    [InlineData("metricdepth Show-Sample a -Lay half", "HalfSideBySide HalfTopBottom")]
    [InlineData("metricdepth Show-Sample a -Model ", "Motion Neural")]
    [InlineData("metricdepth ConvertTo-MetricDepth -HorizontalFov 6", "63")]
    [InlineData("metricdepth Show-Sample -Force ", "")]
    [InlineData("metricdepth Show-Sample b", "")]
    public void TabOffersWhatFits(string line, string offered) =>
        Assert.Equal(offered, string.Join(' ', Completer.Complete(line, Sample.Table)));

    private static string[] Table(int? width, params object[] values)
    {
        var text = new StringWriter();
        var table = new TableWriter(text, FormatViews.Default, width);
        foreach (object value in values) table.Write(value);
        return text.ToString().TrimEnd().Split(Environment.NewLine);
    }
}
