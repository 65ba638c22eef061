using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Measurement;
using MetricDepth.Tests.Rendering;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Tests.Motion.Measurement;

/// <summary>What surrounds the solvers: what they are given, and what the user is told of their answer.</summary>
public sealed class CameraPoseMeasurementTests : IDisposable
{
    private readonly TrackedFiles _files = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(TrackedFiles.Width, TrackedFiles.Height)]
    [InlineData(TrackedFiles.Width / 2, TrackedFiles.Height / 2)]
    public void A_solver_sees_each_point_with_the_depth_under_it(int width, int height)
    {
        _files.MakeColor();
        _files.MakeDepth(width, height);
        var solver = new WatchingSolver(() => { });
        Measure(solver, Options(_files.MakeTracks(isSeen: (f, id) => id != 30 || f % 3 != 0)));
        Assert.Equal(TrackedFiles.Frames, solver.Given.Count);
        var places = TrackedFiles.Places(6).ToArray();
        foreach (var frame in solver.Given)
        {
            Assert.Equal(frame.Index % 3 == 0 ? places.Length - 1 : places.Length, frame.Ids.Length);
            Assert.Equal(frame.Ids.Order(), frame.Ids);
            for (int i = 0; i < frame.Ids.Length; i++)
            {
                Assert.Equal(places[frame.Ids[i] / 10], frame.Points[i]);
                // steps of 0.3 mm
                if (frame.Depths[i] > 0) Assert.Equal(TrackedFiles.Wall(frame.Points[i].X), frame.Depths[i], 0.002);
            }
            // beyond the outermost pixels' centres there is no slope to go by
            Assert.True(frame.Depths.Count(d => d > 0) > 0.7 * frame.Depths.Length);
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Points_under_the_mask_are_left_out_there_or_everywhere()
    {
        _files.MakeColor();
        _files.MakeDepth();
        var tracks = _files.MakeTracks();
        // at half the size; white on the right half, in frames 2 and 3 only
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=black:size=32x24:rate=25:duration=0.32,drawbox=x=16:w=16:h=24:color=white:t=fill:enable='between(n,2,3)'",
            "-c:v", "ffv1", "-pix_fmt", "gray", _files.Folder["mask.mkv"]);
        var options = Options(tracks) with { MaskPath = _files.Folder["mask.mkv"] };
        var solver = new WatchingSolver(() => { });
        Measure(solver, options);
        int all = TrackedFiles.Places(6).Count(), right = TrackedFiles.Places(6).Count(p => p.X > 31.5);
        Assert.Equal([all, all, all - right, all - right, all, all, all, all], solver.Given.Select(f => f.Ids.Length));
        var strict = new WatchingSolver(() => { });
        Measure(strict, options with { Mask = MaskMeaning.WholeTrack });
        Assert.All(strict.Given, f => Assert.Equal(all - right, f.Ids.Length));
        Assert.All(strict.Given, f => Assert.All(f.Points, p => Assert.True(p.X < 32)));
    }

    [Fact]
    public void A_second_pass_is_the_same_and_decodes_nothing()
    {
        _files.MakeColor();
        _files.MakeDepth();
        var problem = default(PoseProblem);
        int passes = 0;
        IEnumerable<SightedFrame> Again()
        {
            File.Delete(_files.Depth);
            passes++;
            return problem!.Read(TestContext.Current.CancellationToken);
        }
        List<SightedFrame> again = [];
        var solver = new WatchingSolver(() => { });
        CameraPoseMeasurement.Run(Options(_files.MakeTracks()), p =>
        {
            problem = p;
            return new AfterSolving(solver, () => again.AddRange(Again()));
        }, null, TestContext.Current.CancellationToken);
        Assert.Equal(1, passes);
        Assert.Equal(solver.Given.Count, again.Count);
        foreach (var (a, b) in solver.Given.Zip(again))
        {
            Assert.Equal(a.Index, b.Index);
            Assert.Equal(a.Ids, b.Ids);
            Assert.Equal(a.Points, b.Points);
            Assert.Equal(a.Depths, b.Depths);
        }
    }

    [Fact]
    public void Of_dense_grids_the_same_even_share_of_tracks_is_taken_in_every_frame()
    {
        TestClip.Make(_files.Color, 640, 480, 0.12);
        using (var writer = PointTracksWriter.Open(_files.Folder["c.mp4_tracking.json"], overwrite: true))
        {
            for (int f = 0; f < 3; f++)
                writer.Write([.. Enumerable.Range(0, 20_000)], [.. Enumerable.Range(0, 20_000).Select(i => new System.Numerics.Vector2(i % 640, i / 640 * 15))]);
            writer.Complete(_files.Color);
        }
        var solver = new WatchingSolver(() => { });
        Measure(solver, Options(PointTracks.Load(_files.Folder["c.mp4_tracking.json"], null, TestContext.Current.CancellationToken)) with { DepthPath = null, HorizontalFov = 60 });
        // a share, taken by a hash
        Assert.InRange(solver.Given[0].Ids.Length, 0.9 * TrackedClip.MostPoints, 1.1 * TrackedClip.MostPoints);
        Assert.All(solver.Given, f => Assert.Equal(solver.Given[0].Ids, f.Ids));
        var quarters = solver.Given[0].Points.GroupBy(p => (p.X >= 320, p.Y > 235)).Select(g => g.Count()).ToList();
        Assert.InRange(quarters.Min() / (double)quarters.Max(), 0.85, 1);
    }

    [Theory]
    [InlineData("Import", DepthScale.Metric, DepthTrust.Measured, CameraPathScale.Metric)]
    [InlineData("Scene", DepthScale.Metric, DepthTrust.Measured, CameraPathScale.Metric)]
    [InlineData(null, DepthScale.Metric, DepthTrust.Estimated, CameraPathScale.Metric)]
    [InlineData("MotionStereo", DepthScale.Metric, DepthTrust.Estimated, CameraPathScale.Metric)]
    [InlineData("MotionStereo", DepthScale.Assumed, DepthTrust.Estimated, CameraPathScale.Relative)]
    [InlineData("Import", DepthScale.Relative, DepthTrust.Estimated, CameraPathScale.Relative)]
    internal void Sensors_are_trusted_more_than_models_and_assumed_metres_stay_assumed(string? estimator, DepthScale scale, DepthTrust trust, CameraPathScale expected)
    {
        _files.MakeColor();
        var facts = new DepthVideo
        {
            Path = _files.Depth,
            Width = TrackedFiles.Width,
            Height = TrackedFiles.Height,
            FrameRate = new(25),
            HorizontalFov = 60,
            Estimator = estimator,
            Scale = scale,
        };
        using (var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken))
        {
            var plane = new MetricDepth.Imaging.Plane<float>(TrackedFiles.Width, TrackedFiles.Height);
            plane.Span.Fill(2);
            for (int f = 0; f < TrackedFiles.Frames; f++) writer.Write(plane);
            writer.Complete();
        }
        DepthTrust? given = null;
        var path = CameraPoseMeasurement.Run(Options(_files.MakeTracks()), p =>
        {
            given = p.Depth;
            return new WatchingSolver(() => { });
        }, new Collector(_warnings), TestContext.Current.CancellationToken);
        Assert.Equal((trust, expected), (given, path.Scale));
        Assert.Equal(expected == CameraPathScale.Relative, _warnings.Any(w => w.Contains("one factor", StringComparison.Ordinal)));
    }

    [Fact]
    public void Frames_in_doubt_are_named()
    {
        _files.MakeColor();
        _files.MakeDepth();
        var solver = new WatchingSolver(() => { })
        {
            Quality = f => f switch
            {
                0 => new(f, PoseState.Held, false, 0, 0, double.NaN, double.NaN, double.NaN),
                3 or 4 => new(f, PoseState.Bridged, false, 3, 0, double.NaN, double.NaN, double.NaN),
                6 => new(f, PoseState.Solved, false, 50, 10, 0.5, 0.01, 0.1),
                7 => new(f, PoseState.Solved, false, 50, 45, 2.5, 0.01, 0.1),
                _ => new(f, PoseState.Solved, f == 1, 50, 45, 0.1, 0.01, 0.1),
            },
        };
        var path = Measure(solver, Options(_files.MakeTracks()));
        Assert.Equal(3, _warnings.Count);
        Assert.Contains(_warnings, w => w.Contains("frames 3-4", StringComparison.Ordinal));
        Assert.Contains(_warnings, w => w.Contains("frame 0.", StringComparison.Ordinal));
        Assert.Contains(_warnings, w => w.Contains("frames 6-7", StringComparison.Ordinal));
        Assert.Equal((3, 1), (path.BridgedFrameCount, path.KeyframeCount));
    }

    [Fact]
    public void Depth_and_masks_that_end_early_and_points_outside_the_picture_are_told()
    {
        _files.MakeColor();
        _files.MakeDepth(frames: 5);
        TestClip.Ffmpeg("-f", "lavfi", "-i", "color=black:size=64x48:rate=25:duration=0.12", "-c:v", "ffv1", "-pix_fmt", "gray", _files.Folder["mask.mkv"]);
        using (var writer = PointTracksWriter.Open(_files.Folder["far.json"], overwrite: false))
        {
            for (int f = 0; f < TrackedFiles.Frames; f++) writer.Write([1, 2, 3, 4], [new(5, 5), new(50, 40), new(500, 40), new(-3, 4)]);
            writer.Complete(_files.Color);
        }
        var solver = new WatchingSolver(() => { });
        Measure(solver, Options(PointTracks.Load(_files.Folder["far.json"], _files.Color, TestContext.Current.CancellationToken)) with { MaskPath = _files.Folder["mask.mkv"] });
        Assert.All(solver.Given, f => Assert.Equal([1, 2], f.Ids));
        Assert.Equal([true, true, true, true, true, false, false, false], solver.Given.Select(f => f.Depths[0] > 0));
        Assert.Equal(["50 %", "5 of 8", "3 of 8"], new[] { "50 %", "5 of 8", "3 of 8" }.Where(s => _warnings.Any(w => w.Contains(s, StringComparison.Ordinal))));
    }

    [Fact]
    public void The_result_and_its_file_say_the_same_and_read_back_to_the_last_bit()
    {
        _files.MakeColor();
        _files.MakeDepth();
        var solver = new WatchingSolver(() => { });
        var path = Measure(solver, Options(_files.MakeTracks()) with { DestinationPath = null });
        Assert.Equal(_files.Depth + "_transformations.json", path.Path);
        Assert.Equal((8, 8, CameraPathScale.Metric, 0.6, 0.9, 1, 2, 0), (path.FrameCount, path.Frames.Count, path.Scale, path.ReprojectionError!.Value, path.InlierShare!.Value, path.LoopsClosed!.Value, path.KeyframeCount, path.BridgedFrameCount));
        Assert.Equal(7 * Math.Sqrt(0.1 * 0.1 + 0.02 * 0.02), path.Length, 1e-12);
        Assert.Equal(path.Path, path.ToString());
        Assert.Equal(Enumerable.Range(0, 8).Select(f => solver.Pose(f)), CameraPath.Load(path.Path!).Poses);
    }

    [Fact]
    public void The_toolboxs_transformations_read_written_and_read_again_are_the_same()
    {
        // as json.dumps writes numpy's lists
        File.WriteAllText(_files.Folder["theirs.json"],
            "[[[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]], "
            + "[[0.9999500004166653, 0.0, 0.009999833334166664, 0.012345678901234567], [0.0, 1.0, 0.0, -1e-05], [-0.009999833334166664, 0.0, 0.9999500004166653, 3.0000000000000004], [0.0, 0.0, 0.0, 1.0]]]");
        var theirs = CameraPath.Load(_files.Folder["theirs.json"]);
        Assert.Equal(0.012345678901234567, theirs.Poses[1].Translation.X);
        Assert.Equal(3.0000000000000004, theirs.Poses[1].Translation.Z);
        theirs.Save(_files.Folder["ours.json"]);
        var again = CameraPath.Load(_files.Folder["ours.json"]);
        Assert.Equal(theirs.Poses, again.Poses);
        again.Save(_files.Folder["ours2.json"]);
        Assert.Equal(File.ReadAllText(_files.Folder["ours.json"]), File.ReadAllText(_files.Folder["ours2.json"]));
    }

    [Fact]
    public void The_video_shows_the_clip_with_its_points_beside_the_path_from_above()
    {
        TestClip.Make(_files.Color, 160, 120, TrackedFiles.Frames / 25.0);
        using (var writer = PointTracksWriter.Open(_files.Folder["c.mp4_tracking.json"], overwrite: false))
        {
            for (int f = 0; f < TrackedFiles.Frames; f++) writer.Write([1, 2], [new(40, 60), new(100 + 5 * f, 30)]);
            writer.Complete(_files.Color);
        }
        // the camera stands still, so point 1 is where it should be, and point 2 moves by itself
        var solver = new WatchingSolver(() => { }) { Pose = _ => Pose.Identity, Scale = CameraPathScale.None };
        Measure(solver, Options(PointTracks.Load(_files.Folder["c.mp4_tracking.json"], null, TestContext.Current.CancellationToken)) with { DepthPath = null, HorizontalFov = 60, Visualize = true });
        var video = VideoProbe.Probe(_files.Folder["c.mp4_transformations.mp4"], TestContext.Current.CancellationToken);
        Assert.Equal((160 + 72, 120, 8L, "h264"), (video.Width, video.Height, video.FrameCount, video.Codec));
        var frames = RawVideo.Read(video.Path);
        (int R, int G, int B) At(int frame, int x, int y) => ((int)(frames[frame][y * 232 + x] >> 16 & 255), (int)(frames[frame][y * 232 + x] >> 8 & 255), (int)(frames[frame][y * 232 + x] & 255));
        // H.264 halves the colours' size
        Assert.True(At(5, 40, 60) is { G: > 150, R: < 220, B: < 170 }, $"a point in its place is green: {At(5, 40, 60)}");
        Assert.True(At(5, 125, 30) is { R: > 130, G: < 130, B: > 130 }, $"one that moves is magenta: {At(5, 125, 30)}");
        Assert.True(At(4, 0, 60) is { R: > 180, B: < 120 }, $"a keyframe has an orange frame: {At(4, 0, 60)}");
        Assert.False(At(5, 0, 60) is { R: > 180, G: > 120 and < 190, B: < 80 });
        Assert.True(At(5, 160 + 10, 110) is { R: < 60, G: < 60, B: < 60 });
        Assert.True(At(5, 160 + 36, 60) is { B: > 150 }, $"the camera is in the middle of the map: {At(5, 196, 60)}");
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        _files.MakeColor();
        _files.MakeDepth();
        var tracks = _files.MakeTracks();
        var before = Directory.GetFiles(_files.Folder.Path).Order().ToArray();
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => CameraPoseMeasurement.Run(Options(tracks), _ => new WatchingSolver(stop.Cancel), null, stop.Token));
        Assert.Equal(before, Directory.GetFiles(_files.Folder.Path).Order());
    }

    [Fact]
    public void A_depth_video_of_another_rate_is_paired_by_time()
    {
        _files.MakeColor();
        // every second frame of the clip; depth says which
        _files.MakeDepth(frames: 4, depth: (_, _, f) => 1 + f, rate: "25/2");
        var solver = new WatchingSolver(() => { });
        Measure(solver, Options(_files.MakeTracks()));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], solver.Given.Select(f => (int)MathF.Round(f.Depths[30])));
    }

    [Fact]
    public void Unsure_depth_is_not_taken()
    {
        _files.MakeColor();
        var facts = new DepthVideo
        {
            Path = _files.Depth,
            Width = TrackedFiles.Width,
            Height = TrackedFiles.Height,
            FrameRate = new(25),
            HorizontalFov = 60,
            ConfidencePath = OutputName.ConfidenceVideo(_files.Depth),
        };
        using (var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken))
        {
            var (depth, sure) = (new MetricDepth.Imaging.Plane<float>(TrackedFiles.Width, TrackedFiles.Height), new MetricDepth.Imaging.Plane<float>(TrackedFiles.Width, TrackedFiles.Height));
            depth.Span.Fill(2);
            for (int y = 0; y < TrackedFiles.Height; y++) sure.Row(y)[..(TrackedFiles.Width / 2)].Fill(0.8f);
            for (int f = 0; f < TrackedFiles.Frames; f++) writer.Write(depth, sure);
            writer.Complete();
        }
        var solver = new WatchingSolver(() => { });
        Measure(solver, Options(_files.MakeTracks()) with { MinConfidence = 0.5 });
        foreach (var frame in solver.Given)
            for (int i = 0; i < frame.Ids.Length; i++)
                if (frame.Points[i].X is < 28 or > 32) Assert.Equal(frame.Points[i].X < 28 ? 2 : 0, frame.Depths[i], 0.001f);
    }

    [Fact]
    public void Without_the_clip_its_depth_video_tells_size_and_rate()
    {
        _files.MakeDepth();
        var path = Measure(new WatchingSolver(() => { }), Options(_files.MakeTracks()) with { DestinationPath = null });
        Assert.Equal(_files.Depth + "_transformations.json", path.Path);
    }

    private CameraPoseOptions Options(PointTracks tracks) => new()
    {
        Tracks = tracks,
        DepthPath = _files.Depth,
        Overwrite = true,
    };

    private CameraPath Measure(WatchingSolver solver, CameraPoseOptions options) =>
        CameraPoseMeasurement.Run(options, _ => solver, new Collector(_warnings), TestContext.Current.CancellationToken);

    private sealed class Collector(List<string> warnings) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            if (value.Kind == MessageKind.Warning) lock (warnings) warnings.Add(string.Create(CultureInfo.InvariantCulture, $"{value.Message}"));
        }
    }

    private sealed class AfterSolving(IPoseSolver solver, Action then) : IPoseSolver
    {
        public PoseSolution Solve(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
        {
            var solution = solver.Solve(problem, progress, cancellation);
            then();
            return solution;
        }
    }
}
