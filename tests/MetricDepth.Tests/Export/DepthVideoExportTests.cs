using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Depth.Import;
using MetricDepth.Export;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Export;

public class DepthVideoExportTests(ITestOutputHelper output)
{
    /// <summary>What is written and read back as a depth video differs by half a step of either.</summary>
    private const double DepthVideoStep = 20 / 64517.0;

    [Fact]
    public void Grey_of_8_bits_is_what_the_toolbox_makes()
    {
        string reference = DataFile.Require("reference/grey8.mkv");
        using var folder = new TempFolder();
        var depth = DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv"), Cancellation);
        var file = Assert.Single(Export(new() { Depth = depth, Format = DepthVideoFormat.Gray8, MaxFrames = 2, DestinationPath = folder["g.mkv"] }));
        var ours = RawVideo.Read(file.FullName);
        var theirs = RawVideo.Read(reference);
        Assert.Equal(2, ours.Count);
        for (int i = 0; i < 2; i++)
        {
            long differing = ours[i].Zip(theirs[i]).LongCount(p => p.First != p.Second);
            output.WriteLine($"frame {i}: {differing} of {ours[i].Length} pixels differ");
            Assert.Equal(0, differing);
        }
    }

    [Fact]
    public void Grey_levels_are_the_toolbox_s_and_the_file_says_what_they_mean()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 8, 6, 3, (x, y, frame) => x == 0 ? 0 : x * 2.5 + frame * 0.1);
        var file = Assert.Single(Export(new() { Depth = depth, Format = DepthVideoFormat.Gray16 }));
        Assert.Equal(depth.Path + "_grey_depth.mkv", file.FullName);
        var clip = VideoProbe.Probe(file.FullName, Cancellation);
        Assert.Equal((3L, new Rational(25), "gray16le"), (clip.FrameCount, clip.FrameRate, clip.Source.PixelFormat));
        var levels = Gray16(clip);
        for (int frame = 0; frame < 3; frame++)
            for (int x = 0; x < 8; x++)
                // a depth video's step is 1.008 of these: it rounds down by up to one step, half a step is rounding here
                Assert.Equal(x == 0 ? 0 : Math.Min(20, x * 2.5 + frame * 0.1) * 65025 / 20, levels[frame][x], 1.6);
        var encoding = DepthVideoTags.ReadEncoding(clip.Tags);
        Assert.Equal(new DepthEncoding(20 / 65025.0), encoding!.Value);
        Assert.Equal("NotADepthVideo", Assert.Throws<MetricDepthException>(() => DepthVideoReader.Probe(file.FullName, Cancellation)).ErrorId);
    }

    [Theory]
    [InlineData(DepthSpacing.Linear)]
    [InlineData(DepthSpacing.Inverse)]
    public void A_range_uses_all_levels_and_its_ends_are_never_no_depth(DepthSpacing spacing)
    {
        using var folder = new TempFolder();
        // no depth, nearer, near end, between, far end, farther
        double[] metres = [0, 0.5, 1, 2, 4, 9];
        var depth = DepthClip.Write(folder["d.mkv"], 6, 1, 1, (x, _, _) => metres[x]);
        var file = Assert.Single(Export(new() { Depth = depth, Format = DepthVideoFormat.Gray16, MinDepth = 1, MaxDepth = 4, Spacing = spacing }));
        var clip = VideoProbe.Probe(file.FullName, Cancellation);
        var levels = Gray16(clip)[0];
        Assert.Equal(0, levels[0]);
        Assert.Equal(levels[2], levels[1]);
        Assert.Equal(spacing == DepthSpacing.Linear ? 65025 : 1, levels[5]);
        var (near, far) = spacing == DepthSpacing.Linear ? (1, 65025) : (65025, 1);
        Assert.Equal(near, levels[2], 30.0); // the depth video's own step at 1 m is 25 of these levels in 1/m
        Assert.Equal(far, levels[4], 8.0);
        Assert.True(spacing == DepthSpacing.Linear == levels[3] > levels[2] && levels[3] != levels[4]);
        var encoding = DepthVideoTags.ReadEncoding(clip.Tags)!.Value;
        for (int x = 2; x < 5; x++) Assert.Equal(metres[x], encoding.Depth(levels[x]), DepthVideoStep);
    }

    [Fact]
    public void Png_files_hold_millimetres_and_say_so()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 5, 4, 6, (x, y, frame) => x == y ? 0 : 1 + x + 0.01 * y + frame);
        var files = Export(new() { Depth = depth, Format = DepthVideoFormat.Png16, Every = 2 });
        Assert.Equal(["0000000.png", "0000002.png", "0000004.png"], files.Select(f => f.Name));
        Assert.All(files, f => Assert.Equal(depth.Path + "_png", f.DirectoryName));
        using var reader = new PngSequenceReader([.. files.Select(f => f.FullName)], Cancellation);
        var steps = new ushort[20];
        for (int frame = 0; frame < 6; frame += 2)
        {
            Assert.True(reader.Read(MemoryMarshal.AsBytes(steps.AsSpan())));
            for (int i = 0; i < 20; i++)
                Assert.Equal(i % 5 == i / 5 ? 0 : 1000 + i % 5 * 1000 + i / 5 * 10 + frame * 1000, steps[i], 0.82); // half a unit, and a depth video's step down
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static List<ushort[]> Gray16(VideoClip clip)
    {
        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray16 }, CancellationToken.None);
        var frames = new List<ushort[]>();
        for (var frame = new ushort[clip.Width * clip.Height]; reader.Read(MemoryMarshal.AsBytes(frame.AsSpan())); frame = new ushort[frame.Length])
            frames.Add(frame);
        return frames;
    }

    private static List<FileInfo> Export(DepthVideoExportOptions options)
    {
        var written = DepthVideoExport.Run(options, null, TestContext.Current.CancellationToken);
        return written is FileInfo file ? [file] : [.. ((DirectoryInfo)written).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal)];
    }
}
