using System.Diagnostics;
using System.Runtime.InteropServices;
using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

public class FrameWriterTests
{
    private static readonly Rational Rate = new(25);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(64, 2)]
    [InlineData(3, 5)]
    [InlineData(321, 243)]
    public void Lossless_gives_every_pixel_back(int width, int height)
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        var frames = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, width * height).Select(_ => (uint)random.Next(1 << 24)).ToArray()).ToArray();
        using (var writer = FrameWriter.Open(folder["a.mkv"], new() { Width = width, Height = height, FrameRate = Rate }, TestContext.Current.CancellationToken))
        {
            foreach (var f in frames) writer.Write(MemoryMarshal.AsBytes(f.AsSpan()));
            writer.Complete();
        }
        using var reader = FrameReader.Open(VideoProbe.Probe(folder["a.mkv"], TestContext.Current.CancellationToken), new(), TestContext.Current.CancellationToken);
        var got = new uint[width * height];
        foreach (var f in frames)
        {
            Assert.True(reader.Read(MemoryMarshal.AsBytes(got.AsSpan())));
            Assert.Equal(f, got.Select(p => p & 0xFFFFFF));
        }
    }

    [Fact]
    public void Sound_is_carried_over_and_ends_with_the_picture()
    {
        using var folder = new TempFolder();
        var clip = VideoProbe.Probe(TestClip.Make(folder["a.mp4"], seconds: 4, sound: true), TestContext.Current.CancellationToken);
        using var reader = FrameReader.Open(clip, new() { MaxFrames = 50 }, TestContext.Current.CancellationToken);
        using var writer = FrameWriter.Open(folder["b.mkv"], new() { Width = 64, Height = 48, FrameRate = clip.FrameRate, AudioFrom = clip, FrameCount = 50, Packing = StereoPacking.LeftRight },
            TestContext.Current.CancellationToken);
        var frame = new byte[reader.FrameBytes];
        while (reader.Read(frame)) writer.Write(frame);
        var made = writer.Complete();
        Assert.True(made.HasAudio);
        Assert.Equal(50, made.FrameCount);
        Assert.InRange(made.Duration!.Value.TotalSeconds, 1.95, 2.1);
    }

    [Fact]
    public void Sound_shorter_than_the_picture_cuts_no_frame_off()
    {
        using var folder = new TempFolder();
        var sound = VideoProbe.Probe(TestClip.Make(folder["a.mp4"], seconds: 1, sound: true), TestContext.Current.CancellationToken);
        using var writer = FrameWriter.Open(folder["b.mkv"], new() { Width = 64, Height = 48, FrameRate = Rate, AudioFrom = sound, FrameCount = 75 },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 75; i++) writer.Write(new byte[64 * 48 * 4]);
        var made = writer.Complete();
        Assert.True(made.HasAudio);
        Assert.Equal(75, made.FrameCount);
    }

    // A finished file's facts are read from its headers alone, which must tell what a look into its frames tells.
    [Theory]
    [InlineData("a.mkv", PixelLayout.Bgr0, VideoCodec.Lossless, 30000, 1001)]
    [InlineData("a.mkv", PixelLayout.Gray8, VideoCodec.Lossless, 60000, 1001)]
    [InlineData("a.mkv", PixelLayout.Gray16, VideoCodec.Lossless, 7, 3)]
    [InlineData("a.mkv", PixelLayout.Bgr0, VideoCodec.H264, 1, 1)]
    [InlineData("a.mp4", PixelLayout.Bgr0, VideoCodec.H264, 25, 2)]
    public void The_facts_of_a_finished_file_are_those_of_opening_it_again(string name, PixelLayout layout, VideoCodec codec, int rate, int per)
    {
        using var folder = new TempFolder();
        var options = new FrameWriterOptions
        {
            Width = 65,
            Height = 47,
            FrameRate = new(rate, per),
            Layout = layout,
            Codec = codec,
            Tags = new Dictionary<string, string> { ["METRICDEPTH_VERSION"] = "1" },
        };
        using var writer = FrameWriter.Open(folder[name], options, TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++) writer.Write(new byte[65 * 47 * layout.BytesPerPixel()]);
        var made = writer.Complete();
        var opened = VideoProbe.Probe(folder[name], TestContext.Current.CancellationToken);
        Assert.Equal(opened.Tags, made.Tags);
        Assert.Equal(opened with { Tags = made.Tags }, made);
    }

    [Fact]
    public void Without_complete_nothing_is_left()
    {
        using var folder = new TempFolder();
        using (var writer = FrameWriter.Open(folder["a.mkv"], new() { Width = 64, Height = 48, FrameRate = Rate }, TestContext.Current.CancellationToken))
            writer.Write(new byte[64 * 48 * 4]);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void An_existing_file_is_kept_unless_overwriting_was_asked_for()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["a.mkv"], "mine");
        var e = Assert.Throws<MetricDepthException>(() => FrameWriter.Open(folder["a.mkv"], new() { Width = 2, Height = 2, FrameRate = Rate }, TestContext.Current.CancellationToken));
        Assert.Equal("DestinationExists", e.ErrorId);
        Assert.Equal("mine", File.ReadAllText(folder["a.mkv"]));
    }

    [Fact]
    public void A_full_disk_is_named_and_leaves_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        using var folder = new TempFolder();
        // the encoder's own words on a full disk, from the real encoder: its output is a link to the device that is always full
        var writer = FrameWriter.Open(folder["a.mkv"], new() { Width = 640, Height = 480, FrameRate = Rate }, TestContext.Current.CancellationToken);
        writer.Dispose();
        File.CreateSymbolicLink(folder["b.mkv.partial"], "/dev/full");
        var e = Assert.Throws<MetricDepthException>(() =>
        {
            using var full = FrameWriter.Open(folder["b.mkv"], new() { Width = 640, Height = 480, FrameRate = Rate }, TestContext.Current.CancellationToken);
            var frame = new byte[640 * 480 * 4];
            new Random(1).NextBytes(frame);
            for (int i = 0; i < 100; i++) full.Write(frame);
            full.Complete();
        });
        Assert.Equal("DiskFull", e.ErrorId);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Cancelling_kills_the_encoder_within_a_second()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var frame = new byte[1920 * 1080 * 4];
        new Random(1).NextBytes(frame);
        using (var writer = FrameWriter.Open(folder["a.mkv"], new() { Width = 1920, Height = 1080, FrameRate = Rate }, source.Token))
        {
            writer.Write(frame);
            var watch = Stopwatch.StartNew();
            source.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() =>
            {
                for (int i = 0; i < 1000; i++) writer.Write(frame);
            });
            writer.Dispose();
            Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        }
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("-KILL", "EncodingFailed")]
    [InlineData("-INT", null)]
    public void A_killed_encoder_is_told_and_a_terminals_interrupt_is_a_cancel(string signal, string? errorId)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are no signals on Windows");
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        var frame = new byte[640 * 480 * 4];
        var failure = Record.Exception(() =>
        {
            using var writer = FrameWriter.Open(folder["a.mkv"], new() { Width = 640, Height = 480, FrameRate = Rate }, source.Token);
            writer.Write(frame);
            Process.Start("kill", [signal, writer.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();
            if (errorId is null) source.CancelAfter(200); // the shell's own handler runs later
            for (int i = 0; i < 1000; i++) writer.Write(frame);
            writer.Complete();
        });
        Assert.Equal(errorId, (failure as MetricDepthException)?.ErrorId);
        if (errorId is null) Assert.IsType<OperationCanceledException>(failure, exactMatch: false);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }
}
