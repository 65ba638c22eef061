using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

public class ViewRenderTests
{
    private const int Width = DepthClip.SmallWidth, Height = DepthClip.SmallHeight, Frames = DepthClip.SmallFrames;

    [Fact]
    public void From_the_side_a_wall_moves_by_its_parallax()
    {
        using var folder = new TempFolder();
        // A white line on a wall at 2 m; 400 px at 60 degrees is fx = 346.4 px, so 10 cm to the right moves it 17.3 px to the left.
        var line = new uint[400 * 6];
        Array.Fill(line, 0x202020u);
        for (int y = 0; y < 6; y++) line[y * 400 + 200] = 0xFFFFFF;
        string color = RawVideo.Write(folder["line.mkv"], 400, 6, line);
        var depth = DepthClip.Write(folder["line.mkv_depth.mkv"], 400, 6, 1, (_, _, _) => 2, color);
        var video = Run(new() { Depth = depth, Position = new(0.1, 0, 0), Target = new(0.1, 0, 2), BackgroundColor = RgbColor.Parse("#123456") });
        Assert.Equal(depth.Path + "_render.mkv", video.Path);
        var row = RawVideo.Read(video.Path)[0].AsSpan(400 * 3, 400);
        double focal = 200 / Math.Tan(Math.PI / 6), shift = focal * 0.05;
        double sum = 0, weight = 0;
        for (int x = 150; x < 250; x++) (sum, weight) = (sum + x * ((row[x] & 255) - 32.0), weight + (row[x] & 255) - 32.0);
        Assert.Equal(200 - shift, sum / weight, 0.05);
        // What comes into the picture on the right was never seen.
        Assert.Equal(0x123456u, row[399]);
        Assert.Equal(0x123456u, row[400 - (int)shift + 1]);
        Assert.Equal(0x202020u, row[400 - (int)shift - 3]);
        Assert.InRange(video.HoleShare, (shift - 1) / 400, (shift + 1) / 400 + 2.0 / 6);
    }

