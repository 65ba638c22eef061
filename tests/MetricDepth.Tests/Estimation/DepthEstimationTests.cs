using System.Collections.Concurrent;
using MetricDepth.Depth;
using MetricDepth.Estimation;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Video;

namespace MetricDepth.Tests.Estimation;

public sealed class DepthEstimationTests : IDisposable
{
    private static readonly ConcurrentDictionary<(string, int), Lazy<Dictionary<string, byte[]>>> Films = new();
    private readonly TempFolder _folder = new();
    private readonly List<FrameProgress> _messages = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_metric_camera_path_gives_true_metres()
    {
        var (clip, truth, path) = Film(Scene.Floor.WithFrameRate(new(10)), 14);
        var result = Run(new() { SourcePath = clip, CameraPath = path, HorizontalFov = 63, InputSize = 144 });
        Assert.Equal(clip + "_depth.mkv", result.Path);
        Assert.Equal((14, 256, 192), (result.FrameCount, result.Width, result.Height));
        Assert.Equal((DepthScale.Metric, "MotionStereo"), (result.Scale, result.Estimator));
        Assert.Equal(63, result.HorizontalFov!.Value, 0.01);
        Assert.Equal(clip, result.ColorPath);
        Assert.InRange(result.Quality["Coverage"], 0.5, 1);
        var score = DepthComparison.Run(new() { Depth = result, Reference = DepthVideoReader.Probe(truth, TestContext.Current.CancellationToken) }, null, TestContext.Current.CancellationToken);
        // no scaling: 14 frames of H.264 at 192x144, borders included
        Assert.InRange(score.AbsRel, 0, 0.06);
        Assert.InRange(score.Delta1, 0.95, 1);
        Assert.DoesNotContain(_messages, m => m.Kind == MessageKind.Warning && m.Message!.Contains("assumed", StringComparison.Ordinal));
    }

    [Fact]
    public void One_known_distance_sets_the_scale_and_none_is_said_once()
    {
        var (clip, truth, _) = Film(Scene.Floor.WithFrameRate(new(10)), 14);
        var given = Run(new() { SourcePath = clip, MedianDepth = 7, MaxDepth = 100, HorizontalFov = 63, InputSize = 96, MaxResolution = 128, DestinationPath = _folder["given.mkv"] });
        Assert.Equal((DepthScale.Metric, 128, 96), (given.Scale, given.Width, given.Height));
        Assert.InRange(Median(given), 6.5, 7.5);
        Assert.DoesNotContain(_messages, m => m.Message?.Contains("assumed", StringComparison.Ordinal) == true);
        var assumed = Run(new() { SourcePath = clip, HorizontalFov = 63, InputSize = 96, MaxDepth = 2.2 });
        Assert.Equal(DepthScale.Assumed, assumed.Scale);
        Assert.InRange(Median(assumed), 1.85, 2.15);
        Assert.Single(_messages, m => m.Kind == MessageKind.Warning && m.Message!.Contains("assumed", StringComparison.Ordinal));
        // the far half of the floor does not fit into 2.2 m, and that is said too
        Assert.Single(_messages, m => m.Kind == MessageKind.Warning && m.Message!.Contains("-MaxDepth", StringComparison.Ordinal));
        // the camera was solved, so only the shape is to be right
        var score = DepthComparison.Run(
            new() { Depth = given, Reference = DepthVideoReader.Probe(Shrink(truth), TestContext.Current.CancellationToken), MedianScaling = true }, null, TestContext.Current.CancellationToken);
        Assert.InRange(score.AbsRel, 0, 0.12);
    }

    [Fact]
    public void A_path_right_up_to_one_factor_fixes_the_motion_and_a_known_distance_the_scale()
    {
        var (clip, truth, path) = Film(Scene.Floor.WithFrameRate(new(10)), 14);
        var metric = CameraPath.Load(path);
        // a unit of 40 metres, far from any that a solver would choose by itself
        new CameraPath(null, [.. metric.Poses.Select(p => new Pose(p.Rotation, p.Translation * (1 / 40.0)))]).Save(path);
        var known = new DepthEstimationOptions
        {
            SourcePath = clip,
            CameraPath = path,
            CameraPathScale = CameraPathScale.Relative,
            HorizontalFov = 63,
            InputSize = 144,
            MaxDepth = 100,
            Overwrite = true,
        };
        var assumed = Run(known);
        Assert.Equal(DepthScale.Assumed, assumed.Scale);
        // the median of what the survey saw against that of the whole clip
        Assert.InRange(Median(assumed), 1.85, 2.15);
        Assert.Contains("camera path is right up to one factor", Assert.Single(_messages, m => m.Kind == MessageKind.Warning).Message, StringComparison.Ordinal);
        _messages.Clear();
        var given = Run(known with { MedianDepth = 7, DestinationPath = _folder["given.mkv"] });
        Assert.Equal(DepthScale.Metric, given.Scale);
        Assert.InRange(Median(given), 6.5, 7.5);
        Assert.DoesNotContain(_messages, m => m.Kind == MessageKind.Warning);
        var score = DepthComparison.Run(
            new() { Depth = given, Reference = DepthVideoReader.Probe(truth, TestContext.Current.CancellationToken), MedianScaling = true }, null, TestContext.Current.CancellationToken);
        // as with the path in metres
        Assert.InRange(score.AbsRel, 0, 0.06);
    }

