using MetricDepth.CommandLine;
using MetricDepth.Tests.Rendering;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Get-PointTrack as people type it, through the stand-in.</summary>
public sealed class PointTrackCommandTests : IDisposable
{
    private static readonly Lazy<byte[]> SmallClip = new(() =>
    {
        using var folder = new TempFolder();
        return File.ReadAllBytes(TestClip.Make(folder["c.mp4"], 64, 48, 0.2));
    });

    private static readonly Lazy<byte[]> Square = new(() =>
    {
        using var folder = new TempFolder();
        return File.ReadAllBytes(TestClip.Make(folder["c.mp4"], 48, 48, 0.2));
    });

    private static readonly Lazy<byte[]> Drifting = new(() =>
    {
        using var folder = new TempFolder();
        TestClip.Ffmpeg("-f", "lavfi", "-i", Drift, "-c:v", "libx264", "-crf", "12", "-pix_fmt", "yuv420p", "-r", "25", folder["c.mp4"]);
        return File.ReadAllBytes(folder["c.mp4"]);
    });

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_clip_becomes_a_tracking_file_and_a_video_of_its_trails()
    {
        File.WriteAllBytes(_folder["c.mp4"], Drifting.Value);
        var tracks = Assert.IsType<PointTracks>(Assert.Single(Run("Get-PointTrack c.mp4 -Visualize -MaxFrames 20").Output));
        Assert.Equal((_folder["c.mp4_tracking.json"], _folder["c.mp4"]), (tracks.Path, tracks.ColorPath));
        Assert.Equal((20, 0), (tracks.FrameCount, tracks.EmptyFrameCount));
        Assert.InRange(tracks.PointsPerFrame, 40, 600);
        // the picture drifts by two pixels a frame to the left and one up
        var first = tracks[0].ToDictionary(p => p.Id);
        var together = tracks[10].Where(p => first.ContainsKey(p.Id)).ToList();
        Assert.InRange(together.Count, 30, 600);
        // H.264 at its default quality moves corners by tenths of a pixel
        Assert.InRange(Median(together.Select(p => p.X - first[p.Id].X)), -20.1, -19.9);
        Assert.InRange(Median(together.Select(p => p.Y - first[p.Id].Y)), -10.1, -9.9);

        var trails = VideoProbe.Probe(_folder["c.mp4_tracking.mp4"], TestContext.Current.CancellationToken);
        Assert.Equal((320, 240, 20L, "h264"), (trails.Width, trails.Height, trails.FrameCount, trails.Codec));
        var plain = RawVideo.Read(_folder["c.mp4"]);
        var drawn = RawVideo.Read(trails.Path);
        // the paint is where the points are, and nowhere else
        var points = tracks[15];
        Assert.True(Mean(points.Take(50).Select(p => Difference(plain[15], drawn[15], 320, (int)p.X, (int)p.Y))) > 60);
        int untouched = Enumerable.Range(0, 320 * 240).Count(i => Difference(plain[15], drawn[15], 320, i % 320, i / 320) < 40);
        Assert.InRange(untouched / (320.0 * 240), 0.3, 0.95);
    }

    [Fact]
    public void Fewer_points_and_grids_are_had_for_the_asking()
    {
        File.WriteAllBytes(_folder["c.mp4"], Drifting.Value);
        Assert.InRange(Tracks("-MaxPoints 25").PointsPerFrame, 10, 25);
        var grid = Tracks("-Grid 20")[0];
        Assert.InRange(grid.Count, 100, 16 * 12);
        Assert.All(grid, p => Assert.Equal((grid[0].X % 20, grid[0].Y % 20), (p.X % 20, p.Y % 20)));
        // lost points are replaced in each frame rather than once the picture has moved on
        Assert.True(Tracks("-Every 1").Count > Tracks("-Every 15").Count);
    }

    [Fact]
    public void Nothing_is_tracked_under_the_mask_even_if_that_is_small()
    {
        File.WriteAllBytes(_folder["c.mp4"], Drifting.Value);
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=black:size=160x120:rate=25:duration=1,drawbox=x=80:w=80:h=120:color=white:t=fill", "-c:v", "ffv1", "-pix_fmt", "gray", _folder["mask.mkv"]);
        var tracks = Tracks("-MaskPath mask.mkv");
        Assert.True(tracks[0].Count > 20);
        // half a pixel of the mask is one of the clip
        for (int f = 0; f < tracks.FrameCount; f++) Assert.All(tracks[f], p => Assert.True(p.X < 161, $"frame {f}: {p}"));
        Assert.Contains(Tracks(null)[0], p => p.X > 200);
    }

