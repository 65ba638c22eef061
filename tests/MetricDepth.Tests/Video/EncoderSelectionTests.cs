using MetricDepth.Video;

namespace MetricDepth.Tests.Video;

public class EncoderSelectionTests
{
    private static readonly string[] Full = ["libx264", "libx265", "libsvtav1", "libaom-av1", "h264_nvenc", "h264_vaapi", "hevc_nvenc", "av1_nvenc", "ffv1"];

    [Theory]
    // what is asked for, whether in hardware, what does not work here, what is taken
    [InlineData(VideoCodec.H264, false, "", "libx264")]
    [InlineData(VideoCodec.H264, true, "", "h264_nvenc")]
    [InlineData(VideoCodec.H264, true, "h264_nvenc", "h264_vaapi")]
    [InlineData(VideoCodec.H264, true, "h264_nvenc h264_vaapi", "libx264")]
    [InlineData(VideoCodec.Av1, false, "libsvtav1", "libaom-av1")]
    [InlineData(VideoCodec.Av1, false, "libsvtav1 libaom-av1", "av1_nvenc")]
    public void What_works_is_taken_in_order(VideoCodec codec, bool hardware, string broken, string expected)
    {
        var notes = new Notes();
        Assert.Equal(expected, Selection(Full, broken).Choose(codec, hardware, notes).Name);
        var note = Assert.Single(notes.Messages);
        Assert.Contains(expected, note.Message, StringComparison.Ordinal);
        bool fellBack = hardware && expected.StartsWith("lib", StringComparison.Ordinal);
        Assert.Equal(fellBack ? MessageKind.Warning : MessageKind.Verbose, note.Kind);
        if (fellBack) Assert.Contains("h264_nvenc: no device", note.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ffmpeg_without_the_encoder_is_told_what_it_has_instead()
    {
        var missing = Assert.Throws<MetricDepthException>(() => Selection(["libx264", "ffv1"], "").Choose(VideoCodec.Av1, false, null));
        Assert.Equal(("EncoderMissing", FailureKind.MissingDependency), (missing.ErrorId, missing.Kind));
        Assert.EndsWith("it has Lossless (ffv1), H264 (libx264).", missing.Message, StringComparison.Ordinal);
        var broken = Assert.Throws<MetricDepthException>(() => Selection(["av1_nvenc", "libx265"], "av1_nvenc").Choose(VideoCodec.Av1, false, null));
        Assert.Equal("EncoderNotWorking", broken.ErrorId);
        Assert.Contains("av1_nvenc: no device", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ffmpeg_without_hardware_encoders_warns_once_and_goes_on()
    {
        var notes = new Notes();
        Assert.Equal("libx264", Selection(["libx264"], "").Choose(VideoCodec.H264, true, notes).Name);
        Assert.Equal(MessageKind.Warning, Assert.Single(notes.Messages).Kind);
    }

    [Theory]
    [InlineData(VideoCodec.H264, "h264")]
    [InlineData(VideoCodec.Hevc, "hevc")]
    [InlineData(VideoCodec.Av1, "av1")]
    public void Each_codec_is_written_by_an_encoder_that_works_here(VideoCodec codec, string name)
    {
        using var folder = new TempFolder();
        var sizes = new List<long>();
        foreach (double? factor in (double?[])[null, 40])
        {
            var options = new FrameWriterOptions { Width = 65, Height = 67, FrameRate = new(25), Codec = codec, RateFactor = factor, PrefersHardware = factor is not null, Overwrite = true };
            using var writer = Open(folder["a.mp4"], options);
            var frame = new byte[65 * 67 * 4];
            new Random(1).NextBytes(frame);
            for (int i = 0; i < 3; i++) writer.Write(frame);
            var clip = writer.Complete();
            Assert.Equal((name, 66, 68), (clip.Codec, clip.Width, clip.Height));
            sizes.Add(new FileInfo(clip.Path).Length);
        }
        Assert.True(sizes[1] < 0.7 * sizes[0], $"a larger rate factor makes a smaller file: {sizes[0]}, {sizes[1]} bytes");
    }

    private static FrameWriter Open(string path, FrameWriterOptions options)
    {
        try
        {
            return FrameWriter.Open(path, options, TestContext.Current.CancellationToken);
        }
        catch (MetricDepthException e) when (e.ErrorId is "EncoderMissing" or "EncoderNotWorking" && options.Codec != VideoCodec.H264)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static EncoderSelection Selection(string[] built, string broken) => new()
    {
        Available = built,
        Try = e => broken.Split(' ').Contains(e.Name) ? "no device" : "",
    };

    private sealed class Notes : IProgress<FrameProgress>
    {
        public List<FrameProgress> Messages { get; } = [];

        public void Report(FrameProgress value) => Messages.Add(value);
    }
}
