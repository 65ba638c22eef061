using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Tests.Depth;

public class DepthVideoTests
{
    [Fact]
    public void Every_fact_is_read_back_under_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE");
        try
        {
            using var folder = new TempFolder();
            File.WriteAllText(folder["clip.mp4"], "");
            var facts = new DepthVideo
            {
                Path = folder["clip.mp4_depth.mkv"],
                Width = 33,
                Height = 17,
                FrameRate = new(30000, 1001),
                MaxDepth = 12.5,
                HorizontalFov = 62.7,
                VerticalFov = 48.25,
                Estimator = "MotionStereo",
                Scale = DepthScale.Assumed,
                ColorPath = folder["clip.mp4"],
            };
            var depth = new Plane<float>(33, 17);
            for (int i = 0; i < depth.Data.Length; i++) depth.Data[i] = i * 0.02f;
            using (var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken))
            {
                writer.Write(depth);
                writer.Complete();
            }
            var read = DepthVideoReader.Probe(facts.Path, TestContext.Current.CancellationToken);
            Assert.Equal((facts.MaxDepth, facts.HorizontalFov, facts.VerticalFov, facts.Estimator, facts.Scale, facts.ColorPath, facts.FrameRate),
                (read.MaxDepth, read.HorizontalFov, read.VerticalFov, read.Estimator, read.Scale, read.ColorPath, read.FrameRate));
            using var reader = DepthVideoReader.Open(read, TestContext.Current.CancellationToken);
            var got = new Plane<float>(33, 17);
            Assert.True(reader.Read(got));
            for (int i = 0; i < depth.Data.Length; i++) Assert.InRange(depth.Data[i] - got.Data[i], -1e-5, DepthCodec.Step(12.5));
            Assert.False(reader.Read(got));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_toolboxs_file_decodes_to_its_own_depth()
    {
        string npy = DataFile.Require("reference/depth-frame0.npy");
        var video = DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv"), TestContext.Current.CancellationToken);
        Assert.Equal(DepthVideo.DefaultMaxDepth, video.MaxDepth);
        var bytes = File.ReadAllBytes(npy);
        int header = 10 + BitConverter.ToUInt16(bytes, 8);
        var truth = new float[video.Width * video.Height];
        Buffer.BlockCopy(bytes, header, truth, 0, truth.Length * 4);
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var depth = new Plane<float>(video.Width, video.Height);
        Assert.True(reader.Read(depth));
        double worst = truth.Zip(depth.Data, (a, b) => Math.Abs((double)a - b)).Max();
        Assert.True(worst <= 0.00031, $"worst {worst}");
    }

    [Theory]
    [InlineData("bgr0", "testsrc2", "NotADepthVideo")]
    [InlineData("yuv420p", "testsrc2", "NotADepthVideo")]
    [InlineData("gray16le", "testsrc2", "NotADepthVideo")]
    public void A_picture_is_not_taken_for_depth(string format, string source, string errorId)
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", $"{source}=size=64x48:rate=25:duration=0.2", "-c:v", "ffv1", "-pix_fmt", format, folder["a.mkv"]);
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => DepthVideoReader.Probe(folder["a.mkv"], TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_hostile_largest_depth_is_refused()
    {
        using var folder = new TempFolder();
        var options = new FrameWriterOptions
        {
            Width = 4,
            Height = 4,
            FrameRate = new(25),
            Tags = new Dictionary<string, string> { ["METRICDEPTH_VERSION"] = "1", ["METRICDEPTH_MAX_DEPTH"] = "-3" },
        };
        using (var writer = FrameWriter.Open(folder["a.mkv"], options, TestContext.Current.CancellationToken))
        {
            writer.Write(new byte[64]);
            writer.Complete();
        }
        Assert.Equal("DepthTagsMalformed", Assert.Throws<MetricDepthException>(() => DepthVideoReader.Probe(folder["a.mkv"], TestContext.Current.CancellationToken)).ErrorId);
    }
}