    [Fact]
    public void A_cut_leaves_a_gap_and_new_tracks()
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "mandelbrot=size=320x240:rate=25,trim=end_frame=12", "-f", "lavfi", "-i", "color=black:size=320x240:rate=25,trim=end_frame=12",
            "-f", "lavfi", "-i", "cellauto=size=320x240:rate=25:rule=110,trim=end_frame=30", "-filter_complex", "[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[2:v]format=yuv420p,loop=30:1:29[c];[a][b][c]concat=n=3",
            "-c:v", "libx264", "-pix_fmt", "yuv420p", _folder["cut.mp4"]);
        var result = Run("Get-PointTrack cut.mp4");
        var tracks = Assert.IsType<PointTracks>(Assert.Single(result.Output));
        for (int f = 13; f < 24; f++) Assert.Empty(tracks[f]);
        var after = tracks[tracks.FrameCount - 1].Select(p => p.Id).ToHashSet();
        Assert.NotEmpty(after);
        Assert.DoesNotContain(tracks[5], p => after.Contains(p.Id));
        Assert.Contains("12-", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_black_clip_is_a_file_of_empty_frames_and_a_warning()
    {
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=black:size=64x48:rate=25:duration=0.4", "-c:v", "libx264", "-pix_fmt", "yuv420p", _folder["black.mp4"]);
        var result = Run("Get-PointTrack black.mp4 -Visualize");
        var tracks = Assert.IsType<PointTracks>(Assert.Single(result.Output));
        Assert.Equal((10, 10, 0L), (tracks.FrameCount, tracks.EmptyFrameCount, tracks.Count));
        Assert.Contains("frames 0-9", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-MaxPoints 0", "ParameterArgumentValidationError")]
    [InlineData("-MaxPoints 1000000000", "ParameterArgumentValidationError")]
    [InlineData("-Grid 1", "ParameterArgumentValidationError")]
    [InlineData("-Every 0", "ParameterArgumentValidationError")]
    [InlineData("-Grid 16 -MaxPoints 100", "GridHasItsOwnCount")]
    [InlineData("-MaskPath nowhere.mp4", "FileNotFound")]
    [InlineData("-MaskPath square.mp4", "MaskSizeMismatch")]
    [InlineData("-DestinationPath c.mp4", "DestinationIsInput")]
    [InlineData("-DestinationPath there.json", "DestinationExists")]
    [InlineData("-DestinationPath seen.json -Visualize", "DestinationExists")]
    [InlineData("-DestinationPath nofolder/x/t.json", "DestinationFolderNotFound")]
    public void What_cannot_be_done_is_one_named_error_and_no_file(string line, string errorId)
    {
        File.WriteAllBytes(_folder["c.mp4"], SmallClip.Value);
        File.WriteAllBytes(_folder["square.mp4"], Square.Value);
        foreach (string there in (string[])["there.json", "seen.mp4"]) File.WriteAllText(_folder[there], "precious");
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        var result = Run("Get-PointTrack c.mp4 " + line);
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
        Assert.Equal("precious", File.ReadAllText(_folder["there.json"]));
    }

    [Fact]
    public void WhatIf_writes_nothing_and_a_batch_goes_on_after_a_bad_file()
    {
        File.WriteAllBytes(_folder["a.mp4"], SmallClip.Value);
        File.WriteAllBytes(_folder["b.mp4"], SmallClip.Value);
        File.WriteAllText(_folder["aa.mp4"], "no video");
        Assert.Equal(3, Run("Get-PointTrack *.mp4 -Visualize -WhatIf").Information.Count);
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length);
        var result = Run("Get-PointTrack *.mp4 -DestinationPath tracks/");
        Assert.Equal(["a.mp4_tracking.json", "b.mp4_tracking.json"], result.Output.Select(t => ((PointTracks)t!).Name));
        Assert.StartsWith("NotAVideo,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_C_stops_within_a_second_and_leaves_nothing()
    {
        TestClip.Make(_folder["long.mp4"], 640, 480, 20);
        using var stop = new CancellationTokenSource();
        stop.CancelAfter(TimeSpan.FromSeconds(1.2));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var result = PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path, Cancellation = stop.Token }, "Get-PointTrack", "long.mp4", "-Visualize");
        // a second, and one more where everything else is busy
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3.2);
        Assert.Equal(130, result.ExitCode);
        Assert.Equal([_folder["long.mp4"]], Directory.GetFiles(_folder.Path));
    }

    private const string Drift = "mandelbrot=size=640x480:rate=25:start_scale=0.4:end_scale=0.4,trim=end_frame=1,loop=25:1:0,setpts=N/25/TB,crop=320:240:x='100+2*n':y='80+n'";

    private PointTracks Tracks(string? arguments) => Assert.IsType<PointTracks>(Assert.Single(Run($"Get-PointTrack c.mp4 -Force {arguments}".TrimEnd()).Output));

    private PipelineResult Run(string line) => PipelineRunner.Run(new PipelineOptions { Directory = _folder.Path }, [.. line.Split(' ')]);

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static double Mean(IEnumerable<int> values) => values.Average();

    private static int Difference(uint[] a, uint[] b, int width, int x, int y) =>
        Enumerable.Range(0, 3).Sum(c => Math.Abs((int)(a[y * width + x] >> 8 * c & 255) - (int)(b[y * width + x] >> 8 * c & 255)));
}
