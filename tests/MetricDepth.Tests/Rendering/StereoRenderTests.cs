using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Rendering;

public class StereoRenderTests
{
    private const int Width = DepthClip.SmallWidth, Height = DepthClip.SmallHeight, Frames = DepthClip.SmallFrames;

    [Theory]
    [InlineData(StereoLayout.SideBySide, 2 * Width, Height, "left_right")]
    [InlineData(StereoLayout.HalfSideBySide, Width, Height, "left_right")]
    [InlineData(StereoLayout.TopBottom, Width, 2 * Height, "top_bottom")]
    [InlineData(StereoLayout.HalfTopBottom, Width, Height, "top_bottom")]
    [InlineData(StereoLayout.Anaglyph, Width, Height, "anaglyph_cyan_red")]
    [InlineData(StereoLayout.CrossEyed, 2 * Width, Height, "right_left")]
    [InlineData(StereoLayout.HalfCrossEyed, Width, Height, "right_left")]
    [InlineData(StereoLayout.Interlaced, Width, Height, "row_interleaved_lr")]
    [InlineData(StereoLayout.ColumnInterlaced, Width, Height, "col_interleaved_lr")]
    [InlineData(StereoLayout.Checkerboard, Width, Height, "checkerboard_lr")]
    [InlineData(StereoLayout.LeftEye, Width, Height, "")]
    [InlineData(StereoLayout.RightEye, Width, Height, "")]
    public void Each_layout_has_its_size_and_says_so_in_the_container(StereoLayout layout, int width, int height, string mode)
    {
        using var folder = new TempFolder();
        var depth = Clip(folder);
        var video = Run(new() { Depth = depth, Layout = layout, InfillMask = true, HoleFill = HoleFill.None });
        Assert.Equal(depth.Path + "_stereo.mkv", video.Path);
        Assert.Equal(video.Path + "_infillmask.mkv", video.InfillMaskPath);
        Assert.Equal((width, height, Frames, layout), (video.Width, video.Height, video.FrameCount, video.Layout));
        Assert.Equal(depth.FrameRate, video.FrameRate);
        foreach (string path in (string[])[video.Path, video.InfillMaskPath!])
        {
            var stored = VideoProbe.Probe(path, TestContext.Current.CancellationToken);
            Assert.Equal((width, height, mode), (stored.Width, stored.Height, stored.Tags.GetValueOrDefault("STEREO_MODE", "")));
        }

        var pictures = RawVideo.Read(video.Path);
        var masks = RawVideo.Read(video.InfillMaskPath!);
        Assert.Equal((Frames, Frames), (pictures.Count, masks.Count));
        long holes = 0;
        for (int frame = 0; frame < Frames; frame++)
            for (int i = 0; i < width * height; i++)
            {
                bool hole = masks[frame][i] == 0xFFFFFF;
                if (hole) holes++;
                else Assert.Equal(0u, masks[frame][i]);
                // The test picture has no black in it; an anaglyph keeps what the other eye saw.
                if (layout != StereoLayout.Anaglyph) Assert.Equal(hole, pictures[frame][i] == 0);
            }
        Assert.InRange(holes, Frames, Frames * width * height / 2);
        if (layout is StereoLayout.SideBySide or StereoLayout.TopBottom) Assert.Equal((double)holes / (Frames * width * height), video.HoleShare, 9);
    }

    [Fact]
    public void The_eyes_are_half_the_pupillary_distance_to_each_side()
    {
        using var folder = new TempFolder();
        // A white line on a wall at 2 m; 400 px at 60 degrees is fx = 346.4 px, so 100 mm apart is 8.66 px in each eye.
        var line = new uint[400 * 4];
        Array.Fill(line, 0x202020u);
        for (int y = 0; y < 4; y++) line[y * 400 + 200] = 0xFFFFFF;
        string color = RawVideo.Write(folder["line.mkv"], 400, 4, line);
        var depth = DepthClip.Write(folder["line.mkv_depth.mkv"], 400, 4, 1, (_, _, _) => 2, color);
        foreach (double? convergence in (double?[])[null, 4])
        {
            var video = Run(new() { Depth = depth, PupillaryDistance = 100, ConvergenceDistance = convergence, Overwrite = true });
            var picture = RawVideo.Read(video.Path)[0];
            double shift = 200 / Math.Tan(Math.PI / 6) * 0.05 * (1 / 2.0 - (convergence is { } c ? 1 / c : 0));
            Assert.Equal(200 + shift, Centroid(picture.AsSpan(800, 400)), 0.02);
            Assert.Equal(200 - shift, Centroid(picture.AsSpan(1200, 400)), 0.02);
        }
    }

