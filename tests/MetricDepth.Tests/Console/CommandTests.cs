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
    public void OfManyFilesEachMessageSaysWhichItIsAbout()
    {
        File.Copy(_folder["color.mp4"], _folder["other.mp4"]);
        File.WriteAllText(_folder["text.mp4"], "text");
        var errors = Run("Get-ChildItem *.mp4 | ConvertTo-MetricDepth -MaxFrames 1 -HorizontalFov 60").Errors.Select(e => e.ToString()).ToArray();
        Assert.Equal(3, errors.Length);
        Assert.StartsWith("color.mp4: Depth from motion needs several frames", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("other.mp4: Depth from motion needs several frames", errors[1], StringComparison.Ordinal);
        Assert.Equal(2, errors[2].Split("text.mp4").Length); // what names its file is left as it is
        var warnings = Run("Get-ChildItem *r.mp4 | Measure-FieldOfView").Warnings;
        Assert.Equal(["color.mp4: The clip", "other.mp4: The clip"], warnings.Select(w => w[..19]));
    }

    [Theory]
    [InlineData("-ConvergenceDistance Auto", null)]
    [InlineData("-ConvergenceDistance 2.5", 2.5)]
    [InlineData("-ConvergenceDistance 2", 2.0)]
    public void TheScreenIsAtADistanceOrChosenForEachFrame(string argument, double? metres)
    {
        var made = (StereoVideo)Run("Import-DepthVideo sensor.mkv -ColorPath color.mp4 -HorizontalFov 60 | Invoke-StereoRender " + argument).Output.Single()!;
        Assert.Equal(metres, made.ConvergenceDistance!.Metres);
        Assert.True(made.MaxDisparityPercent > made.MinDisparityPercent);
        var wrong = Run("Invoke-StereoRender sensor.mkv_depth.mkv -ConvergenceDistance near");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("Give metres, such as 2.5, or Auto", Assert.Single(wrong.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheDepthOfTheStereoPictureIsADepthVideo()
    {
        Run("Import-DepthVideo sensor.mkv -ColorPath color.mp4 -HorizontalFov 60");
        var made = (StereoVideo)Run("Invoke-StereoRender sensor.mkv_depth.mkv -Layout LeftEye -DepthOutput").Output.Single()!;
        var depth = (DepthVideo)Run("Get-DepthVideo " + Path.GetFileName(made.DepthOutputPath)).Output.Single()!;
        Assert.Equal((made.Path, 60.0), (depth.ColorPath, Math.Round(depth.HorizontalFov!.Value, 6)));
        Assert.Equal("DestinationExists,MetricDepth.PowerShell.Commands.InvokeStereoRenderCommand",
            Run("Invoke-StereoRender sensor.mkv_depth.mkv -DestinationPath " + Path.GetFileName(made.Path)).Errors.Single().FullyQualifiedErrorId);
    }

    [Fact]
    public void LayoutsCodecsAndLensesComeFromTheCommandLine()
    {
        Run("Import-DepthVideo sensor.mkv -ColorPath color.mp4 -HorizontalFov 60");
        var touchly = (StereoVideo)Run("Invoke-StereoRender sensor.mkv_depth.mkv -Layout Touchly1 -TouchlyMaxDepth 3 -TouchlyMinDepth 1 -MaxFrames 1").Output.Single()!;
        Assert.Equal(_folder["sensor.mkv_depth.mkv_Touchly1.mkv"], touchly.Path);
        // the sensor's first column is at 1.3 m: 255 − rint(0.3 · 255 / 2)
        Assert.Equal(217u, Rendering.RawVideo.Read(touchly.Path)[0][64 * 48] & 255);
        var sphere = (StereoVideo)Run("Invoke-StereoRender sensor.mkv_depth.mkv -Layout Vr180 -EyeSize 96 -Compressed -Crf 30 -MaxFrames 1 -DestinationPath vr.mp4").Output.Single()!;
        Assert.Equal(("192x96", "h264"), (sphere.Size, sphere.Codec));
        File.WriteAllText(_folder["fov.json"], "[60, 61]");
        var short_ = Run("Invoke-StereoRender sensor.mkv_depth.mkv -FieldOfViewPath fov.json");
        Assert.StartsWith("FieldOfViewListTooShort,", Assert.Single(short_.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Single(Run("Invoke-StereoRender sensor.mkv_depth.mkv -FieldOfViewPath fov.json -MaxFrames 2").Output);
        foreach (var (line, id) in ((string, string)[])[("-Compressed -Codec Hevc", "CodecContradiction"), ("-HardwareEncoder", "CodecIsLossless"), ("-Crf 20", "CodecIsLossless"),
            ("-Layout Vr180 -ConvergenceDistance 2", "ConvergenceDistanceUnused")])
            Assert.StartsWith(id + ",", Assert.Single(Run($"Invoke-StereoRender sensor.mkv_depth.mkv -Force {line}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
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
