using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

public class ConvergenceTests(ITestOutputHelper output)
{
    private const int Width = 160, Height = 90, Rate = 25;

    // 60 degrees and 63 mm: a point at 1 m has 100 · 0.063 / (2 tan 30°) = 5.46 % of the width with parallel eyes
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 60, null);
    private static readonly double PerInverse = 100 * 0.063 / (2 * Math.Tan(Math.PI / 6));

    [Fact]
    public void Auto_holds_still_while_the_scene_does_even_when_its_depth_is_noisy()
    {
        var random = new Random(1);
        // five percent of noise on each pixel, far more than any estimator flickers
        var screens = Screens(60, (x, y, _) => (x is > 50 and < 110 && y > 30 ? 2 : 4) * (0.95 + 0.1 * random.NextDouble()));
        Assert.All(screens, s => Assert.InRange((s - screens[0]) * PerInverse, -0.05, 0.05));
    }

    [Fact]
    public void Auto_follows_a_zooming_scene_slowly_and_stays_comfortable()
    {
        // a dolly of four seconds from 4 m to 1.5 m towards a person before a wall
        static double Scene(int x, int y, int frame) => (x is > 50 and < 110 && y > 20 ? 4.0 : 5.5) - 2.5 * Math.Min(1, frame / (4.0 * Rate));
        var screens = Screens(6 * Rate, Scene);
        for (int i = 1; i < screens.Count; i++)
        {
            // one percent of the width in a second is as fast as the screen may move
            Assert.InRange(Math.Abs(screens[i] - screens[i - 1]) * PerInverse, 0, 1.0 / Rate + 1e-9);
            double near = (1 / Scene(80, 50, i) - screens[i]) * PerInverse, far = (1 / Scene(0, 0, i) - screens[i]) * PerInverse;
            Assert.InRange(near, -0.3, StereoComfort.BeforeScreen + 0.5); // it lags behind a second
            Assert.InRange(far, -StereoComfort.BehindScreen - 0.3, 0);
        }
        // when all is still again it comes to the subject, or as near as comfort allows
        Assert.Equal(Target(Scene, 1000), screens[^1], 0.03);
    }

    [Fact]
    public void Auto_jumps_with_a_cut_and_only_there()
    {
        static double Scene(int x, int y, int frame) => (frame < 20 ? 1.2 : 6) + (x > 80 ? 0.3 : 0);
        var screens = Screens(40, Scene);
        Assert.Equal(Target(Scene, 0), screens[19], 1e-6);
        Assert.Equal(Target(Scene, 20), screens[20], 1e-6);
        Assert.All(screens.Skip(20), s => Assert.Equal(screens[20], s, 1e-9));
    }

    [Fact]
    public void Auto_keeps_the_screen_where_it_was_while_there_is_no_depth()
    {
        var screens = Screens(10, (_, _, frame) => frame is 0 or (> 4 and < 8) ? 0 : 3);
        Assert.Equal(0, screens[0]);
        Assert.All(screens.Skip(1), s => Assert.Equal(1 / 3.0, s, 1e-3));
    }

    [Theory]
    // a wall, a thing before it, where the screen goes: at the subject in the middle, nearer when the wall would be too far behind,
    // further when the thing would stand out too far, and with both too far apart where both exceed their share alike
    [InlineData(2.5, 2.2, "subject")]
    [InlineData(20, 1.6, "between")]
    [InlineData(3, 1.4, "between")]
    [InlineData(20, 0.6, "balanced")]
    public void Auto_puts_the_subject_at_the_screen_as_far_as_comfort_allows(double wall, double thing, string where)
    {
        double Scene(int x, int y, int frame) => x is > 40 and < 120 && y is > 20 and < 80 ? thing : wall;
        double screen = Screens(1, Scene)[0], near = (1 / thing - screen) * PerInverse, far = (1 / wall - screen) * PerInverse;
        if (where == "subject") Assert.Equal(0, near, 0.02);
        else if (where == "balanced") Assert.Equal(StereoComfort.BeforeScreen / StereoComfort.BehindScreen, near / -far, 0.02);
        else Assert.True(near <= StereoComfort.BeforeScreen + 0.02 || near / -far <= 0.51, $"{near} % before, {far} % behind");
        if (near - far <= 3) Assert.True(near <= 1.02 && far >= -2.02, $"{near} % before, {far} % behind");
    }

    [Fact]
    public void The_result_tells_the_disparity_range_and_warns_only_beyond_comfort()
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["clip.mkv"], 64, 48, Enumerable.Repeat(Enumerable.Repeat(0x808080u, 64 * 48).ToArray(), 4));
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], 64, 48, 4, (x, _, _) => x is > 20 and < 44 ? 2 : 4, color);
        (StereoVideo Video, string? Warning) Render(StereoRenderOptions options)
        {
            var notes = new Notes();
            var video = StereoRender.Run(options with { Depth = depth, Overwrite = true, HorizontalFov = 60 }, notes, TestContext.Current.CancellationToken);
            return (video, notes.Messages.SingleOrDefault(m => m.Kind == MessageKind.Warning).Message);
        }

        // histogram steps are 0.02 %
        var fixedAt = Render(new() { Depth = depth, ConvergenceDistance = 2.5 });
        Assert.Equal(PerInverse * (1 / 4.0 - 1 / 2.5), fixedAt.Video.MinDisparityPercent!.Value, 0.03);
        Assert.Equal(PerInverse * (1 / 2.0 - 1 / 2.5), fixedAt.Video.MaxDisparityPercent!.Value, 0.03);
        Assert.Null(fixedAt.Warning);
        Assert.Equal("-0.8..0.6 %", fixedAt.Video.DisparityRange);

        var auto = Render(new() { Depth = depth, ConvergenceDistance = ConvergenceDistance.Auto });
        Assert.Null(auto.Warning);
        Assert.Equal(0, auto.Video.MaxDisparityPercent!.Value, 0.03);

        var far = Render(new() { Depth = depth, ConvergenceDistance = 100 });
        Assert.Contains("before the screen", far.Warning, StringComparison.Ordinal);
        Assert.Contains("-ConvergenceDistance Auto", far.Warning, StringComparison.Ordinal);
        // three times the distance between the eyes: too much depth for any screen
        var wide = Render(new() { Depth = depth, ConvergenceDistance = ConvergenceDistance.Auto, PupillaryDistance = 200 });
        Assert.Contains("Give -PupillaryDistance 138", wide.Warning, StringComparison.Ordinal);

        // parallel eyes are for headsets, which show the scene under its own angles, unless the layout is for a screen
        Assert.Null(Render(new() { Depth = depth }).Warning);
        Assert.Contains("headset", Render(new() { Depth = depth, PupillaryDistance = 300 }).Warning, StringComparison.Ordinal);
        Assert.Contains("before the screen", Render(new() { Depth = depth, Layout = StereoLayout.HalfSideBySide }).Warning, StringComparison.Ordinal);
        var sphere = Render(new() { Depth = depth, Layout = StereoLayout.Vr180, EyeSize = 32 });
        Assert.Null(sphere.Video.MinDisparityPercent);
        Assert.Null(sphere.Warning);
    }

    [Fact]
    public void Auto_really_shifts_the_eyes()
    {
        using var folder = new TempFolder();
        // a white line at 2 m, all of the scene: at the screen both eyes see it where the camera did
        var line = new uint[64 * 4];
        Array.Fill(line, 0x202020u);
        for (int y = 0; y < 4; y++) line[y * 64 + 40] = 0xFFFFFF;
        string color = RawVideo.Write(folder["line.mkv"], 64, 4, line);
        var depth = DepthClip.Write(folder["line.mkv_depth.mkv"], 64, 4, 1, (_, _, _) => 2, color);
        var video = StereoRender.Run(new() { Depth = depth, ConvergenceDistance = ConvergenceDistance.Auto }, null, TestContext.Current.CancellationToken);
        var row = RawVideo.Read(video.Path)[0].AsSpan(0, 128);
        // the depth's code is half a step off at most, 0.15 mm
        Assert.InRange(row[40] & 255, 0xFAu, 0xFFu);
        Assert.InRange(row[104] & 255, 0xFAu, 0xFFu);
    }

    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("auto", null)]
    public void A_distance_is_metres_or_auto(string text, double? metres)
    {
        Assert.Equal(metres, ConvergenceDistance.Parse(text).Metres);
        Assert.Contains("Auto", Assert.Throws<FormatException>(() => ConvergenceDistance.Parse("far")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_neither_jumps_nor_wanders_on_hand_held_footage_with_sensor_depth()
    {
        var clip = VideoProbe.Probe(DataFile.Require("room/depth-mm.mkv"), TestContext.Current.CancellationToken);
        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray16, MaxFrames = 150 }, TestContext.Current.CancellationToken);
        var facts = new DepthVideo(clip);
        var sample = new DepthSample(facts);
        var auto = new AutoConvergence(sample, clip.FramesPerSecond);
        var camera = Intrinsics.FromFieldOfView(clip.Width, clip.Height, 62.7, null);
        double perInverse = 100 * camera.Fx * 0.063 / clip.Width;
        var (frame, metres, codes) = (new ushort[clip.Width * clip.Height], new float[clip.Width * clip.Height], new uint[clip.Width * clip.Height]);
        var range = new DisparityRange();
        List<double> percents = [];
        while (reader.Read(MemoryMarshal.AsBytes(frame.AsSpan())))
        {
            for (int i = 0; i < frame.Length; i++) metres[i] = frame[i] / 1000f;
            DepthCodec.Encode(metres, codes, facts.MaxDepth);
            sample.Read(codes, StereoGeometry.Create(camera, 63, null, removeEdges: false));
            double screen = auto.Next(perInverse);
            range.Add(sample.InverseDepth, screen, perInverse);
            percents.Add(screen * perInverse);
        }
        double largestStep = percents.Zip(percents.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        output.WriteLine($"screen {percents.Min():F2}..{percents.Max():F2} %, largest step {largestStep:F4} %, disparity {range.Min}..{range.Max} %");
        Assert.True(largestStep <= 1 / clip.FramesPerSecond + 1e-9, "no cut is seen where there is none");
        // the room is deeper than 3 %: neither end exceeds its share by more than the room makes necessary, and what the screen lags
        double excess = Math.Max(0, range.Max!.Value - range.Min!.Value - 3) + 0.25;
        Assert.InRange(range.Max.Value, 0, 1 + excess);
        Assert.InRange(range.Min.Value, -2 - excess, 0);
    }

    private static double Target(Func<int, int, int, double> scene, int frame) => Screens(1, (x, y, _) => scene(x, y, frame))[0];

    private static List<double> Screens(int frames, Func<int, int, int, double> scene)
    {
        var depth = new DepthVideo { Path = "", Width = Width, Height = Height, FrameRate = new(Rate) };
        var sample = new DepthSample(depth);
        var auto = new AutoConvergence(sample, Rate);
        var geometry = StereoGeometry.Create(Camera, 63, null, removeEdges: false);
        var (metres, codes) = (new float[Width * Height], new uint[Width * Height]);
        List<double> screens = [];
        for (int frame = 0; frame < frames; frame++)
        {
            for (int i = 0; i < metres.Length; i++) metres[i] = (float)scene(i % Width, i / Width, frame);
            DepthCodec.Encode(metres, codes, depth.MaxDepth);
            sample.Read(codes, geometry);
            screens.Add(auto.Next(PerInverse));
        }
        return screens;
    }

    private sealed class Notes : IProgress<FrameProgress>
    {
        public List<FrameProgress> Messages { get; } = [];

        public void Report(FrameProgress value) => Messages.Add(value);
    }
}
