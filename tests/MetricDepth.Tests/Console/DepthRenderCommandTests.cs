using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Rendering;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Invoke-DepthRender as people type it, through the stand-in.</summary>
public sealed class DepthRenderCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_of_the_shell_becomes_a_view()
    {
        MakeClip();
        var view = Assert.IsType<ViewVideo>(Assert.Single(Run(
            "Invoke-DepthRender c.mp4_depth.mkv -Position -0.1,0,0.5 -Target 0,0,2 -Width 32 -Supersampling 2 -BackgroundColor #102030 -HoleFill None -MaxFrames 3 -DepthOutput").Output));
        Assert.Equal(_folder["c.mp4_depth.mkv_render.mkv"], view.Path);
        Assert.Equal((32, 24, 3L), (view.Width, view.Height, view.FrameCount));
        Assert.Equal(60, view.HorizontalFov, 1e-6);
        Assert.Equal(_folder["c.mp4_depth.mkv_render.mkv_depth.mkv"], view.DepthOutputPath);
        // A view binds by the depth that it was made from, as a stereo video does.
        Assert.Contains("c.mp4_depth.mkv'", Assert.Single(Run("Export-DepthPointCloud -WhatIf", view).Information), StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_come_out_as_files_by_number()
    {
        MakeClip();
        var files = Run("Invoke-DepthRender c.mp4_depth.mkv -Motion sway -Amplitude 0.1 -Period 1 -Frame 4,1 -As Png -DestinationPath stills/").Output;
        Assert.Equal([_folder["stills/c.mp4_depth.mkv_render_0000001.png"], _folder["stills/c.mp4_depth.mkv_render_0000004.png"]],
            files.Select(f => Assert.IsType<FileInfo>(System.Management.Automation.PSObject.AsPSObject(f!).BaseObject).FullName));
        Assert.All(files, f => Assert.Single(RawVideo.Read(f!.ToString()!)));
        // A frame without a motion is a still image by itself, under the very name that it is given.
        Run("Invoke-DepthRender c.mp4_depth.mkv -Position 0.1,0,0 -Frame 2 -DestinationPath one.png");
        Assert.True(File.Exists(_folder["one.png"]));
        Run("Invoke-DepthRender c.mp4_depth.mkv -Position 0.1,0,0 -Frame 2,3 -DestinationPath two.png");
        Assert.Equal(["two_0000002.png", "two_0000003.png"], Directory.GetFiles(_folder.Path, "two*").Select(Path.GetFileName).Order());
        Assert.StartsWith("DestinationExists,", Assert.Single(Run("Invoke-DepthRender c.mp4_depth.mkv -Position 0.1,0,0 -Frame 3 -DestinationPath two_0000003.png").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        MakeClip();
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        foreach (string line in (string[])["-Motion Orbit -DepthOutput", "-Position 0.1,0,0 -Frame 0,1 -DestinationPath new/"])
        {
            var result = Run($"Invoke-DepthRender c.mp4_depth.mkv {line} -WhatIf");
            Assert.Contains("c.mp4_depth.mkv_render", Assert.Single(result.Information), StringComparison.Ordinal);
            Assert.Empty(result.Output);
            Assert.Empty(result.Errors);
        }
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Theory]
    [InlineData("-Position 0,0,1 -Target 0,0,1", "TargetIsPosition")]
    [InlineData("-Position 0,0", "ParameterArgumentValidationError")]
    [InlineData("-Position 0,0,0,0", "ParameterArgumentValidationError")]
    [InlineData("-Position a,b,c", "CannotConvertArgumentNoMessage")]
    [InlineData("-Motion Orbit -BackgroundColor Nowhere", "CannotConvertArgumentNoMessage")]
    [InlineData("-Motion Twirl", "CannotConvertArgumentNoMessage")]
    [InlineData("-Motion Orbit -Supersampling 5", "ParameterArgumentValidationError")]
    [InlineData("-Motion Orbit -Amplitude -1", "ParameterArgumentValidationError")]
    [InlineData("-Motion Orbit -Compressed -Codec Hevc", "CodecContradiction")]
    [InlineData("-Frame 1,99 -Position 0,0,0.1", "FrameBeyondEnd")]
    [InlineData("-ViewPath nowhere.json", "FileNotFound")]
    [InlineData("", "ViewpointMissing")]
    public void What_cannot_be_done_is_one_named_error_and_no_file(string line, string errorId)
    {
        MakeClip();
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        var result = Run($"Invoke-DepthRender c.mp4_depth.mkv {line}".TrimEnd());
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void The_toolboxs_view_is_reproduced_from_its_cameras_true_place()
    {
        // The script hands its camera's pose over as if it were the inverse, so its camera for (0.3, 0, -0.2) looking at (0, 0, 2) is
        // at -Rᵀ(x, y, -z), ahead of it the third row of R; R has the columns right, down and ahead of the look-at.
        string reference = DataFile.Require("reference/view.mkv");
        var result = Run($"Invoke-DepthRender {DataFile.Require("reference/depth.mkv")} -ColorPath {DataFile.Require("reference/color.mkv")} -HorizontalFov 63 "
            + "-Position -0.3242717,0,-0.1576321 -Target -0.1891585,0,0.8331981 -HoleFill Stretch -BackgroundColor White -MaxFrames 3 -DestinationPath view.mkv");
        var ours = RawVideo.Read(Assert.IsType<ViewVideo>(Assert.Single(result.Output)).Path);
        var theirs = RawVideo.Read(reference);
        Assert.Equal(theirs.Count, ours.Count);
        for (int frame = 0; frame < ours.Count; frame++)
        {
            double error = 0;
            for (int i = 0; i < ours[frame].Length; i++)
                for (int shift = 0; shift < 24; shift += 8)
                    error += Math.Pow((int)(ours[frame][i] >> shift & 255) - (int)(theirs[frame][i] >> shift & 255), 2);
            double psnr = 10 * Math.Log10(255 * 255.0 * 3 * ours[frame].Length / error);
            output.WriteLine($"frame {frame}: {psnr:F2} dB over the whole picture, background and all");
            // Their mesh is scaled by up to a pixel towards the lower right corner.
            Assert.True(psnr >= 33, $"frame {frame}: {psnr:F2} dB");
        }
    }

    private void MakeClip()
    {
        string color = TestClip.Make(_folder["c.mp4"], 64, 48, 0.24);
        DepthClip.Write(color + "_depth.mkv", 64, 48, 6, DepthClip.Room, color);
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
