using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Imaging;
using MetricDepth.Inference.Checkpoints;
using MetricDepth.Inference.Models;
using MetricDepth.Tests.Fixtures;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation.VideoDepthAnything;

/// <summary>Clips through a small network of the official class, with random weights.</summary>
public sealed class VideoDepthAnythingTests
{
    [Theory]
    [InlineData("relative", 1)]
    [InlineData("metric", 5)]
    public void A_clip_comes_out_as_from_the_official_offline_mode(string kind, int batch)
    {
        using var folder = new TempFolder();
        var cancellation = TestContext.Current.CancellationToken;
        var job = OfficialVideo.Job(OfficialVideo.Write(folder["clip.mkv"]));
        var (expected, shape) = ModelFixture.Floats($"vda_tiny_video_depth_{kind}.npy");

        using var checkpoint = Checkpoint.Open(ModelFixture.Path("vda_tiny.pth"));
        using var network = new GraphWindowNetwork(VideoDepthAnythingNetwork.Read(checkpoint, heads: 3), 70, 42, batch, job.Options.Inference);
        var stitcher = new WindowStitcher(70, 42, shape[2], shape[1], aligns: kind == "relative");
        var got = new List<float>();
        void Emit(Plane<float> frame) => got.AddRange(frame.Data);
        using var pictures = new ClipPictures(job, 70, 42, cancellation);
        new WindowSequence(network).Run(pictures, (frames, outputs) => Task.Run(() => stitcher.Add(outputs, frames, Emit)), _ => { }, cancellation);
        stitcher.Complete(Emit);

        Assert.Equal(expected.Length, got.Count);
        Assert.Equal(0, expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
    }

    [Fact]
    public void Pixels_reach_the_network_as_from_the_official_transform()
    {
        using var folder = new TempFolder();
        var job = OfficialVideo.Job(OfficialVideo.Write(folder["clip.mkv"]));
        var (expected, _) = ModelFixture.Floats("vda_tiny_video_netinput_frame0.npy");
        var got = new float[2 * expected.Length];
        using var pictures = new ClipPictures(job, 70, 42, TestContext.Current.CancellationToken);
        Assert.Equal(2, pictures.Read(got, 2));
        Assert.Equal(0, expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
    }

    [Fact]
    public void A_metric_video_network_gives_metres()
    {
        using var folder = new TempFolder();
        var job = OfficialVideo.Job(OfficialVideo.Write(folder["clip.mkv"]));
        var (expected, _) = ModelFixture.Floats("vda_tiny_video_depth_metric.npy");
        var messages = new List<FrameProgress>();
        var (got, facts, quality) = Estimate(job, new(OfficialVideo.Model(metric: true), null), messages);

        Assert.Equal((DepthScale.Metric, "vda_tiny"), (facts.Scale, facts.Estimator));
        Assert.Equal(0, expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
        Assert.Equal((70, 42), ((int)quality["InputWidth"], (int)quality["InputHeight"]));
        Assert.InRange(quality["EstimatedMemoryGB"], 0.01, 1);
        Assert.True(quality["FramesPerSecond"] > 0);
        Assert.DoesNotContain(messages, m => m.Kind == MessageKind.Warning);
        Assert.Contains(messages, m => m.Kind == MessageKind.Verbose && m.Message!.Contains("70×42 pixels", StringComparison.Ordinal));
        Assert.Equal(OfficialVideo.Frames, messages.Where(m => m.Kind == MessageKind.None).Max(m => m.Done));
    }

    [Fact]
    public void A_relative_video_network_alone_gets_one_factor_for_the_whole_clip()
    {
        using var folder = new TempFolder();
        var clip = OfficialVideo.Write(folder["clip.mkv"]);
        var (relative, _) = ModelFixture.Floats("vda_tiny_video_depth_relative.npy");
        var messages = new List<FrameProgress>();
        var (assumed, facts, _) = Estimate(OfficialVideo.Job(clip), new(OfficialVideo.Model(metric: false), null), messages);
        Assert.Equal(DepthScale.Relative, facts.Scale);
        Assert.Contains(messages, m => m.Kind == MessageKind.Warning && m.Message!.Contains("-MedianDepth", StringComparison.Ordinal));

        messages.Clear();
        var (given, givenFacts, _) = Estimate(OfficialVideo.Job(clip, o => o with { MedianDepth = 6 }), new(OfficialVideo.Model(metric: false), null), messages);
        Assert.Equal(DepthScale.Assumed, givenFacts.Scale);
        Assert.DoesNotContain(messages, m => m.Kind == MessageKind.Warning);
        for (int i = 0; i < given.Count; i++)
        {
            if (given[i] >= 20 || assumed[i] >= 20) continue; // the far end
            Assert.Equal(given[i], 2 * assumed[i], 1e-4 * given[i]);
            Assert.Equal(given[0] * relative[0], given[i] * relative[i], 2e-3 * given[0] * relative[0]);
        }
        var first = given.Take(24 * OfficialVideo.Width * OfficialVideo.Height).Order().ToList();
        Assert.Equal(6, first[first.Count / 2], 0.3); // the first window's maps against its frames as shown
    }

    [Fact]
    public void A_metric_video_network_follows_a_median_depth_that_is_given()
    {
        using var folder = new TempFolder();
        var job = OfficialVideo.Job(OfficialVideo.Write(folder["clip.mkv"]), o => o with { MedianDepth = 9 });
        var (metric, _) = ModelFixture.Floats("vda_tiny_video_depth_metric.npy");
        var (got, facts, _) = Estimate(job, new(OfficialVideo.Model(metric: true), null), []);
        Assert.Equal(DepthScale.Metric, facts.Scale);
        float factor = got[0] / metric[0];
        for (int i = 0; i < got.Count; i++) Assert.Equal(metric[i] * factor, got[i], 1e-3);
        Assert.Equal(9, got.Take(24 * OfficialVideo.Width * OfficialVideo.Height).Order().ElementAt(12 * OfficialVideo.Width * OfficialVideo.Height), 0.3);
    }

    [Fact]
    public void Relative_video_depth_takes_its_metres_from_a_second_network()
    {
        using var folder = new TempFolder();
        var clip = OfficialVideo.Write(folder["clip.mkv"]);
        var (relative, _) = ModelFixture.Floats("vda_tiny_video_depth_relative.npy");
        foreach (bool firstFrames in (bool[])[false, true])
        {
            using var second = new BrightnessNetwork();
            var job = OfficialVideo.Job(clip, o => o with { NoRollingAverage = firstFrames });
            var (got, facts, _) = Estimate(job, new(OfficialVideo.Model(metric: false), second), []);
            Assert.Equal((DepthScale.Metric, "vda_tiny+Brightness"), (facts.Scale, facts.Estimator));

            var alignment = new MetricAlignment(firstFrames ? MetricAveraging.FirstFrames : MetricAveraging.Rolling);
            int length = OfficialVideo.Width * OfficialVideo.Height, sampled = 0;
            for (int i = 0; i < OfficialVideo.Frames; i++)
            {
                var frame = new Plane<float>(OfficialVideo.Width, OfficialVideo.Height);
                relative.AsSpan(i * length, length).CopyTo(frame.Span);
                if (alignment.WantsSample) sampled++;
                alignment.Next(frame, alignment.WantsSample ? BrightnessNetwork.Depth(i) : null).Apply(frame.Span, job.Options.MaxDepth);
                for (int p = 0; p < length; p++)
                    if (frame.Data[p] < 100) Assert.Equal(frame.Data[p], got[i * length + p], 2e-3 * frame.Data[p]); // 1e-4 in what is inverted
            }
            Assert.Equal(firstFrames ? 15 : 20, sampled);
            Assert.Equal(sampled, second.Runs);
        }
    }

    [Fact]
    public void Depth_lies_upon_the_pixels_it_is_of_in_every_frame()
    {
        const int width = 64, height = 48, frames = 60;
        using var folder = new TempFolder();
        var cancellation = TestContext.Current.CancellationToken;
        var clip = VideoProbe.Probe(TestClip.Make(folder["clip.mp4"], width, height, seconds: frames / 25.0), cancellation);
        using var pictures = new ClipPictures(OfficialVideo.Job(clip), 126, 98, cancellation);
        using var network = new GreenNetwork(126, 98);
        var stitcher = new WindowStitcher(126, 98, width, height, aligns: false);
        var got = new List<float[]>();
        void Emit(Plane<float> frame) => got.Add([.. frame.Data]);
        new WindowSequence(network).Run(pictures, (count, outputs) => Task.Run(() => stitcher.Add(outputs, count, Emit)), _ => { }, cancellation);
        stitcher.Complete(Emit);

        using var reader = FrameReader.Open(clip, new(), cancellation);
        var picture = new Plane<uint>(width, height);
        for (int i = 0; i < frames; i++)
        {
            Assert.True(reader.Read(picture.Bytes));
            double Distance(int dx, int dy)
            {
                double sum = 0;
                for (int y = 2; y < height - 2; y++)
                    for (int x = 2; x < width - 2; x++) sum += Math.Abs(GreenNetwork.Value((byte)(picture[x, y] >> 8)) - got[i][(y + dy) * width + x + dx]);
                return sum;
            }
            // enlarged twofold and back, edges lose a little; one pixel aside, upside down or a frame late it would be several times as much
            double there = Distance(0, 0);
            foreach (var (dx, dy) in ((int, int)[])[(1, 0), (-1, 0), (0, 1), (0, -1)]) Assert.True(1.5 * there < Distance(dx, dy), $"frame {i}: {there} and, moved by {dx}, {dy}, {Distance(dx, dy)}");
        }
        Assert.Equal(frames, got.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_relative_video_model_in_the_store_is_given_metres_by_an_image_model_in_the_store(bool firstFrames)
    {
        using var folder = new TempFolder();
        string store = folder["store"];
        InstalledModels.PutTinyDepthAnything(store);
        InstalledModels.Put(store, ModelCatalog.BuiltIn.Get("VideoDepthAnything-Small") with { Heads = 3 }, File.ReadAllBytes(ModelFixture.Path("vda_tiny.pth")));
        var clip = OfficialVideo.Write(folder["clip.mkv"]);
        var options = OfficialVideo.Job(clip).Options with { StoreFolder = store, HorizontalFov = 60, NoRollingAverage = firstFrames };
        var depth = DepthEstimation.Run(options, null, TestContext.Current.CancellationToken);
        Assert.Equal(("VideoDepthAnything-Small+DepthAnythingV2-Metric-Indoor-Small", DepthScale.Metric, (long?)OfficialVideo.Frames),
            (depth.Estimator, depth.Scale, depth.FrameCount));

        // by hand: the official relative depth, and the image network frame by frame
        var (relative, _) = ModelFixture.Floats("vda_tiny_video_depth_relative.npy");
        var job = OfficialVideo.Job(clip, _ => options);
        using var image = new DepthAnythingImageNetwork(ModelStore.Open(store).Find("DepthAnythingV2-Metric-Indoor-Small"), options.Inference);
        image.Prepare(job);
        using var metric = new SampledMetricDepth(job, image, 1, TestContext.Current.CancellationToken);
        var alignment = new MetricAlignment(firstFrames ? MetricAveraging.FirstFrames : MetricAveraging.Rolling);
        using var reader = DepthVideoReader.Open(depth, TestContext.Current.CancellationToken);
        Plane<float> got = new(OfficialVideo.Width, OfficialVideo.Height), expected = new(OfficialVideo.Width, OfficialVideo.Height);
        for (int i = 0; i < OfficialVideo.Frames; i++)
        {
            Assert.True(reader.Read(got));
            relative.AsSpan(i * expected.Data.Length, expected.Data.Length).CopyTo(expected.Span);
            alignment.Next(expected, alignment.WantsSample ? metric.Of(i) : null).Apply(expected.Span, 20);
            for (int p = 0; p < expected.Data.Length; p++)
                Assert.Equal(Math.Min(20, expected.Data[p]), got.Data[p], 0.002 + 2e-3 * expected.Data[p]); // a step of the file, and 1e-4 in what is inverted
        }
    }

    [Fact]
    public void Two_ways_to_metres_at_once_are_refused()
    {
        var clip = new VideoClip { Path = "clip.mkv", Width = 52, Height = 30, FrameRate = new(25, 1) };
        using var estimator = new VideoDepthAnythingEstimator(OfficialVideo.Model(metric: false), new BrightnessNetwork());
        var error = Assert.Throws<MetricDepthException>(() =>
            estimator.Prepare(OfficialVideo.Job(clip, o => o with { MedianDepth = 3 }), null, TestContext.Current.CancellationToken));
        Assert.Equal("ScaleGivenTwice", error.ErrorId);
    }

    private static (List<float> Depth, EstimationFacts Facts, IReadOnlyDictionary<string, double> Quality) Estimate(
        EstimationJob job, VideoDepthAnythingEstimator estimator, List<FrameProgress> messages)
    {
        using var owned = estimator;
        var progress = new Recorder(messages);
        var facts = estimator.Prepare(job, progress, TestContext.Current.CancellationToken);
        var depth = new List<float>();
        estimator.Estimate(job, (plane, _) => depth.AddRange(plane.Data), progress, TestContext.Current.CancellationToken);
        Assert.Equal(OfficialVideo.Frames * OfficialVideo.Width * OfficialVideo.Height, depth.Count);
        return (depth, facts, estimator.Quality);
    }

    private sealed class Recorder(List<FrameProgress> messages) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            lock (messages) messages.Add(value);
        }
    }
}
