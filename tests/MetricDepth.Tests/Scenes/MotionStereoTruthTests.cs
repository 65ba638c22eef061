using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;

namespace MetricDepth.Tests.Scenes;

/// <summary>Motion stereo on scenes of which the depth is known.</summary>
public class MotionStereoTruthTests(ITestOutputHelper output)
{
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(320, 180, 63, null);

    [Fact]
    public void A_metric_camera_path_gives_metric_depth()
    {
        using var folder = new TempFolder();
        var truth = Film(folder, Scene.Floor, 20);
        var depth = Estimate(new() { SourcePath = folder["clip.mkv"], CameraPath = folder["path.json"], HorizontalFov = 63 });
        Assert.Equal(DepthScale.Metric, depth.Scale);
        var score = Compare(depth, truth, medianScaling: false);
        // a good matcher gets 2 %; what is left is at the balls' edges and where the picture's border hides the neighbours
        Assert.True(score.AbsRel < 0.04, $"AbsRel {score.AbsRel:F3}");
        Assert.True(score.Delta1 > 0.95, $"delta1 {score.Delta1:F3}");
    }

    [Fact]
    public void Without_a_path_depth_is_right_up_to_one_factor()
    {
        using var folder = new TempFolder();
        var truth = Film(folder, Scene.Floor, 40);
        var depth = Estimate(new() { SourcePath = folder["clip.mkv"], HorizontalFov = 63 });
        Assert.Equal(DepthScale.Assumed, depth.Scale);
        var score = Compare(depth, truth, medianScaling: true);
        Assert.True(score.AbsRel < 0.05, $"AbsRel {score.AbsRel:F3}");
        Assert.True(score.Delta1 > 0.95, $"delta1 {score.Delta1:F3}");
    }

    [Fact]
    public void Where_the_picture_is_cut_each_shot_gets_its_own_depth()
    {
        using var folder = new TempFolder();
        Film(folder, Scene.Floor, 30, "floor");
        TestClip.Ffmpeg("-i", folder["floor.mkv"], "-vf", "hflip", "-c:v", "ffv1", "-level", "3", "-g", "1", folder["mirrored.mkv"]);
        Join(folder, "cut.mkv", "floor.mkv", "mirrored.mkv");
        List<FrameProgress> told = [];
        var depth = DepthEstimation.Run(new() { SourcePath = folder["cut.mkv"], HorizontalFov = 63, MedianDepth = 3 },
            new Listener(told), TestContext.Current.CancellationToken);
        Assert.Equal((60, 2.0), (depth.FrameCount!.Value, depth.Quality["Shots"]));
        Assert.Equal(DepthScale.Assumed, depth.Scale); // one distance cannot tell the scale of two shots
        Assert.Contains(told, p => p.Kind == MessageKind.Warning && p.Message!.Contains("2 shots", StringComparison.Ordinal));
        using var reader = DepthVideoReader.Open(depth, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(depth.Width, depth.Height);
        double[] medians = new double[60];
        for (int i = 0; reader.Read(plane); i++) medians[i] = plane.Data.Order().ElementAt(plane.Data.Length / 2);
        // each shot's median is the distance given; a frame's own differs with what it sees
        Assert.InRange(medians[..30].Average(), 2.4, 3.6);
        Assert.InRange(medians[30..].Average(), 2.4, 3.6);
    }

    [Fact]
    public void A_shot_that_holds_no_depth_stays_empty_and_is_named()
    {
        using var folder = new TempFolder();
        Film(folder, Scene.Floor, 30, "floor");
        Film(folder, Scene.Poles, 1, "poles");
        TestClip.Ffmpeg("-i", folder["poles.mkv"], "-vf", "loop=19:1:0", "-c:v", "ffv1", "-level", "3", "-g", "1", folder["still.mkv"]);
        Join(folder, "both.mkv", "floor.mkv", "still.mkv");
        List<FrameProgress> told = [];
        var depth = DepthEstimation.Run(new() { SourcePath = folder["both.mkv"], HorizontalFov = 63 }, new Listener(told), TestContext.Current.CancellationToken);
        Assert.Equal(50, depth.FrameCount);
        Assert.Contains(told, p => p.Kind == MessageKind.Warning && p.Message!.StartsWith("Frames 30 to 49", StringComparison.Ordinal));
        using var reader = DepthVideoReader.Open(depth, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(depth.Width, depth.Height);
        for (int i = 0; reader.Read(plane); i++) Assert.Equal(i < 30, plane.Data.Any(d => d > 0));
    }

    private sealed class Listener(List<FrameProgress> told) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            lock (told) told.Add(value);
        }
    }

    [Theory]
    [InlineData("Turning")]
    [InlineData("Still")]
    public void A_camera_that_does_not_travel_is_refused_by_name(string name)
    {
        using var folder = new TempFolder();
        Film(folder, name == "Still" ? Scene.Still : Scene.Turning, 30);
        var e = Assert.Throws<MetricDepthException>(() => Estimate(new() { SourcePath = folder["clip.mkv"], HorizontalFov = 63 }));
        output.WriteLine(e.Message);
        Assert.Equal("InsufficientParallax", e.ErrorId);
        Assert.Equal(FailureKind.InsufficientInformation, e.Kind);
        Assert.False(File.Exists(folder["clip.mkv_depth.mkv"]));
    }

    private static void Join(TempFolder folder, string name, params string[] shots)
    {
        File.WriteAllLines(folder["list.txt"], shots.Select(s => "file " + s));
        TestClip.Ffmpeg("-f", "concat", "-i", folder["list.txt"], "-c", "copy", folder[name]);
    }

    private static DepthVideo Film(TempFolder folder, Scene scene, int frames, string name = "clip")
    {
        var (truth, path) = name == "clip" ? ("truth.mkv", "path.json") : (name + "-truth.mkv", name + ".json");
        SceneClip.Run(new()
        {
            Scene = scene,
            Destination = folder[name + ".mkv"],
            Camera = Camera,
            Frames = frames,
            DepthPath = folder[truth],
            CameraPath = folder[path],
        }, null, TestContext.Current.CancellationToken);
        return DepthVideoReader.Probe(folder[truth], TestContext.Current.CancellationToken);
    }

    private static DepthVideo Estimate(DepthEstimationOptions options) => DepthEstimation.Run(options, null, TestContext.Current.CancellationToken);

    private DepthComparisonResult Compare(DepthVideo depth, DepthVideo truth, bool medianScaling)
    {
        var score = DepthComparison.Run(new() { Depth = depth, Reference = truth, MedianScaling = medianScaling }, null, TestContext.Current.CancellationToken);
        output.WriteLine($"AbsRel {score.AbsRel:F4}, RMSE {score.Rmse:F3} m, delta1 {score.Delta1:F3}, scale {score.ScaleFactor:F3}, coverage {score.Coverage:P1}");
        return score;
    }
}
