using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Import-DepthVideo as people use it, through the stand-in.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Exr", "d.mkv_exr")]
    [InlineData("Npy", "d.mkv.npy")]
    [InlineData("Npz", "d.mkv.npz")]
    [InlineData("Png16", "d.mkv_png")]
    [InlineData("Gray16", "d.mkv_grey_depth.mkv")]
    [InlineData("Gray8", "d.mkv_grey_depth.mkv")]
    public void What_is_exported_is_imported_by_the_pipeline(string format, string name)
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 16, 12, 3, (x, y, f) => x == 0 ? 0 : 1 + 0.1 * x + f);
        var back = Assert.IsType<DepthVideo>(Assert.Single(Run($"Export-DepthVideo -Format {format} | Import-DepthVideo", depth).Output));
        Assert.Equal((_folder[name + "_depth.mkv"], 3L), (back.Path, back.FrameCount!.Value));
        // a whole step of the coarsest, 8 bits to 20 m
        Assert.InRange(RawDepth(back)[2][5 + 16], 3.5 - 0.08, 3.5 + 0.08);
    }

    [Fact]
    public void Parameters_mean_what_they_say()
    {
        File.Copy(DepthFile.Path("stored.npz"), _folder["a.npz"]);
        var video = Assert.IsType<DepthVideo>(Assert.Single(Run("Import-DepthVideo a.npz -ArrayName depths -DepthUnit 0.5 -MaxDepth 8 -FrameRate 12.5 -MaxFrames 2 -HorizontalFov 50").Output));
        Assert.Equal((2L, 12.5, 8.0, 50.0), (video.FrameCount!.Value, video.FramesPerSecond, video.MaxDepth, video.HorizontalFov!.Value));
        Assert.InRange(RawDepth(video)[1][4], (DepthFile.ArrayDepth(4, 0, 1) / 2) - DepthCodec.Step(8), DepthFile.ArrayDepth(4, 0, 1) / 2);
        AssertFails("Import-DepthVideo a.npz -ArrayName nothing -Force", "DepthArrayNotFound");
        AssertFails("Import-DepthVideo a.npz", "DestinationExists");
        Assert.Empty(Run("Import-DepthVideo a.npz -DestinationPath b.mkv -WhatIf").Output);
        Assert.False(File.Exists(_folder["b.mkv"]));
    }

    [Fact]
    public void One_bad_file_does_not_stop_the_others()
    {
        File.Copy(DepthFile.Path("depths.npz"), _folder["1.npz"]);
        File.WriteAllBytes(_folder["2.npz"], File.ReadAllBytes(DepthFile.Path("depths.npz"))[..100]);
        File.Copy(DepthFile.Path("float16.npy"), _folder["3.npy"]);
        File.Copy(DepthFile.Path("zip-half.exr"), _folder["4.exr"]);
        File.Copy(DepthFile.Path("piz-float.exr"), _folder["5.exr"]);
        var result = Run("Import-DepthVideo 1.npz,2.npz,3.npy,4.exr,5.exr");
        Assert.Equal(3, result.Output.Count);
        Assert.Equal(["NpyMalformed", "ExrUnsupported"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(["1.npz_depth.mkv", "3.npy_depth.mkv", "4.exr_depth.mkv"],
            Directory.GetFiles(_folder.Path, "*_depth*").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    private static List<float[]> RawDepth(DepthVideo video)
    {
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var frames = new List<float[]>();
        for (var frame = new MetricDepth.Imaging.Plane<float>(video.Width, video.Height); reader.Read(frame); frame = new(video.Width, video.Height)) frames.Add(frame.Data);
        return frames;
    }

    private void AssertFails(string line, string errorId)
    {
        var result = Run(line);
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
