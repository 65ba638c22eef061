using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Depth.Import;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Export-DepthVideo as people type it, through the stand-in.</summary>
public sealed class DepthVideoExportCommandTests : IDisposable
{
    private static readonly Lazy<(byte[] Color, byte[] Depth)> Clip = new(() =>
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["c.mp4"], 64, 48, 0.24);
        return (File.ReadAllBytes(color), File.ReadAllBytes(DepthClip.Write(color + "_depth.mkv", 64, 48, 6, DepthClip.Room, color).Path));
    });

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Gray8", "c.mp4_depth.mkv_grey_depth.mkv")]
    [InlineData("gray16", "c.mp4_depth.mkv_grey_depth.mkv")]
    [InlineData("Preview", "c.mp4_depth.mkv_preview.mp4")]
    [InlineData("Preview -DestinationPath it's100%.mp4", "it's100%.mp4")]
    [InlineData("Gray16 -DestinationPath -odd:name.mkv", "-odd:name.mkv")]
    public void A_video_comes_out_as_its_file(string format, string name)
    {
        MakeClip();
        var file = Files(Run($"Export-DepthVideo c.mp4_depth.mkv -Format {format}")).Single();
        Assert.Equal(_folder[name], file.FullName);
        Assert.Equal(6, VideoProbe.Probe(file.FullName, TestContext.Current.CancellationToken).FrameCount);
        Assert.Equal(["c.mp4", "c.mp4_depth.mkv", name], Names().OrderBy(n => n.StartsWith("c.mp4", StringComparison.Ordinal) ? 0 : 1).ThenBy(n => n, StringComparer.Ordinal));
    }

    [Fact]
    public void Frames_come_out_as_files_by_number_with_what_was_not_wanted_left_out()
    {
        MakeClip();
        string mask = RawVideo.Write(_folder["m.mkv"], 64, 48, Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 64 * 48).Select(i => i % 64 >= 32 ? 0xFFFFFFu : 0).ToArray()));
        var files = Files(Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -DepthUnit 0.01 -MaxDepth 2 -MaskPath m.mkv -Every 2 -First 2"));
        Assert.Equal([_folder["c.mp4_depth.mkv_png/0000000.png"], _folder["c.mp4_depth.mkv_png/0000002.png"]], files.Select(f => f.FullName));
        var steps = Steps(files[1].FullName);
        // the card at 1.02 m is there, the wall at 3 m is too far, and the mask covers the right half
        Assert.Equal(Enumerable.Range(0, 64).Select(x => x is > 12 and < 20 ? 102 : 0), steps.Take(64).Select(s => (int)s));
        Assert.Equal(["0000004.png"], Files(Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -Frame 4 -MinDepth 2 -InvertMask -MaskPath m.mkv -DestinationPath one")).Select(f => f.Name));
        Assert.Equal(Enumerable.Range(0, 64).Select(x => x >= 32 ? 3000 : 0), Steps(_folder["one/0000004.png"]).Take(64).Select(s => (int)s));
    }

    [Fact]
    public void Every_other_frame_plays_for_as_long()
    {
        MakeClip();
        var file = Files(Run("Export-DepthVideo c.mp4_depth.mkv -Format Gray16 -Every 2")).Single();
        var clip = VideoProbe.Probe(file.FullName, TestContext.Current.CancellationToken);
        Assert.Equal((3L, new Rational(25, 2)), (clip.FrameCount, clip.FrameRate));
    }

    [Fact]
    public void Depth_too_far_for_16_bits_is_left_out_and_said_with_the_unit_that_holds_it()
    {
        MakeClip();
        var result = Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -DepthUnit 0.00002 -First 1");
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("-DepthUnit 0.0005", warning, StringComparison.Ordinal);
        Assert.Contains("1.311 m", warning, StringComparison.Ordinal);
        var steps = Steps(Files(result).Single().FullName);
        Assert.DoesNotContain(ushort.MaxValue, steps);
        Assert.Equal(50000, steps[13], 15.0); // the card at 1 m; a depth video's step is 16 of these
        Assert.Equal(0, steps[30]);
        Assert.Empty(Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -DepthUnit 0.0005 -First 1 -Force").Warnings);
    }

    [Theory]
    [InlineData("Png16", "6 files, up to 50 kB")]
    [InlineData("Png16 -Every 3", "2 files, up to 17 kB")]
    [InlineData("Gray16", "1 file, about")]
    [InlineData("Preview", "1 file, about")]
    public void WhatIf_says_how_much_disk_it_takes_and_writes_nothing(string format, string size)
    {
        MakeClip();
        var result = Run($"Export-DepthVideo c.mp4_depth.mkv -Format {format} -WhatIf");
        Assert.Contains(size, Assert.Single(result.Information), StringComparison.Ordinal);
        Assert.Equal(["c.mp4", "c.mp4_depth.mkv"], Names());
    }

    [Fact]
    public void Depth_needs_no_field_of_view_unless_edges_are_looked_for()
    {
        MakeClip();
        var depth = DepthVideoReader.Probe(_folder["c.mp4_depth.mkv"], TestContext.Current.CancellationToken) with { HorizontalFov = null, ColorPath = null, Path = _folder["c.mp4_depth.mkv"] };
        File.Delete(_folder["c.mp4"]);
        foreach (string format in (string[])["Gray8", "Gray16 -Force", "Png16", "Preview"])
            Assert.NotEmpty(Files(Run($"Export-DepthVideo -Format {format}", depth)));
        Assert.StartsWith("FieldOfViewMissing,", Assert.Single(Run("Export-DepthVideo -Format Png16 -RemoveEdges -Force", depth).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        // ... and then the ramp between a card and the wall behind it goes
        DepthClip.Write(_folder["ramp.mkv"], 24, 8, 1, (x, _, _) => x < 8 ? 1 : x == 8 ? 2.2 : x == 9 ? 3.6 : 5);
        var cut = Steps(Files(Run("Export-DepthVideo ramp.mkv -Format Png16 -RemoveEdges -XFov 10")).Single().FullName);
        Assert.Equal([8, 9], Enumerable.Range(0, 24).Where(x => cut[x] == 0));
    }

    [Theory]
    [InlineData("-Format Gray16 -DepthUnit 0.01", "ParameterUnused")]
    [InlineData("-Format Png16 -Colormap Turbo", "ParameterUnused")]
    [InlineData("-Format Png16 -Spacing Inverse", "ParameterUnused")]
    [InlineData("-Format Gray8 -SideBySide", "ParameterUnused")]
    [InlineData("-Format Gray16 -Spacing Inverse", "MinDepthMissing")]
    [InlineData("-Format Gray16 -MinDepth 25", "DepthRangeEmpty")]
    [InlineData("-Format Png16 -MinDepth 3 -MaxDepth 2", "DepthRangeEmpty")]
    [InlineData("-Format Gray16 -DestinationPath grey.mp4", "ContainerUnsuitable")]
    [InlineData("-Format Gray16 -DestinationPath c.mp4_depth.mkv", "DestinationIsInput")]
    [InlineData("-Format Preview -DestinationPath preview.png", "ContainerUnknown")]
    [InlineData("-Format Png16 -Frame 99", "FrameBeyondEnd")]
    [InlineData("-Format Png16 -DestinationPath c.mp4", "DestinationNotWritable")]
    [InlineData("-Format Bmp", "CannotConvertArgumentNoMessage")]
    [InlineData("-Format Png16 -DepthUnit 0", "ParameterArgumentValidationError")]
    [InlineData("-Format Png16 -MinConfidence 0.5", "ConfidenceMissing")]
    public void What_cannot_be_done_is_one_named_error_and_no_file(string line, string errorId)
    {
        MakeClip();
        var result = Run($"Export-DepthVideo c.mp4_depth.mkv {line}");
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["c.mp4", "c.mp4_depth.mkv"], Names());
    }

    [Fact]
    public void What_is_there_stays_without_Force()
    {
        MakeClip();
        Directory.CreateDirectory(_folder["p"]);
        File.WriteAllText(_folder["p/0000003.png"], "mine");
        File.WriteAllText(_folder["g.mkv"], "mine");
        foreach (string line in (string[])["-Format Png16 -DestinationPath p", "-Format Gray8 -DestinationPath g.mkv"])
            Assert.StartsWith("DestinationExists,", Assert.Single(Run($"Export-DepthVideo c.mp4_depth.mkv {line}").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["0000003.png"], Directory.GetFiles(_folder["p"]).Select(Path.GetFileName));
        Assert.Equal("mine", File.ReadAllText(_folder["g.mkv"]));
        Assert.Empty(Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -DestinationPath p -Force").Errors);
        Assert.Equal(6, Directory.GetFiles(_folder["p"]).Length);
        Assert.Contains("4 .png files", Assert.Single(Run("Export-DepthVideo c.mp4_depth.mkv -Format Png16 -DestinationPath p -Force -First 2").Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Gray16", 0.5, 20 / 65025.0)]
    [InlineData("Gray16 -MinDepth 0.9 -MaxDepth 4", 0.5, 3.1 / 65024)]
    [InlineData("Gray16 -MinDepth 0.9 -MaxDepth 4 -Spacing Inverse", 0.5, 3 * 3 * (1 / 0.9 - 1 / 4.0) / 65024)]
    [InlineData("Png16", 0.5, 0.001)]
    [InlineData("Png16 -DepthUnit 0.0005", 0.5, 0.0005)]
    [InlineData("Gray8 -MaxDepth 4", 0.5, 4 / 255.0)]
    public void What_goes_out_comes_back_without_a_parameter(string format, double steps, double step)
    {
        MakeClip();
        var there = Run($"Export-DepthVideo c.mp4_depth.mkv -Format {format} -Every 2 -DestinationPath {(format.StartsWith('P') ? "png" : "grey.mkv")} | Import-DepthVideo -DestinationPath back.mkv");
        Assert.Empty(there.Errors);
        Assert.Empty(there.Warnings);
        var back = Assert.IsType<DepthVideo>(Assert.Single(there.Output));
        Assert.Equal((20, new Rational(25, 2), 3L, _folder["c.mp4"]), (back.MaxDepth, back.FrameRate, back.FrameCount, back.ColorPath));
        Assert.Equal(60, back.HorizontalFov!.Value, 1e-6);
        using var reader = DepthVideoReader.Open(back, TestContext.Current.CancellationToken);
        var depth = new MetricDepth.Imaging.Plane<float>(64, 48);
        for (int frame = 0; reader.Read(depth); frame += 2)
            for (int x = 0; x < 64; x++)
                // half a step of the format, and both depth videos round down by up to one of theirs
                Assert.Equal(DepthClip.Room(x, 10, frame), depth[x, 10], steps * step + 2 * DepthCodec.Step(20));
    }

    [Fact]
    public void Stopping_leaves_no_half_file()
    {
        MakeClip();
        var depth = DepthVideoReader.Probe(_folder["c.mp4_depth.mkv"], TestContext.Current.CancellationToken);
        foreach (var format in Enum.GetValues<MetricDepth.Export.DepthVideoFormat>())
        {
            using var stop = new CancellationTokenSource();
            var progress = new Stopper(stop);
            Assert.ThrowsAny<OperationCanceledException>(() => MetricDepth.Export.DepthVideoExport.Run(
                new() { Depth = depth, Format = format, DestinationPath = _folder["out"] + (format is MetricDepth.Export.DepthVideoFormat.Preview ? ".mp4" : ".mkv") }, progress, stop.Token));
            // of a folder, files that are complete stay
            Assert.All(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(f => Path.GetDirectoryName(f) == _folder.Path).Select(Path.GetFileName),
                name => Assert.StartsWith("c.mp4", name, StringComparison.Ordinal));
            Assert.Empty(Directory.GetFiles(_folder.Path, "*.partial", SearchOption.AllDirectories));
            if (Directory.Exists(_folder["out.mkv"])) Directory.Delete(_folder["out.mkv"], recursive: true);
        }
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind == MessageKind.None && value.Done >= 2) stop.Cancel();
        }
    }

    private void MakeClip()
    {
        var (color, depth) = Clip.Value;
        File.WriteAllBytes(_folder["c.mp4"], color);
        File.WriteAllBytes(_folder["c.mp4_depth.mkv"], depth);
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static List<FileInfo> Files(PipelineResult result)
    {
        Assert.Empty(result.Errors);
        // a video is a file, files by number are a folder
        return [.. result.Output.SelectMany(o => System.Management.Automation.PSObject.AsPSObject(o!).BaseObject is DirectoryInfo folder
            ? folder.GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal).ToArray()
            : [Assert.IsType<FileInfo>(System.Management.Automation.PSObject.AsPSObject(o!).BaseObject)])];
    }

    private static ushort[] Steps(string png)
    {
        var header = PngHeader.Read(png);
        using var reader = new PngSequenceReader([png], TestContext.Current.CancellationToken);
        var steps = new ushort[header.Width * header.Height];
        Assert.True(reader.Read(System.Runtime.InteropServices.MemoryMarshal.AsBytes(steps.AsSpan())));
        return steps;
    }

    private PipelineResult Run(string line, params object?[] input) => PipelineRunner.Run(
        new PipelineOptions { Directory = _folder.Path, Input = input.Length > 0 ? input : null }, [.. line.Split(' ')]);
}
