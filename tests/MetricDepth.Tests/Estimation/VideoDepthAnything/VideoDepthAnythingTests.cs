using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Estimation.VideoDepthAnything;
using MetricDepth.Estimation.VideoDepthAnything.Network;
using MetricDepth.Imaging;
using MetricDepth.Inference.Checkpoints;
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
