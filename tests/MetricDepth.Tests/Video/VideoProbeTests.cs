using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

public class VideoProbeTests
{
    [Fact]
    public void Size_rate_frames_and_sound_are_told()
    {
        using var folder = new TempFolder();
        var clip = VideoProbe.Probe(TestClip.Make(folder["a.mp4"], 64, 48, 2, "30000/1001", sound: true), TestContext.Current.CancellationToken);
        Assert.Equal((64, 48), (clip.Width, clip.Height));
        Assert.Equal(new Rational(30000, 1001), clip.FrameRate);
        Assert.Equal(60, clip.FrameCount);
        Assert.True(clip.HasAudio);
        Assert.False(clip.IsVariableFrameRate);
    }

    [Fact]
    public void A_clip_filmed_upright_is_upright()
    {
        using var folder = new TempFolder();
        TestClip.Make(folder["a.mp4"], 64, 48);
        TestClip.Ffmpeg("-i", folder["a.mp4"], "-c", "copy", "-metadata:s:v:0", "rotate=90", folder["turned.mp4"]);
        var clip = VideoProbe.Probe(folder["turned.mp4"], TestContext.Current.CancellationToken);
        Assert.Equal((48, 64), (clip.Width, clip.Height));
        using var reader = FrameReader.Open(clip, new(), TestContext.Current.CancellationToken);
        Assert.Equal(48 * 64 * 4, reader.FrameBytes);
        var frame = new byte[reader.FrameBytes];
        for (int i = 0; i < 25; i++) Assert.True(reader.Read(frame));
        Assert.False(reader.Read(frame));
    }

    [Fact]
    public void Pixels_that_are_not_square_become_square()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25:duration=1", "-vf", "setsar=3/2", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder["a.mp4"]);
        Assert.Equal(96, VideoProbe.Probe(folder["a.mp4"], TestContext.Current.CancellationToken).Width);
    }

    [Fact]
    public void Frames_that_come_at_uneven_times_are_read_at_an_even_rate()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=30:duration=2", "-vf", "select='lt(n,30)+not(mod(n,3))'",
            "-fps_mode", "vfr", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder["a.mp4"]);
        var clip = VideoProbe.Probe(folder["a.mp4"], TestContext.Current.CancellationToken);
        Assert.True(clip.IsVariableFrameRate);
        using var reader = FrameReader.Open(clip, new(), TestContext.Current.CancellationToken);
        var frame = new byte[reader.FrameBytes];
        long frames = 0;
        while (reader.Read(frame)) frames++;
        // two seconds at the rate that was told; the last frame's length is not stored everywhere
        Assert.InRange(frames / clip.FrameRate.Value, 1.85, 2.1);
    }

    [Theory]
    [InlineData("-dash.mp4")]
    [InlineData("50%d of%20it.mp4")]
    [InlineData("a:b [1] 'q' ü.mp4")]
    public void Odd_names_are_just_names(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains(':'), "Windows has no such names");
        using var folder = new TempFolder();
        var clip = VideoProbe.Probe(TestClip.Make(folder[name]), TestContext.Current.CancellationToken);
        using var writer = FrameWriter.Open(folder[name + ".mkv"], new() { Width = 64, Height = 48, FrameRate = clip.FrameRate, AudioFrom = clip }, TestContext.Current.CancellationToken);
        using var reader = FrameReader.Open(clip, new(), TestContext.Current.CancellationToken);
        var frame = new byte[reader.FrameBytes];
        while (reader.Read(frame)) writer.Write(frame);
        Assert.Equal(25, writer.Complete().FrameCount);
        Assert.Equal([name, name + ".mkv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("text.mp4", "NotAVideo")]
    [InlineData("empty.mp4", "NotAVideo")]
    [InlineData("missing.mp4", "FileNotFound")]
    [InlineData("", "NotAVideo")]
    public void What_is_no_video_is_named(string name, string errorId)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["text.mp4"], "this is not a video");
        File.WriteAllBytes(folder["empty.mp4"], []);
        var e = Assert.Throws<MetricDepthException>(() => VideoProbe.Probe(folder[name], TestContext.Current.CancellationToken));
        Assert.Equal(errorId, e.ErrorId);
    }

    [Fact]
    public void Sound_alone_is_no_video()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "sine=duration=1", folder["a.wav"]);
        Assert.Equal("NotAVideo", Assert.Throws<MetricDepthException>(() => VideoProbe.Probe(folder["a.wav"], TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_clip_that_was_cut_short_is_told_and_not_taken_for_whole()
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=4", "-c:v", "ffv1", folder["a.mkv"]);
        var bytes = File.ReadAllBytes(folder["a.mkv"]);
        File.WriteAllBytes(folder["cut.mkv"], bytes[..(bytes.Length / 2)]);
        var e = Assert.Throws<MetricDepthException>(() =>
        {
            var clip = VideoProbe.Probe(folder["cut.mkv"], TestContext.Current.CancellationToken);
            using var reader = FrameReader.Open(clip, new(), TestContext.Current.CancellationToken);
            var frame = new byte[reader.FrameBytes];
            while (reader.Read(frame)) { }
        });
        Assert.Equal("VideoDamaged", e.ErrorId);
    }

    [Fact]
    public void A_file_replaced_after_it_was_expected_is_read_anew()
    {
        using var folder = new TempFolder();
        string path = TestClip.Make(folder["a.mp4"], 64, 48, seconds: 1);
        VideoProbe.Expect(path, TestContext.Current.CancellationToken);
        File.Move(TestClip.Make(folder["b.mp4"], 80, 60, seconds: 1), path, overwrite: true);
        Assert.Equal((80, 60), Size());
        VideoProbe.Expect(path, TestContext.Current.CancellationToken);
        Assert.Equal((80, 60), Size());
        Assert.Equal((80, 60), Size());

        (int, int) Size() => VideoProbe.Probe(path, TestContext.Current.CancellationToken) is var clip ? (clip.Width, clip.Height) : default;
    }

    [Fact]
    public void What_is_wrong_with_an_expected_file_is_said_when_it_is_read()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["text.mp4"], "no video");
        VideoProbe.Expect(folder["text.mp4"], TestContext.Current.CancellationToken);
        var e = Assert.Throws<MetricDepthException>(() => VideoProbe.Probe(folder["text.mp4"], TestContext.Current.CancellationToken));
        Assert.Equal("NotAVideo", e.ErrorId);
    }
}
