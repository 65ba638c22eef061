using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Depth;

/// <summary>A second video says how sure the depth is, and whoever draws from depth can leave out what is not.</summary>
public sealed class ConfidenceVideoTests : IDisposable
{
    private const int Width = DepthClip.SmallWidth, Height = DepthClip.SmallHeight, Frames = DepthClip.SmallFrames;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_lies_beside_the_depth_and_is_found_again()
    {
        var made = Write("clip.mp4_depth.mkv", DepthClip.Room, Half);
        Assert.Equal(_folder["clip.mp4_depth.mkv_confidence.mkv"], made.ConfidencePath);
        var clip = VideoProbe.Probe(made.ConfidencePath!, TestContext.Current.CancellationToken);
        Assert.Equal(("gray", "ffv1", Width, Height, (long)Frames), (clip.Source.PixelFormat, clip.Codec, clip.Width, clip.Height, clip.FrameCount!.Value));
        Assert.Equal(made.ConfidencePath, Probe("clip.mp4_depth.mkv").ConfidencePath);
        // 0..255 for 0..1
        Assert.Equal([0x333333u, 0xCCCCCCu], RawVideo.Read(made.ConfidencePath!)[0].Distinct().Order());
        // moved and renamed together they still belong together
        File.Move(made.Path, _folder["b.mkv"]);
        File.Move(made.ConfidencePath!, _folder["b.mkv_confidence.mkv"]);
        Assert.Equal(_folder["b.mkv_confidence.mkv"], Probe("b.mkv").ConfidencePath);
        File.Delete(_folder["b.mkv_confidence.mkv"]);
        Assert.Null(Probe("b.mkv").ConfidencePath);
    }

    [Fact]
    public void What_an_earlier_depth_left_beside_is_not_taken_for_ours()
    {
        Write("clip.mp4_depth.mkv", DepthClip.Room, Half);
        Write("clip.mp4_depth.mkv", DepthClip.Room, null);
        Assert.True(File.Exists(_folder["clip.mp4_depth.mkv_confidence.mkv"]));
        Assert.Null(Probe("clip.mp4_depth.mkv").ConfidencePath);
        // depth that is not of our making says nothing, so the name does
        TestClip.Ffmpeg("-i", _folder["clip.mp4_depth.mkv"], "-map_metadata", "-1", "-c", "copy", _folder["their.mp4_depth.mkv"]);
        File.Copy(_folder["clip.mp4_depth.mkv_confidence.mkv"], _folder["their.mp4_depth.mkv_confidence.mkv"]);
        Assert.Equal(_folder["their.mp4_depth.mkv_confidence.mkv"], Probe("their.mp4_depth.mkv").ConfidencePath);
    }