    [Fact]
    public void Sound_is_kept_to_the_end_even_when_it_is_shorter()
    {
        using var folder = new TempFolder();
        string color = folder["clip.mp4"];
        TestClip.Ffmpeg("-f", "lavfi", "-i", $"testsrc2=size={Width}x{Height}:rate=25:duration=1", "-f", "lavfi", "-i", "sine=duration=0.5",
            "-c:a", "aac", "-c:v", "libx264", "-pix_fmt", "yuv420p", color);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, 25, DepthClip.Room, color);
        foreach (bool compressed in (bool[])[false, true])
        {
            var video = Run(new() { Depth = depth, Codec = compressed ? VideoCodec.H264 : VideoCodec.Lossless, Overwrite = true });
            Assert.True(video.HasAudio);
            Assert.Equal(25, video.FrameCount);
            Assert.Equal(25, RawVideo.Read(video.Path).Count);
            Assert.Equal(compressed ? "h264" : "ffv1", video.Codec);
        }
    }

    [Fact]
    public void The_colour_video_is_found_by_the_depth_videos_name()
    {
        using var folder = new TempFolder();
        TestClip.Make(folder["clip.mp4"], Width, Height, Frames / 25.0);
        var depth = DepthClip.Write(folder["clip.mp4_depth.mkv"], Width, Height, Frames, DepthClip.Room);
        Assert.Equal(Frames, Run(new() { Depth = depth with { ColorPath = null } }).FrameCount);
    }

    [Fact]
    public void A_smaller_depth_video_renders_at_the_size_of_the_colour_without_new_depths()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], 4 * Width, 4 * Height, Frames / 25.0);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, Frames, (x, _, _) => x < Width / 2 ? 1 : 3, color);
        var notes = new Notes();
        var video = Run(new() { Depth = depth, RemoveEdges = true, InfillMask = true }, notes);
        Assert.Equal((8 * Width, 4 * Height), (video.Width, video.Height));
        Assert.Contains(notes.Messages, m => m.Kind == MessageKind.Verbose && m.Message!.Contains("34x18", StringComparison.Ordinal));
        // One step between two flat surfaces: the right eye sees the wall uncovered in one gap, as wide as the step of disparity,
        // and nothing floats in it; the left eye sees the card over the wall, and no gap but its left border.
        double focal = 2 * Width / Math.Tan(Math.PI / 6), step = focal * 0.0315 * (1 - 1 / 3.0);
        var mask = RawVideo.Read(video.InfillMaskPath!)[0].AsSpan(4 * Width * 10, 8 * Width).ToArray();
        var left = mask[..(4 * Width)];
        var right = mask[(4 * Width)..];
        int border = (int)Math.Round(focal * 0.0315);
        Assert.InRange(left.Count(m => m != 0), border - 1, border + 1);
        var gap = Enumerable.Range(0, 4 * Width - border - 1).Where(x => right[x] != 0 && x > 0).ToArray();
        Assert.InRange(gap.Length, step - 0.5, step + 2);
        Assert.Equal(gap.Length - 1, gap[^1] - gap[0]);
    }

    [Fact]
    public void A_colour_video_that_ends_early_ends_the_stereo_video_with_a_warning()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], Width, Height, 3 / 25.0);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, Frames, DepthClip.Room, color);
        var notes = new Notes();
        Assert.Equal(3, Run(new() { Depth = depth }, notes).FrameCount);
        var warning = Assert.Single(notes.Messages, m => m.Kind == MessageKind.Warning);
        Assert.Contains("after 3 frames", warning.Message, StringComparison.Ordinal);
        Assert.Contains("5 frames", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_colour_video_stops_with_the_depth()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], Width, Height, 1);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, Frames, DepthClip.Room, color);
        var notes = new Notes();
        Assert.Equal(Frames, Run(new() { Depth = depth }, notes).FrameCount);
        Assert.DoesNotContain(notes.Messages, m => m.Kind == MessageKind.Warning);
        Assert.Equal(2, Run(new() { Depth = depth, MaxFrames = 2, Overwrite = true }).FrameCount);
    }

    [Fact]
    public void Depth_at_another_frame_rate_takes_the_colour_of_its_own_time()
    {
        using var folder = new TempFolder();
        var greys = Enumerable.Range(0, 10).Select(i => Enumerable.Repeat((uint)(20 * i + 20) * 0x010101, Width * Height).ToArray());
        string color = RawVideo.Write(folder["clip.mkv"], Width, Height, greys);
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], Width, Height, 5, (_, _, _) => 2, color, rate: "25/2");
        var pictures = RawVideo.Read(Run(new() { Depth = depth }).Path);
        Assert.Equal(5, pictures.Count);
        for (int i = 0; i < 5; i++) Assert.InRange((int)(pictures[i][Width / 2] & 255) - (40 * i + 20), 0, 20);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    public void Tiny_pictures_render_in_every_layout(int width, int height)
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["clip.mkv"], width, height, Enumerable.Repeat(Enumerable.Repeat(0x808080u, width * height).ToArray(), 2));
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], width, height, 2, (_, _, _) => 3, color);
        var sizes = new HashSet<(int, int)>();
        foreach (var layout in Enum.GetValues<StereoLayout>())
        {
            // drawing depends on the layout, encoding on the picture's size alone
            var camera = Intrinsics.FromFieldOfView(width, height, 60, null);
            var (eyeWidth, eyeHeight) = EyeSize.For(new() { Depth = depth, Layout = layout }, camera);
            var arrangement = StereoArrangement.For(layout, eyeWidth, eyeHeight);
            var job = new StereoJob(depth, depth, arrangement) { Geometry = StereoGeometry.Create(camera, 63, null, removeEdges: false) };
            Array.Fill(job.Color, 0x808080u);
            DepthCodec.Encode(Enumerable.Repeat(3f, job.Depth.Length).ToArray(), job.Depth, depth.MaxDepth);
            new StereoFrameRenderer(depth, depth, arrangement).Render(job);
            Assert.Equal(arrangement.Width * arrangement.Height, job.Picture.Length);
            if (!sizes.Add((arrangement.Width, arrangement.Height))) continue;
            var video = Run(new() { Depth = depth, Layout = layout, InfillMask = true, Overwrite = true });
            Assert.Equal((2, arrangement.Width, arrangement.Height), (video.FrameCount, video.Width, video.Height));
        }
    }

    [Theory]
    [InlineData("FieldOfViewMissing")]
    [InlineData("ColorVideoUnknown")]
    [InlineData("ColorVideoNotFound")]
    [InlineData("ColorSizeMismatch")]
    [InlineData("DestinationExists")]
    [InlineData("DestinationIsInput")]
    [InlineData("PupillaryDistanceOutOfRange")]
    [InlineData("ConvergenceDistanceOutOfRange")]
    [InlineData("MaxFramesOutOfRange")]
    [InlineData("EyeSizeUnused")]
    [InlineData("EyeSizeOutOfRange")]
    [InlineData("TouchlyDepthUnused")]
    [InlineData("TouchlyDepthOutOfRange")]
    public void What_cannot_be_rendered_is_named_and_leaves_nothing(string errorId)
    {
        using var folder = new TempFolder();
        var depth = Clip(folder);
        var options = new StereoRenderOptions { Depth = depth, InfillMask = true };
        switch (errorId)
        {
            case "FieldOfViewMissing": options = options with { Depth = depth with { HorizontalFov = null } }; break;
            case "ColorVideoUnknown":
                File.Move(depth.Path, folder["other.mkv"]);
                options = options with { Depth = depth with { Path = folder["other.mkv"], ColorPath = null } };
                break;
            case "ColorVideoNotFound": options = options with { Depth = depth with { ColorPath = folder["gone.mp4"] } }; break;
            case "ColorSizeMismatch": options = options with { ColorPath = TestClip.Make(folder["square.mp4"], 64, 64, 0.2) }; break;
            case "DestinationExists": File.WriteAllText(depth.Path + "_stereo.mkv_infillmask.mkv", "mine"); break;
            case "DestinationIsInput": options = options with { DestinationPath = depth.ColorPath, Overwrite = true }; break;
            case "PupillaryDistanceOutOfRange": options = options with { PupillaryDistance = double.NaN }; break;
            case "ConvergenceDistanceOutOfRange": options = options with { ConvergenceDistance = 0 }; break;
            case "EyeSizeUnused": options = options with { EyeSize = 512 }; break;
            case "EyeSizeOutOfRange": options = options with { Layout = StereoLayout.Vr180, EyeSize = 1 << 20 }; break;
            case "TouchlyDepthUnused": options = options with { TouchlyMaxDepth = 4 }; break;
            case "TouchlyDepthOutOfRange": options = options with { Layout = StereoLayout.Touchly1, TouchlyMinDepth = 6 }; break;
            case "MaxFramesOutOfRange": options = options with { MaxFrames = 0 }; break;
        }
        var before = Directory.GetFiles(folder.Path).Order().ToArray();
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Run(options)).ErrorId);
        Assert.Equal(before, Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public void Cancelling_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], Width, Height, 4);
        var depth = DepthClip.Write(color + "_depth.mkv", Width, Height, 100, DepthClip.Room, color);
        using var source = new CancellationTokenSource();
        var before = Directory.GetFiles(folder.Path).Order().ToArray();
        var stopAtTen = new Notes { On = p => { if (p.Done == 10) source.Cancel(); } };
        Assert.ThrowsAny<OperationCanceledException>(() => StereoRender.Run(new() { Depth = depth, InfillMask = true }, stopAtTen, source.Token));
        Assert.Equal(before, Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public void A_frame_does_not_depend_on_what_its_worker_drew_before()
    {
        var depth = new DepthVideo { Path = "", Width = Width, Height = Height, FrameRate = new(25) };
        var random = new Random(5);
        uint[] Random(uint limit) => [.. Enumerable.Range(0, Width * Height).Select(_ => (uint)random.NextInt64(limit))];
        var small = depth with { Width = Width / 2, Height = Height / 2 };
        var arrangement = StereoArrangement.For(StereoLayout.HalfTopBottom, Width, Height);
        var (worker, other) = (new StereoFrameRenderer(small, depth, arrangement), new StereoFrameRenderer(small, depth, arrangement));
        StereoJob Job() => new(small, depth, arrangement) { Geometry = StereoGeometry.Create(new(Width, Height, 300, 300, 16.5, 8.5), 63, 2, removeEdges: true) };
        var (used, fresh) = (Job(), Job());
        Random(0x1000000).AsSpan(0, used.Depth.Length).CopyTo(used.Depth);
        Random(0x1000000).CopyTo(used.Color, 0);
        worker.Render(used);
        foreach (var job in (StereoJob[])[used, fresh])
        {
            random = new(6);
            Random(0x1000000).AsSpan(0, job.Depth.Length).CopyTo(job.Depth);
            Random(0x1000000).CopyTo(job.Color, 0);
            (job == used ? worker : other).Render(job);
        }
        Assert.Equal(fresh.Picture, used.Picture);
        Assert.Equal(fresh.Mask, used.Mask);
        Assert.Equal(fresh.Holes, used.Holes);
    }

    private static DepthVideo Clip(TempFolder folder) => DepthClip.Small(folder);

    private static StereoVideo Run(StereoRenderOptions options, IProgress<FrameProgress>? progress = null) =>
        StereoRender.Run(options, progress, TestContext.Current.CancellationToken);

    private static double Centroid(ReadOnlySpan<uint> row)
    {
        double sum = 0, weight = 0;
        for (int x = 0; x < row.Length; x++)
        {
            double w = Math.Max(0, (int)(row[x] & 255) - 0x20);
            (sum, weight) = (sum + w * x, weight + w);
        }
        return sum / weight;
    }

    private sealed class Notes : IProgress<FrameProgress>
    {
        public List<FrameProgress> Messages { get; } = [];

        public Action<FrameProgress> On { get; init; } = _ => { };

        public void Report(FrameProgress value)
        {
            Messages.Add(value);
            On(value);
        }
    }
}