    [Fact]
    public void A_real_room_agrees_with_the_sensor()
    {
        string color = DataFile.Require("room/color.mp4"), sensor = DataFile.Require("room/depth-mm.mkv");
        var depth = Run(new() { SourcePath = color, DestinationPath = _folder["room.mkv"], HorizontalFov = 62.7, InputSize = 144, MaxFrames = 50 });
        Assert.Equal(50, depth.FrameCount);
        var truth = DepthImport.Run(
            new() { SourcePath = sensor, DestinationPath = _folder["sensor.mkv"], DepthUnit = 0.001, MaxFrames = 50 }, null, TestContext.Current.CancellationToken);
        var score = DepthComparison.Run(new() { Depth = depth, Reference = truth, MedianScaling = true }, null, TestContext.Current.CancellationToken);
        // the whole clip at full size gives 0.08 and 0.96; a sixth of it at a third of the size is less sure
        Assert.InRange(score.AbsRel, 0, 0.15);
        Assert.InRange(score.Delta1, 0.82, 1);
    }

    [Fact]
    public void A_clip_without_parallax_is_refused_and_leaves_nothing_behind()
    {
        var (clip, _, _) = Film(Scene.Still, 10);
        var e = Assert.Throws<MetricDepthException>(() => Run(new() { SourcePath = clip, HorizontalFov = 63, InputSize = 96 }));
        Assert.Equal("InsufficientParallax", e.ErrorId);
        Assert.Equal(["path.json", "scene.mp4", "truth_depth.mkv"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("MaxDepthOutOfRange")]
    [InlineData("MedianDepthOutOfRange")]
    [InlineData("InputSizeOutOfRange")]
    [InlineData("MaxResolutionOutOfRange")]
    [InlineData("MaxFramesOutOfRange")]
    [InlineData("TargetFrameRateOutOfRange")]
    [InlineData("ScaleGivenTwice")]
    [InlineData("CameraPathWithoutDistance")]
    [InlineData("DestinationIsInput")]
    [InlineData("DestinationExists")]
    [InlineData("FileNotFound")]
    public void Bad_input_is_named_before_any_work(string errorId)
    {
        string clip = TestClip.Make(_folder["clip.mp4"], seconds: 0.2);
        File.WriteAllText(clip + "_depth.mkv", "precious");
        var sound = new DepthEstimationOptions { SourcePath = clip, DestinationPath = _folder["out.mkv"] };
        var options = errorId switch
        {
            "MaxDepthOutOfRange" => sound with { MaxDepth = double.NaN },
            "MedianDepthOutOfRange" => sound with { MedianDepth = -1 },
            "InputSizeOutOfRange" => sound with { InputSize = 3 },
            "MaxResolutionOutOfRange" => sound with { MaxResolution = 0 },
            "MaxFramesOutOfRange" => sound with { MaxFrames = 0 },
            "TargetFrameRateOutOfRange" => sound with { TargetFrameRate = 0 },
            "ScaleGivenTwice" => sound with { MedianDepth = 2, CameraPath = _folder["path.json"] },
            "CameraPathWithoutDistance" => sound with { CameraPath = _folder["path.json"], CameraPathScale = CameraPathScale.None },
            "DestinationIsInput" => sound with { DestinationPath = clip, Overwrite = true },
            "DestinationExists" => sound with { DestinationPath = null },
            _ => sound with { CameraPath = _folder["none.json"] },
        };
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Run(options)).ErrorId);
        Assert.Equal("precious", File.ReadAllText(clip + "_depth.mkv"));
        Assert.False(File.Exists(_folder["out.mkv"]));
    }

    private (string Clip, string Truth, string Path) Film(Scene scene, int frames)
    {
        // filmed once for all tests; the depth video names its clip relative to itself
        var files = Films.GetOrAdd((scene.Name, frames), _ => new(() =>
        {
            using var folder = new TempFolder();
            SceneClip.Run(new()
            {
                Scene = scene,
                Destination = folder["scene.mp4"],
                Camera = Intrinsics.FromFieldOfView(256, 192, 63, null),
                Frames = frames,
                DepthPath = folder["truth_depth.mkv"],
                CameraPath = folder["path.json"],
            }, null, CancellationToken.None);
            return Directory.GetFiles(folder.Path).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
        })).Value;
        foreach (var (name, bytes) in files) File.WriteAllBytes(_folder[name], bytes);
        return (_folder["scene.mp4"], _folder["truth_depth.mkv"], _folder["path.json"]);
    }

    /// <summary>The truth at the size that was asked for.</summary>
    private string Shrink(string truth)
    {
        var token = TestContext.Current.CancellationToken;
        var video = DepthVideoReader.Probe(truth, token);
        using var reader = DepthVideoReader.Open(video, token);
        using var writer = DepthVideoWriter.Open(video with { Path = _folder["small_truth.mkv"], Width = 128, Height = 96 }, overwrite: true, token);
        var (large, small) = (new Plane<float>(256, 192), new Plane<float>(128, 96));
        while (reader.Read(large))
        {
            for (int y = 0; y < 96; y++)
                for (int x = 0; x < 128; x++) small[x, y] = large[2 * x, 2 * y];
            writer.Write(small);
        }
        return writer.Complete().Path;
    }

    private static double Median(DepthVideo video)
    {
        using var reader = DepthVideoReader.Open(video, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(video.Width, video.Height);
        var all = new List<float>();
        while (reader.Read(plane)) all.AddRange(plane.Data.Where(d => d > 0));
        all.Sort();
        return all[all.Count / 2];
    }

    private DepthVideo Run(DepthEstimationOptions options) =>
        DepthEstimation.Run(options, new Listener(_messages), TestContext.Current.CancellationToken);

    private sealed class Listener(List<FrameProgress> messages) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind != MessageKind.None) messages.Add(value);
        }
    }
}