    [Fact]
    public void More_samples_make_slanted_edges_smooth()
    {
        using var folder = new TempFolder();
        // A white card with a slanted edge before nothing, at a quarter of the size: a pixel is as bright as the card's share of it.
        const int side = 96;
        static bool OnCard(int x, int y) => x < 30 + 0.37 * y;
        string color = RawVideo.Write(folder["clip.mkv"], side, side, Enumerable.Repeat(0xFFFFFFu, side * side).ToArray());
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], side, side, 1, (x, y, _) => OnCard(x, y) ? 2 : 0, color);
        double Error(int supersampling)
        {
            var options = new ViewRenderOptions { Depth = depth, Target = new(0, 0, 2), Width = side / 4, Supersampling = supersampling, HoleFill = HoleFill.None, Overwrite = true };
            var picture = RawVideo.Read(Run(options).Path)[0];
            double squares = 0, pixels = 0;
            for (int i = 0; i < picture.Length; i++)
            {
                int x = i % (side / 4) * 4, y = i / (side / 4) * 4;
                double share = Enumerable.Range(0, 16).Count(k => OnCard(x + k % 4, y + k / 4)) / 16.0;
                if (share is > 0 and < 1) (squares, pixels) = (squares + Math.Pow((picture[i] & 255) - 255 * share, 2), pixels + 1);
            }
            Assert.True(pixels > side / 8, $"{pixels} pixels on the edge");
            return Math.Sqrt(squares / pixels);
        }
        double one = Error(1), two = Error(2), four = Error(4);
        // With one sample a pixel is white or black. With sixteen each falls on a pixel of the card, so nothing but rounding is left.
        Assert.True(one > 60, $"one sample: {one:F1} grey levels");
        Assert.True(two < 0.7 * one && four < 2, $"{one:F1}, {two:F1}, {four:F1} grey levels from the card's share");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ViewMotion.Orbit)]
    public void Still_images_are_the_frames_of_the_video(ViewMotion? motion)
    {
        using var folder = new TempFolder();
        var options = new ViewRenderOptions
        {
            Depth = Clip(folder),
            Position = new(0.1, 0, 0),
            Target = new(0, 0, 2),
            Motion = motion,
            Period = motion is null ? null : 0.4,
            BackgroundColor = RgbColor.Parse("Lime"),
        };
        var video = RawVideo.Read(Run(options).Path);
        var files = Stills(options with { Frames = [3, 0, 3], As = ViewOutput.Png });
        Assert.Equal(["clip.mp4_depth.mkv_render_0000000.png", "clip.mp4_depth.mkv_render_0000003.png"], files.Select(f => f.Name));
        Assert.Equal(video[0], RawVideo.Read(files[0].FullName)[0]);
        Assert.Equal(video[3], RawVideo.Read(files[1].FullName)[0]);
        Assert.NotEqual(video[0], video[3]);
        // Without numbers, every frame.
        Assert.Equal(Frames, Stills(options with { As = ViewOutput.Png, DestinationPath = folder["all"] + "/" }, folder["all"]).Count);
    }

    [Fact]
    public void A_still_photograph_comes_alive_for_one_loop()
    {
        using var folder = new TempFolder();
        var picture = Enumerable.Range(0, Width * Height).Select(i => (uint)(i * 2654435761 % 0x1000000)).ToArray();
        string color = RawVideo.Write(folder["photo.mkv"], Width, Height, picture);
        var depth = DepthClip.Write(folder["photo.mkv_depth.mkv"], Width, Height, 1, DepthClip.Room, color);
        var video = Run(new() { Depth = depth, Motion = ViewMotion.Sway, Amplitude = 0.1, Period = 0.8 });
        Assert.Equal(20, video.FrameCount);
        Assert.Equal(ViewMotion.Sway, video.Motion);
        var frames = RawVideo.Read(video.Path);
        // Half a loop later it passes the same place the other way.
        Assert.Equal(frames[0], frames[10]);
        Assert.NotEqual(frames[0], frames[5]);
        Assert.Equal(7, Run(new() { Depth = depth, Motion = ViewMotion.Sway, Frames = [0], Duration = 0.28, Overwrite = true }).FrameCount);
    }

    [Fact]
    public void A_motion_hides_the_border_of_the_picture()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["wall.mp4"], 96, 64, 0.2);
        var depth = DepthClip.Write(color + "_depth.mkv", 96, 64, 5, (x, _, _) => x is > 40 and < 60 ? 1.2 : 3, color);
        foreach (var motion in Enum.GetValues<ViewMotion>())
        {
            var options = new ViewRenderOptions { Depth = depth, Motion = motion, Period = 0.2, HoleFill = HoleFill.Stretch, Overwrite = true };
            var hidden = Run(options);
            // A stretched surface has no holes, so all that is not seen is outside the border.
            Assert.InRange(hidden.HoleShare, 0, 0.002);
            if (motion == ViewMotion.Dolly) continue;
            // It does not come for nothing: with the clip's own field of view the border shows.
            var shown = Run(options with { ViewFov = 60 });
            Assert.Equal(60, shown.HorizontalFov, 1e-9);
            Assert.True(hidden.HorizontalFov < 60 && shown.HoleShare > 0.01, $"{motion}: {hidden.HorizontalFov}, {shown.HoleShare:P1}");
        }
    }

    [Fact]
    public void A_picture_of_another_shape_shows_nothing_that_was_not_filmed()
    {
        using var folder = new TempFolder();
        var depth = Clip(folder) with { };
        var flat = DepthClip.Write(folder["flat_depth.mkv"], Width, Height, 1, (_, _, _) => 2, depth.ColorPath);
        foreach (var (width, height) in ((int?, int?)[])[(20, 40), (60, 20), (null, 9), (17, null), (3, 5)])
        {
            var video = Run(new() { Depth = flat, Target = new(0, 0, 2), Width = width, Height = height, Overwrite = true });
            Assert.Equal(width ?? 17, video.Width);
            Assert.Equal(height ?? 9, video.Height);
            // The border itself lies half a pixel outside the last pixel centres that were filmed.
            Assert.InRange(video.HoleShare * video.Width * video.Height, 0, 2 * (video.Width + video.Height));
            Assert.InRange(video.HorizontalFov, 1, 60.01);
        }
    }

    [Fact]
    public void The_depth_of_the_view_is_a_depth_video_of_it()
    {
        using var folder = new TempFolder();
        var flat = DepthClip.Write(folder["flat_depth.mkv"], Width, Height, 2, (_, _, _) => 2, Clip(folder).ColorPath);
        var video = Run(new() { Depth = flat, Position = new(0, 0, 0.5), Target = new(0, 0, 2), DepthOutput = true, ViewFov = 50 });
        Assert.Equal(video.Path + "_depth.mkv", video.DepthOutputPath);
        var view = DepthVideoReader.Probe(video.DepthOutputPath!, TestContext.Current.CancellationToken);
        Assert.Equal(video.Path, view.ColorPath);
        Assert.Equal((Width, Height, 2L), (view.Width, view.Height, view.FrameCount));
        Assert.Equal(50, view.HorizontalFov!.Value, 1e-6);
        using var reader = DepthVideoReader.Open(view, TestContext.Current.CancellationToken);
        var plane = new Plane<float>(Width, Height);
        Assert.True(reader.Read(plane));
        Assert.Equal(1.5, plane[Width / 2, Height / 2], 2 * DepthCodec.Step(view.MaxDepth));
    }

    [Fact]
    public void Sound_stays_with_the_clip_and_not_with_a_single_frame()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], Width, Height, 0.4, sound: true);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, 10, DepthClip.Room, color);
        var options = new ViewRenderOptions { Depth = depth, Motion = ViewMotion.Dolly, Period = 0.4, Codec = VideoCodec.H264, Overwrite = true };
        var video = Run(options);
        Assert.True(video.HasAudio);
        Assert.Equal(("h264", 10L), (video.Codec, video.FrameCount));
        Assert.False(Run(options with { Frames = [4] }).HasAudio);
    }

    [Fact]
    public void The_viewer_follows_a_given_path()
    {
        using var folder = new TempFolder();
        var depth = Clip(folder);
        // The path begins beside the camera; it must not be moved to begin at it.
        new CameraPath(null, [.. Enumerable.Range(0, Frames).Select(i => new Pose(Rotation.Identity, new(0.05 * (i + 1), 0, 0)))]).Save(folder["path.json"]);
        var along = RawVideo.Read(Run(new() { Depth = depth, ViewPath = folder["path.json"] }).Path);
        foreach (int i in (int[])[0, Frames - 1])
        {
            var at = RawVideo.Read(Run(new() { Depth = depth, Position = new(0.05 * (i + 1), 0, 0), Target = new(0.05 * (i + 1), 0, 5), Overwrite = true }).Path);
            Assert.Equal(at[i], along[i]);
        }
    }

    [Fact]
    public void A_frame_does_not_depend_on_how_many_draw()
    {
        using var folder = new TempFolder();
        var depth = Clip(folder);
        var color = VideoProbe.Probe(depth.ColorPath!, TestContext.Current.CancellationToken);
        var options = new ViewRenderOptions { Depth = depth, Position = new(0.2, -0.1, -0.3), Target = new(0, 0, 2), Supersampling = 2, RemoveEdges = true, ShowCamera = true };
        var plan = new ViewPlan(options, color, null, null, TestContext.Current.CancellationToken);
        var random = new Random(3);
        ViewJob Job() => new(new uint[Width * Height], new uint[Width * Height], Width, Height) { ViewDepth = new(Width, Height) };
        var (fresh, used) = (Job(), Job());
        ViewFrameRenderer one = new(options, color, plan, threads: 1), many = new(options, color, plan, threads: 3);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < Width * Height; i++)
            {
                used.Depth[i] = fresh.Depth[i] = (uint)random.Next(0x1000) * 0x10100;
                used.Color[i] = fresh.Color[i] = (uint)random.Next(0x1000000);
            }
            many.Render(used, sameSource: false, TestContext.Current.CancellationToken);
        }
        one.Render(fresh, sameSource: false, TestContext.Current.CancellationToken);
        Assert.Equal(fresh.Picture.Data, used.Picture.Data);
        Assert.Equal(fresh.ViewDepth!.Data, used.ViewDepth!.Data);
        Assert.Equal(fresh.Holes, used.Holes);
    }

    [Theory]
    [InlineData("ViewpointMissing")]
    [InlineData("ViewpointOutOfRange")]
    [InlineData("ViewpointAmbiguous")]
    [InlineData("TargetIsPosition")]
    [InlineData("NothingInView")]
    [InlineData("MotionMissing")]
    [InlineData("AmplitudeOutOfRange")]
    [InlineData("PeriodOutOfRange")]
    [InlineData("CameraPathMissing")]
    [InlineData("CameraPathTooShort")]
    [InlineData("ViewPathTooShort")]
    [InlineData("LockFrameOutOfRange")]
    [InlineData("CameraPathMalformed")]
    [InlineData("FrameBeyondEnd")]
    [InlineData("FrameOutOfRange")]
    [InlineData("SeveralFramesNoVideo")]
    [InlineData("DurationNeedsFrame")]
    [InlineData("DurationMissing")]
    [InlineData("SizeOutOfRange")]
    [InlineData("PictureTooLarge")]
    [InlineData("SupersamplingOutOfRange")]
    [InlineData("EdgesAmbiguous")]
    [InlineData("CodecNeedsVideo")]
    [InlineData("CodecIsLossless")]
    [InlineData("TargetUnknown")]
    [InlineData("DestinationExists")]
    [InlineData("DepthOutputNeedsVideo")]
    [InlineData("ImageFormatUnknown")]
    [InlineData("FieldOfViewMissing")]
    [InlineData("ColorSizeMismatch")]
    public void What_cannot_be_rendered_is_named_and_leaves_nothing(string errorId)
    {
        using var folder = new TempFolder();
        var depth = Clip(folder);
        string path = folder["path.json"];
        new CameraPath(null, [Pose.Identity, Pose.Identity]).Save(path);
        var options = new ViewRenderOptions { Depth = depth, Position = new(0.1, 0, 0), Target = new(0, 0, 2) };
        var moving = new ViewRenderOptions { Depth = depth, Motion = ViewMotion.Orbit };
        options = errorId switch
        {
            "ViewpointMissing" => new() { Depth = depth },
            "ViewpointOutOfRange" => options with { Position = new(0, double.NaN, 0) },
            "ViewpointAmbiguous" => options with { ViewPath = path },
            "TargetIsPosition" => options with { Target = options.Position },
            "NothingInView" => options with { Position = new(0, 0, -1), Target = new(0, 0, -2) },
            "MotionMissing" => options with { Period = 2 },
            "AmplitudeOutOfRange" => moving with { Amplitude = double.PositiveInfinity },
            "PeriodOutOfRange" => moving with { Period = 0 },
            "CameraPathMissing" => options with { LockFrame = 1 },
            "CameraPathTooShort" => options with { CameraPath = path },
            "ViewPathTooShort" => new() { Depth = depth, ViewPath = path },
            "LockFrameOutOfRange" => options with { CameraPath = path, LockFrame = 2 },
            "CameraPathMalformed" => new() { Depth = depth, ViewPath = depth.Path },
            "FrameBeyondEnd" => options with { Frames = [1, 99] },
            "FrameOutOfRange" => options with { Frames = [-1] },
            "SeveralFramesNoVideo" => moving with { Frames = [1, 2] },
            "DurationNeedsFrame" => moving with { Duration = 1 },
            "DurationMissing" => options with { Frames = [1], As = ViewOutput.Video },
            "SizeOutOfRange" => options with { Width = 0 },
            "PictureTooLarge" => options with { Width = 30000, Height = 30000 },
            "SupersamplingOutOfRange" => options with { Supersampling = 5 },
            "EdgesAmbiguous" => options with { HoleFill = HoleFill.Stretch, RemoveEdges = true },
            "CodecNeedsVideo" => options with { Frames = [1], Codec = VideoCodec.H264 },
            "CodecIsLossless" => options with { RateFactor = 20 },
            "TargetUnknown" => moving with { Depth = DepthClip.Write(folder["none_depth.mkv"], Width, Height, 2, (_, _, _) => 0, depth.ColorPath) },
            "DestinationExists" => options with { DestinationPath = depth.ColorPath! + "_copy.mkv" },
            "DepthOutputNeedsVideo" => options with { Frames = [1], DepthOutput = true },
            "ImageFormatUnknown" => options with { Frames = [1], DestinationPath = folder["still.jpg"] },
            "FieldOfViewMissing" => options with { Depth = depth with { HorizontalFov = null } },
            _ => options with { ColorPath = TestClip.Make(folder["square.mp4"], 64, 64, 0.2) },
        };
        if (errorId == "DestinationExists") File.Copy(depth.ColorPath!, options.DestinationPath!);
        var before = Directory.GetFiles(folder.Path).Order().ToArray();
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() =>
        {
            if (options.IsStills) Stills(options);
            else Run(options);
        }).ErrorId);
        Assert.Equal(before, Directory.GetFiles(folder.Path).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelling_leaves_nothing_behind(bool one)
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], Width, Height, 4);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, 100, DepthClip.Room, color);
        using var source = new CancellationTokenSource();
        var before = Directory.GetFiles(folder.Path).Order().ToArray();
        var stop = new Stop(source);
        var options = new ViewRenderOptions { Depth = depth, Motion = ViewMotion.Orbit, DepthOutput = true, Frames = one ? [50] : null, Period = 10 };
        Assert.ThrowsAny<OperationCanceledException>(() => ViewRender.Run(options, stop, source.Token));
        Assert.Equal(before, Directory.GetFiles(folder.Path).Order());
    }

    [Theory]
    [InlineData("Lime", 0x00FF00u)]
    [InlineData("green", 0x008000u)]
    [InlineData("#1a2B3c", 0x1A2B3Cu)]
    [InlineData("slategray", 0x708090u)]
    [InlineData("Transparent", null)]
    [InlineData("Menu", null)]
    [InlineData("#12345", null)]
    [InlineData("#12345G", null)]
    [InlineData("", null)]
    public void Colours_are_read_by_name_and_by_number(string text, uint? pixel)
    {
        if (pixel is { } expected) Assert.Equal(expected, RgbColor.Parse(text).Pixel);
        else Assert.Contains("#RRGGBB", Assert.Throws<FormatException>(() => RgbColor.Parse(text)).Message, StringComparison.Ordinal);
    }

    private static DepthVideo Clip(TempFolder folder) => DepthClip.Small(folder);

    private static ViewVideo Run(ViewRenderOptions options) => ViewRender.Run(options, null, TestContext.Current.CancellationToken);

    private static List<FileInfo> Stills(ViewRenderOptions options, string? folder = null)
    {
        if (folder is not null) Directory.CreateDirectory(folder);
        List<FileInfo> files = [];
        ViewStills.Run(options, files.Add, null, TestContext.Current.CancellationToken);
        return files;
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Done == 10) source.Cancel();
        }
    }
}
