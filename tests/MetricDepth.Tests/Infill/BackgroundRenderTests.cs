using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Infill;

/// <summary>Backgrounds from whole clips: masks, files, the command.</summary>
public sealed class BackgroundRenderTests : IDisposable
{
    private const int Width = 96, Height = 40, Frames = 8, Step = 6, CardWidth = 12;

    private readonly TempFolder _folder = new();
    private readonly DepthVideo _depth;

    /// <summary>A grey card at 1 m passes a patterned wall at 3 m; the camera stands still.</summary>
    public BackgroundRenderTests()
    {
        RawVideo.Write(Path("clip.mkv"), Width, Height, Enumerable.Range(0, Frames).Select(frame =>
            Pixels((x, y) => IsCard(x, frame) ? 0x808080u : Pattern(x, y))));
        _depth = DepthClip.Write(Path("clip.mkv_depth.mkv"), Width, Height, Frames, (x, _, frame) => IsCard(x, frame) ? 1 : 3, Path("clip.mkv"));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mask")]
    [InlineData("smaller mask")]
    [InlineData("longer mask")]
    [InlineData("depth")]
    public void What_the_card_hides_is_taken_from_other_frames(string from)
    {
        var options = from == "depth" ? Options() with { BackgroundDepth = 2 } : Options() with { MaskPath = WriteMask(from) };
        var plain = Render(Options());
        var filled = Render(options);
        int wrong = 0, painted = 0;
        for (int frame = 0; frame < Frames; frame++)
            for (int i = 0; i < filled.Masks[frame].Length; i++)
            {
                bool wasHole = plain.Masks[frame][i] != 0, isHole = filled.Masks[frame][i] != 0;
                Assert.False(isHole && !wasHole);
                if (isHole == wasHole) continue;
                painted++;
                // The wall is a plane at 3 m: its picture in an eye is the source's, moved by the disparity there.
                int row = i / (2 * Width), column = i % (2 * Width), x = column % Width;
                double disparity = 0.05 / 3 * Focal * (column < Width ? 1 : -1);
                if (Math.Abs((int)(filled.Pictures[frame][i] >> 8 & 255) - Smooth(x - disparity, row)) > 12) wrong++;
            }
        Assert.True(painted > Frames * Height, $"{painted} pixels painted");
        // matching the brightness and resampling cost a few levels; a wrong place, or the grey of the card, is off by dozens
        Assert.True(wrong < 0.02 * painted, $"{wrong} of {painted} painted pixels are wrong");
    }

    [Fact]
    public void A_background_is_saved_beside_the_result_and_used_again()
    {
        var saved = StereoRender.Run(Options() with { BackgroundDepth = 2, SaveBackground = true }, null, TestContext.Current.CancellationToken);
        Assert.Equal(Path("clip.mkv_depth.mkv_background.npy"), saved.BackgroundPath);
        var pictures = RawVideo.Read(saved.Path);
        var again = Render(Options() with { BackgroundPath = saved.BackgroundPath, Overwrite = true });
        for (int frame = 0; frame < Frames; frame++) Assert.Equal(pictures[frame], again.Pictures[frame]);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.partial"));
        // a background grows from clip to clip
        var more = StereoRender.Run(Options() with { BackgroundPath = saved.BackgroundPath, BackgroundDepth = 2, SaveBackground = true, DestinationPath = Directory.CreateDirectory(Path("more")).FullName }, null, TestContext.Current.CancellationToken);
        Assert.True(new FileInfo(more.BackgroundPath!).Length >= new FileInfo(saved.BackgroundPath!).Length);
    }

    [Fact]
    public void A_mask_that_ends_early_is_used_as_far_as_it_goes()
    {
        var notes = new List<string>();
        var progress = new Progress(p =>
        {
            if (p.Kind == MessageKind.Warning) notes.Add(p.Message!);
        });
        string mask = RawVideo.Write(Path("short.mkv"), Width, Height, Enumerable.Range(0, 5).Select(f => Mask(f, Width, Height)));
        Assert.Equal(Frames, StereoRender.Run(Options() with { MaskPath = mask }, progress, TestContext.Current.CancellationToken).FrameCount);
        Assert.Contains("after 5 frames", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaskSizeMismatch")]
    [InlineData("NoBackground")]
    [InlineData("FileNotFound")]
    [InlineData("NotAVideo")]
    [InlineData("BackgroundMalformed")]
    [InlineData("NpyMalformed")]
    [InlineData("BackgroundDepthOutOfRange")]
    [InlineData("DestinationExists")]
    [InlineData("DestinationIsInput")]
    public void What_cannot_be_used_is_named_and_leaves_nothing(string errorId)
    {
        var options = Options() with { SaveBackground = true };
        switch (errorId)
        {
            case "MaskSizeMismatch": options = options with { MaskPath = RawVideo.Write(Path("square.mkv"), 32, 32, Enumerable.Range(0, Frames).Select(_ => new uint[32 * 32])) }; break;
            case "NoBackground": options = options with { BackgroundDepth = 5 }; break;
            case "FileNotFound": options = options with { MaskPath = Path("nowhere.mp4") }; break;
            case "NotAVideo": File.WriteAllText(Path("mask.mp4"), "no video"); options = options with { MaskPath = Path("mask.mp4") }; break;
            case "BackgroundMalformed": File.WriteAllBytes(Path("b.npy"), Imaging.NpyTests.Array(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", [1, 2, 3])); options = options with { BackgroundPath = Path("b.npy") }; break;
            case "NpyMalformed": File.WriteAllText(Path("b.npy"), "no array"); options = options with { BackgroundPath = Path("b.npy") }; break;
            case "BackgroundDepthOutOfRange": options = options with { BackgroundDepth = double.NaN }; break;
            case "DestinationExists": File.WriteAllText(Path("clip.mkv_depth.mkv_background.npy"), "mine"); break;
            case "DestinationIsInput":
                File.WriteAllText(Path("clip.mkv_depth.mkv_background.npy"), "mine");
                options = options with { BackgroundPath = Path("clip.mkv_depth.mkv_background.npy"), Overwrite = true };
                break;
        }
        var before = Directory.GetFiles(_folder.Path).Order().ToArray();
        var error = Assert.Throws<MetricDepthException>(() => StereoRender.Run(options, null, TestContext.Current.CancellationToken));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(before, Directory.GetFiles(_folder.Path).Order());
    }

    [Theory]
    [InlineData("Collecting background")]
    [InlineData("Rendering stereo")]
    public void Stopping_leaves_nothing_behind(string stage)
    {
        using var source = new CancellationTokenSource();
        var before = Directory.GetFiles(_folder.Path).Order().ToArray();
        var progress = new Progress(p =>
        {
            if (p.Activity == stage && p.Done == 2) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => StereoRender.Run(Options() with { BackgroundDepth = 2, SaveBackground = true }, progress, source.Token));
        Assert.Equal(before, Directory.GetFiles(_folder.Path).Order());
    }

    [Fact]
    public void Names_come_from_the_command_line()
    {
        WriteMask("mask");
        new CameraPath(null, [.. Enumerable.Repeat(Pose.Identity, Frames)]).Save(Path("clip.mkv_depth.mkv_transformations.json"));
        var made = Command("Invoke-StereoRender clip.mkv_depth.mkv -CameraPath clip.mkv_depth.mkv_transformations.json -LockFrame 3 -MaskPath clip.mkv_mask.mkv -BackgroundDepth 1.5 -SaveBackground");
        var video = Assert.IsType<StereoVideo>(Assert.Single(made.Output));
        Assert.Equal(Path("clip.mkv_depth.mkv_background.npy"), video.BackgroundPath);
        Assert.True(BackgroundPlateOf(video) >= Width * Height / 2);
        // it is there now: not without -Force, and -WhatIf touches nothing
        Assert.StartsWith("DestinationExists", Command("Invoke-StereoRender clip.mkv_depth.mkv other.mkv -BackgroundDepth 2 -SaveBackground").Errors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);
        var time = File.GetLastWriteTimeUtc(video.BackgroundPath!);
        Assert.Empty(Command("Invoke-StereoRender clip.mkv_depth.mkv other.mkv -BackgroundDepth 2 -SaveBackground -Force -WhatIf").Output);
        Assert.Equal(time, File.GetLastWriteTimeUtc(video.BackgroundPath!));
        var again = Assert.IsType<StereoVideo>(Command("Invoke-StereoRender clip.mkv_depth.mkv other.mkv -BackgroundPath clip.mkv_depth.mkv_background.npy -CameraPath clip.mkv_depth.mkv_transformations.json -FollowCamera").Output.Single());
        var plain = Assert.IsType<StereoVideo>(Command("Invoke-StereoRender clip.mkv_depth.mkv plain.mkv").Output.Single());
        Assert.True(again.HoleShare < 0.8 * plain.HoleShare, $"{again.HoleShare:P1} of {plain.HoleShare:P1}");
        Assert.StartsWith("LockFrameNotUsed", Command("Invoke-StereoRender clip.mkv_depth.mkv third.mkv -FollowCamera -LockFrame 1 -CameraPath clip.mkv_depth.mkv_transformations.json").Errors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);
        // an object stands for its file
        Assert.Equal(Path("clip.mkv_depth.mkv_transformations.json"), CameraPath.Load(Path("clip.mkv_depth.mkv_transformations.json")).ToString());
    }

    private static double Focal => Width / (2 * Math.Tan(Math.PI / 6));

    private static bool IsCard(int x, int frame) => x >= 12 + Step * frame && x < 12 + Step * frame + CardWidth;

    private static int BackgroundPlateOf(StereoVideo video) => MetricDepth.Infill.BackgroundPlate.Load(video.BackgroundPath!, TestContext.Current.CancellationToken).Count;

    // Smooth, so that sampling between pixels is nearly exact, and different everywhere along a row.
    private static double Smooth(double x, double y) => 128 + 60 * Math.Sin(x / 7) + 40 * Math.Sin(x / 17 + y / 9);

    private static uint Pattern(int x, int y)
    {
        uint level = (uint)Math.Round(Smooth(x, y));
        return level << 16 | level << 8 | level;
    }

    private static uint[] Pixels(Func<int, int, uint> pixel) => [.. Enumerable.Range(0, Width * Height).Select(i => pixel(i % Width, i / Width))];

    private static uint[] Mask(int frame, int width, int height) =>
        [.. Enumerable.Range(0, width * height).Select(i => IsCard((int)((i % width + 0.5) * Width / width), frame) ? 0xFFFFFFu : 0)];

    private string WriteMask(string kind)
    {
        if (kind == "smaller mask") return RawVideo.Write(Path("mask.mkv"), Width / 2, Height / 2, Enumerable.Range(0, Frames).Select(f => Mask(f, Width / 2, Height / 2)));
        return RawVideo.Write(Path("clip.mkv_mask.mkv"), Width, Height, Enumerable.Range(0, kind == "longer mask" ? Frames + 5 : Frames).Select(f => Mask(f, Width, Height)));
    }

    private StereoRenderOptions Options() => new() { Depth = _depth, PupillaryDistance = 100, HoleFill = HoleFill.None };

    private (List<uint[]> Pictures, List<uint[]> Masks) Render(StereoRenderOptions options)
    {
        var video = StereoRender.Run(options with { InfillMask = true, DestinationPath = Path(Guid.NewGuid() + ".mkv") }, null, TestContext.Current.CancellationToken);
        return (RawVideo.Read(video.Path), RawVideo.Read(video.InfillMaskPath!));
    }

    private PipelineResult Command(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, [.. line.Split(' ')]);

    private string Path(string name) => _folder[name];

    private sealed class Progress(Action<FrameProgress> report) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => report(value);
    }
}