    [Fact]
    public void Only_confident_pixels_are_scored()
    {
        var truth = DepthClip.Write(_folder["truth.mkv"], Width, Height, Frames, (_, _, _) => 2);
        var depth = Write("depth.mkv", (x, _, _) => x < Width / 2 ? 3 : 2, Half);
        Assert.Equal(0.25, Score(null).AbsRel, 0.001);
        // code 51 is 0.2 and code 204 is 0.8: a limit of exactly that keeps it
        Assert.Equal((0.25, 1.0), (Math.Round(Score(0.2).AbsRel, 3), Score(0.2).Coverage));
        Assert.Equal((0.0, 0.5), (Math.Round(Score(0.21).AbsRel, 3), Score(0.21).Coverage));
        Assert.Equal(0.5, Score(0.8).Coverage);
        Assert.Equal("NothingInCommon", Assert.Throws<MetricDepthException>(() => Score(0.81)).ErrorId);

        DepthComparisonResult Score(double? limit) => DepthComparison.Run(
            new() { Depth = depth, Reference = truth, MinConfidence = limit }, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Points_of_little_confidence_are_left_out()
    {
        var depth = Write("depth.mkv", (x, _, _) => x < Width / 2 ? 3 : 2, Half);
        var all = Export(null);
        var some = Export(0.5);
        Assert.Equal((Width * Height, Width * Height / 2), (Points(all), Points(some)));

        byte[] Export(double? limit)
        {
            var files = new List<FileInfo>();
            PointCloudExport.Run(new() { Depth = depth, Every = 4, First = 1, MinConfidence = limit, DestinationPath = _folder["points" + limit] }, files.Add, null, TestContext.Current.CancellationToken);
            return File.ReadAllBytes(Assert.Single(files).FullName);
        }

        // x, y and z as float32 after the header
        static int Points(byte[] ply) => (ply.Length - ply.AsSpan().IndexOf("end_header\n"u8) - 11) / 12;
    }

    [Theory]
    [InlineData(HoleFill.Background)]
    [InlineData(HoleFill.None)]
    public void What_is_not_sure_is_drawn_as_if_it_were_not_known(HoleFill fill)
    {
        DepthClip.Small(_folder);
        static double Known(int x, int y, int frame) => Half(x, y, frame) < 0.5 ? 0 : DepthClip.Room(x, y, frame);
        var unsure = Write("unsure.mkv", DepthClip.Room, Half) with { ColorPath = _folder["clip.mp4"] };
        var holes = Write("holes.mkv", Known, null) with { ColorPath = _folder["clip.mp4"] };
        var (stereo, view) = (Stereo(holes, null), View(holes, null));
        Assert.Equal(stereo, Stereo(unsure, 0.5));
        Assert.NotEqual(stereo, Stereo(unsure, null));
        Assert.Equal(view, View(unsure, 0.5));
        Assert.NotEqual(view, View(unsure, null));
        Assert.Equal(Still(holes, null), Still(unsure, 0.5));

        List<uint[]> Stereo(DepthVideo depth, double? limit) => RawVideo.Read(StereoRender.Run(new()
        {
            Depth = depth,
            MinConfidence = limit,
            HoleFill = fill,
            Overwrite = true,
            // collected from the same depth, which is not to bring the unsure back
            BackgroundDepth = 2,
        }, null, TestContext.Current.CancellationToken).Path);

        List<uint[]> View(DepthVideo depth, double? limit)
        {
            var view = ViewRender.Run(new()
            {
                Depth = depth,
                MinConfidence = limit,
                HoleFill = fill,
                Motion = ViewMotion.Sway,
                Overwrite = true,
                DepthOutput = true,
            }, null, TestContext.Current.CancellationToken);
            // the view's own depth has been drawn, and nobody has said how sure it is
            Assert.Null(DepthVideoReader.Probe(view.DepthOutputPath!, TestContext.Current.CancellationToken).ConfidencePath);
            return RawVideo.Read(view.Path);
        }

        List<uint[]> Still(DepthVideo depth, double? limit)
        {
            var files = new List<FileInfo>();
            ViewStills.Run(new() { Depth = depth, MinConfidence = limit, HoleFill = fill, Position = new(0.1, 0, 0), Frames = [3], Overwrite = true }, files.Add, null, TestContext.Current.CancellationToken);
            return RawVideo.Read(Assert.Single(files).FullName);
        }
    }

    [Theory]
    [InlineData("ConfidenceMissing")]
    [InlineData("ConfidenceMismatch, size")]
    [InlineData("ConfidenceMismatch, rate")]
    [InlineData("ConfidenceMismatch, colour")]
    [InlineData("ConfidenceMismatch, short")]
    [InlineData("MinConfidenceOutOfRange, NaN")]
    [InlineData("MinConfidenceOutOfRange, 50")]
    [InlineData("FileNotFound")]
    public void A_limit_that_cannot_be_held_is_named_and_nothing_is_drawn(string what)
    {
        var depth = DepthClip.Small(_folder);
        string path = _folder["other.mkv"];
        double limit = what.EndsWith("NaN", StringComparison.Ordinal) ? double.NaN : what.EndsWith("50", StringComparison.Ordinal) ? 50 : 0.5;
        if (what.EndsWith("size", StringComparison.Ordinal)) Gray(path, Width + 2, Frames, new(25));
        else if (what.EndsWith("rate", StringComparison.Ordinal)) Gray(path, Width, Frames, new(30));
        else if (what.EndsWith("short", StringComparison.Ordinal)) Gray(path, Width, Frames - 1, new(25));
        else if (what.EndsWith("colour", StringComparison.Ordinal)) path = depth.Path;
        depth = depth with { ConfidencePath = what == "ConfidenceMissing" ? null : path };
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        var e = Assert.Throws<MetricDepthException>(() => StereoRender.Run(new() { Depth = depth, MinConfidence = limit }, null, TestContext.Current.CancellationToken));
        Assert.Equal(what.Split(',')[0], e.ErrorId);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void Breaking_off_leaves_neither_of_the_two_files()
    {
        var facts = Facts("depth.mkv", withConfidence: true);
        using (var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken))
            writer.Write(new(Width, Height), new(Width, Height));
        Assert.Empty(Directory.GetFiles(_folder.Path));
        // one that cannot be finished takes the other along
        File.WriteAllText(facts.Path, "mine");
        Assert.Equal("DestinationExists", Assert.Throws<MetricDepthException>(() => DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken)).ErrorId);
        File.Delete(facts.Path);
        using (var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken))
        {
            writer.Write(new(Width, Height), new(Width, Height));
            File.WriteAllText(facts.Path, "mine");
            Assert.Equal("DestinationExists", Assert.Throws<MetricDepthException>(writer.Complete).ErrorId);
        }
        Assert.Equal([facts.Path], Directory.GetFiles(_folder.Path));
    }

    /// <summary>Unsure on the left, sure on the right.</summary>
    private static double Half(int x, int y, int frame) => x < Width / 2 ? 0.2 : 0.8;

    private DepthVideo Facts(string name, bool withConfidence) => new()
    {
        Path = _folder[name],
        Width = Width,
        Height = Height,
        FrameRate = new(25),
        HorizontalFov = 60,
        ConfidencePath = withConfidence ? OutputName.ConfidenceVideo(_folder[name]) : null,
    };

    private DepthVideo Write(string name, Func<int, int, int, double> depth, Func<int, int, int, double>? confidence)
    {
        using var writer = DepthVideoWriter.Open(Facts(name, confidence is not null), overwrite: true, TestContext.Current.CancellationToken);
        var (metres, sure) = (new Plane<float>(Width, Height), new Plane<float>(Width, Height));
        for (int frame = 0; frame < Frames; frame++)
        {
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++) (metres[x, y], sure[x, y]) = ((float)depth(x, y, frame), (float)(confidence?.Invoke(x, y, frame) ?? 0));
            writer.Write(metres, sure);
        }
        return writer.Complete();
    }

    private static void Gray(string path, int width, int frames, Rational rate)
    {
        using var writer = FrameWriter.Open(path, new() { Width = width, Height = Height, FrameRate = rate, Layout = PixelLayout.Gray8 }, TestContext.Current.CancellationToken);
        var frame = new byte[width * Height];
        for (int i = 0; i < frames; i++) writer.Write(frame);
        writer.Complete();
    }

    private DepthVideo Probe(string name) => DepthVideoReader.Probe(_folder[name], TestContext.Current.CancellationToken);
}
