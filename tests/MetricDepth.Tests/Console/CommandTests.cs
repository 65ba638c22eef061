using System.Globalization;
using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>The module's own cmdlets through the stand-in, on small clips.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public CommandTests()
    {
        TestClip.Make(_folder["color.mp4"], seconds: 0.2);
        // a slope from 1.3 m to 2.6 m, in millimetres
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=c=black:size=64x48:rate=25:duration=0.2", "-vf", "format=gray16le,geq=lum='1300+X*20'", "-c:v", "ffv1", _folder["sensor.mkv"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ObjectsOfOneCommandBindToTheNext()
    {
        var made = Assert.IsType<StereoVideo>(Assert.Single(Run("Import-DepthVideo sensor.mkv -ColorPath color.mp4 -HorizontalFov 60 -Force | Invoke-StereoRender -Layout TopB").Output));
        Assert.Equal((64, 96, StereoLayout.TopBottom), (made.Width, made.Height, made.Layout));
        Assert.Equal(60, made.DepthVideo.HorizontalFov);
        // a stereo video has a Path of its own; its DepthVideo is what counts
        var points = Run("Export-DepthPointCloud -WhatIf", made);
        Assert.Contains($"'{made.DepthVideo.Path}'", Assert.Single(points.Information), StringComparison.Ordinal);
        Assert.Empty(points.Errors);
    }

    [Fact]
    public void FilesFoundByWildcardBindByTheirPath()
    {
        Run("Import-DepthVideo sensor.mkv");
        var found = Run("sensor*_depth.mkv | Get-DepthVideo");
        Assert.Equal(_folder["sensor.mkv_depth.mkv"], Assert.IsType<DepthVideo>(Assert.Single(found.Output)).Path);
    }

    [Fact]
    public void WhatIfWritesNothing()
    {
        var before = Directory.GetFiles(_folder.Path);
        var result = Run("Import-DepthVideo sensor.mkv -WhatIf | Invoke-StereoRender -WhatIf");
        Assert.StartsWith("What if: ", Assert.Single(result.Information), StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(before, Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void OneBadFileDoesNotStopTheOthers()
    {
        Run("Import-DepthVideo sensor.mkv");
        File.WriteAllText(_folder["text.mkv"], "not a video");
        var result = Run("Get-DepthVideo sensor.mkv_depth.mkv,text.mkv,nowhere.mkv,sensor.mkv_depth.mkv");
        Assert.Equal(2, result.Output.Count);
        Assert.Equal(2, result.Errors.Count);
        Assert.Equal("FileNotFound,MetricDepth.PowerShell.Commands.GetDepthVideoCommand", result.Errors[1].FullyQualifiedErrorId);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(Run("Get-DepthVideo text.mkv sensor.mkv_depth.mkv -ErrorAction Stop").Output);
    }

    [Fact]
    public void ACommaCultureChangesNoAngle()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            var made = (DepthVideo)Run("Import-DepthVideo sensor.mkv -HorizontalFov 62.5 -MaxDepth 3.5").Output.Single()!;
            Assert.Equal((62.5, 3.5), (made.HorizontalFov, made.MaxDepth));
            Assert.Equal((62.5, 3.5), ((DepthVideo)Run("Get-DepthVideo sensor.mkv_depth.mkv").Output.Single()!) switch { var d => (d.HorizontalFov, d.MaxDepth) });
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ProgressComesOnThePipelinesThreadAndEnds()
    {
        var result = Run("Import-DepthVideo sensor.mkv");
        Assert.All(result.Progress, p => Assert.InRange(p.PercentComplete, -1, 100));
        if (result.Progress.Count > 0) Assert.Equal(System.Management.Automation.ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
