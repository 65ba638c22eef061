using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Geometry;
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

    private static DepthVideo Film(TempFolder folder, Scene scene, int frames)
    {
        SceneClip.Run(new()
        {
            Scene = scene,
            Destination = folder["clip.mkv"],
            Camera = Camera,
            Frames = frames,
            DepthPath = folder["truth.mkv"],
            CameraPath = folder["path.json"],
        }, null, TestContext.Current.CancellationToken);
        return DepthVideoReader.Probe(folder["truth.mkv"], TestContext.Current.CancellationToken);
    }

    private static DepthVideo Estimate(DepthEstimationOptions options) => DepthEstimation.Run(options, null, TestContext.Current.CancellationToken);

    private DepthComparisonResult Compare(DepthVideo depth, DepthVideo truth, bool medianScaling)
    {
        var score = DepthComparison.Run(new() { Depth = depth, Reference = truth, MedianScaling = medianScaling }, null, TestContext.Current.CancellationToken);
        output.WriteLine($"AbsRel {score.AbsRel:F4}, RMSE {score.Rmse:F3} m, delta1 {score.Delta1:F3}, scale {score.ScaleFactor:F3}, coverage {score.Coverage:P1}");
        return score;
    }
}
