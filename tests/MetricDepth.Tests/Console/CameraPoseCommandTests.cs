using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Rendering;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Get-PointTrack | Measure-CameraPose as people type it, through the stand-in, on a scene whose path is known.</summary>
public sealed class CameraPoseCommandTests(CameraPoseCommandTests.Film film, ITestOutputHelper output) : IClassFixture<CameraPoseCommandTests.Film>, IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>A second of a walk through the ray-cast room, with its exact depth and path.</summary>
    public sealed class Film : IDisposable
    {
        public const int Frames = 30;
        private readonly TempFolder _folder = new();

        public Film()
        {
            SceneClip.Run(new()
            {
                Scene = Scene.Room,
                Destination = _folder["walk.mp4"],
                Camera = Intrinsics.FromFieldOfView(320, 180, 66, null),
                Frames = Frames,
                DepthPath = _folder["walk.mp4_depth.mkv"],
            }, null, CancellationToken.None);
            TestClip.Make(_folder["c.mp4"], 64, 48, 0.2);
            DepthClip.Write(_folder["square.mkv"], 48, 48, 5, (_, _, _) => 2);
        }

        /// <summary>Copies some of walk.mp4, its depth, c.mp4 (a small clip) and square.mkv (depth of another shape).</summary>
        public void CopyTo(string folder, params string[] names)
        {
            foreach (string name in names) File.Copy(_folder[name], Path.Combine(folder, name));
        }

        public void Dispose() => _folder.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_clip_and_its_depth_become_a_path_in_metres_that_the_renderers_take()
    {
        film.CopyTo(_folder.Path, "walk.mp4", "walk.mp4_depth.mkv");
        var depth = Assert.IsType<DepthVideo>(Assert.Single(Run("Get-DepthVideo walk.mp4_depth.mkv").Output));
        var result = PipelineRunner.Run(At, "Get-PointTrack", "walk.mp4", "|", "Measure-CameraPose", "-DepthVideo", depth, "-Visualize");
        Assert.Empty(result.Warnings);
        var path = Assert.IsType<CameraPath>(Assert.Single(result.Output));
        Assert.Equal(_folder["walk.mp4_depth.mkv_transformations.json"], path.Path);
        Assert.Equal((Film.Frames, CameraPathScale.Metric, 0), (path.FrameCount, path.Scale, path.BridgedFrameCount));
        Assert.True(path.KeyframeCount >= 2);
        var error = Trajectory.CompareMetric(path.Poses, Scene.Room.Path(Film.Frames).Poses);
        output.WriteLine($"ATE {100 * error.Error:F2} cm of {path.Length:F2} m, {error.RotationError:F3}°, reprojection {path.ReprojectionError:F2} px, inliers {path.InlierShare:P0}");
        // it is 0.08 cm and 0.03 degrees; tracks of an H.264 clip of 320 pixels are known to a quarter of a pixel, half a centimetre at 3 m
        Assert.InRange(error.Error, 0, 0.003);
        Assert.InRange(error.RotationError, 0, 0.1);
        Assert.Equal(path.Poses, CameraPath.Load(path.Path!).Poses);
        var video = VideoProbe.Probe(_folder["walk.mp4_depth.mkv_transformations.mp4"], TestContext.Current.CancellationToken);
        Assert.Equal((long)Film.Frames, video.FrameCount);

        foreach (string line in (string[])["Invoke-StereoRender walk.mp4_depth.mkv -MaxFrames 2 -CameraPath", "Invoke-DepthRender walk.mp4_depth.mkv -MaxFrames 2 -Position 0.1,0,0 -CameraPath"])
        {
            var rendered = PipelineRunner.Run(At, [.. line.Split(' '), path]);
            Assert.Empty(rendered.Errors);
            Assert.True(rendered.Output[0] is StereoVideo or ViewVideo);
        }
        Assert.Contains("walk.mp4_depth.mkv", Assert.Single(PipelineRunner.Run(At, "ConvertTo-MetricDepth", "walk.mp4", "-Force", "-WhatIf", "-CameraPath", path).Information), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_depth_the_path_is_right_up_to_one_factor_and_said_to_be()
    {
        film.CopyTo(_folder.Path, "walk.mp4", "walk.mp4_depth.mkv");
        var result = Run("Get-PointTrack walk.mp4 | Measure-CameraPose -XFov 66");
        var path = Assert.IsType<CameraPath>(Assert.Single(result.Output));
        Assert.Equal((_folder["walk.mp4_transformations.json"], CameraPathScale.Relative), (path.Path, path.Scale));
        Assert.Contains("one factor", Assert.Single(result.Warnings), StringComparison.Ordinal);
        var error = Trajectory.Compare(path.Poses, Scene.Room.Path(Film.Frames).Poses);
        output.WriteLine($"ATE {100 * error.Error:F2} cm after similarity, {error.RotationError:F3}°");
        // it is 0.09 cm of 36
        Assert.InRange(error.Error, 0, 0.004);
    }

    [Fact]
    public void A_path_handed_on_as_an_object_never_makes_metres_of_what_is_none()
    {
        film.CopyTo(_folder.Path, "walk.mp4");
        string file = _folder["path.json"];
        Scene.Room.Path(Film.Frames).Save(file);
        var path = CameraPath.Load(file);
        PipelineResult Convert(object given, string more = "") => PipelineRunner.Run(At,
            [.. $"ConvertTo-MetricDepth walk.mp4 -XFov 66 -InputSize 96 -MaxResolution 128 -Force{more}".Split(' '), "-CameraPath", given]);
        DepthScale? Scale(PipelineResult result)
        {
            Assert.Empty(result.Errors);
            return Assert.IsType<DepthVideo>(Assert.Single(result.Output)).Scale;
        }
        string? Failure(PipelineResult result)
        {
            Assert.Empty(result.Output);
            return Assert.Single(result.Errors).FullyQualifiedErrorId?.Split(',')[0];
        }

        var relative = Convert(path with { Scale = CameraPathScale.Relative });
        Assert.Equal(DepthScale.Assumed, Scale(relative));
        Assert.Contains("-MedianDepth", Assert.Single(relative.Warnings), StringComparison.Ordinal);
        var known = Convert(path with { Scale = CameraPathScale.Relative }, " -MedianDepth 3");
        Assert.Equal(DepthScale.Metric, Scale(known));
        Assert.Empty(known.Warnings);
        Assert.Equal("CameraPathWithoutDistance", Failure(Convert(path with { Scale = CameraPathScale.None })));

        // a file cannot say what its unit is; files are in metres
        foreach (object metric in (object[])[path with { Scale = CameraPathScale.Metric }, path, "path.json", new FileInfo(file)])
            Assert.Equal("ScaleGivenTwice", Failure(Convert(metric, " -MedianDepth 3")));
        foreach (object nothing in (object[])[path with { Path = null, Scale = CameraPathScale.Relative }, ""])
            Assert.Equal("CannotConvertArgumentNoMessage", Failure(Convert(nothing)));
    }

    [Fact]
    public void Whole_pixels_as_the_toolbox_writes_them_give_nearly_the_same_path()
    {
        film.CopyTo(_folder.Path, "walk.mp4", "walk.mp4_depth.mkv");
        var ours = Assert.IsType<PointTracks>(Assert.Single(Run("Get-PointTrack walk.mp4").Output));
        // json.dumps of lists of integers, newest ids first
        File.WriteAllText(_folder["theirs.json"], "[" + string.Join(", ", Enumerable.Range(0, ours.FrameCount).Select(f =>
            "[" + string.Join(", ", ours[f].Reverse().Select(p => $"[{p.Id}, {(int)p.X}, {(int)p.Y}]")) + "]")) + "]");
        var path = Assert.IsType<CameraPath>(Assert.Single(Run("Measure-CameraPose theirs.json -DepthVideo walk.mp4_depth.mkv -ColorPath walk.mp4 -DestinationPath out/").Output));
        Assert.Equal(_folder["out/walk.mp4_depth.mkv_transformations.json"], path.Path);
        var error = Trajectory.CompareMetric(path.Poses, Scene.Room.Path(Film.Frames).Poses);
        output.WriteLine($"ATE {100 * error.Error:F2} cm, {error.RotationError:F3}°");
        // half a pixel up and to the left on average is 0.1 degrees of the lens, not of the path; what is left is rounding noise
        Assert.InRange(error.Error, 0, 0.012);
        Assert.InRange(error.RotationError, 0, 0.4);
    }

    [Fact]
    public void What_is_known_of_the_motion_is_kept_to()
    {
        film.CopyTo(_folder.Path, "walk.mp4", "walk.mp4_depth.mkv");
        Run("Get-PointTrack walk.mp4");
        var still = Solve("-StationaryCamera");
        Assert.All(still.Poses, p => Assert.Equal(0, p.Translation.Length, 1e-9));
        Assert.Contains(still.Poses, p => p.Rotation.Angle > 0.01);
        var flat = Solve("-NoDepthMotion");
        Assert.All(flat.Poses, p => Assert.Equal(0, p.Translation.Z, 1e-6));
        Assert.Contains(flat.Poses, p => p.Translation.Length > 0.05);
        Assert.Equal(10, Solve("-MaxFrames 10").FrameCount);
    }

    [Theory]
    [InlineData("c.mp4_tracking.json -StationaryCamera -NoDepthMotion -XFov 60", "MotionContradiction")]
    [InlineData("c.mp4_tracking.json -MinConfidence 0.5 -XFov 60", "ConfidenceWithoutDepth")]
    [InlineData("c.mp4_tracking.json -StrictMask -XFov 60", "StrictMaskWithoutMask")]
    [InlineData("c.mp4_tracking.json -DepthVideo nowhere.mkv", "FileNotFound")]
    [InlineData("c.mp4_tracking.json -DepthVideo c.mp4", "NotADepthVideo")]
    [InlineData("c.mp4_tracking.json -DepthVideo square.mkv -XFov 60", "DepthSizeMismatch")]
    [InlineData("c.mp4_tracking.json -XFov 0", "ParameterArgumentValidationError")]
    [InlineData("c.mp4_tracking.json -MaskPath nowhere.mp4 -XFov 60", "FileNotFound")]
    [InlineData("c.mp4_tracking.json -XFov 60 -DestinationPath there.json", "DestinationExists")]
    [InlineData("c.mp4_tracking.json -XFov 60 -DestinationPath c.mp4_tracking.json -Force", "DestinationIsInput")]
    [InlineData("lone.json -XFov 60", "ColorVideoUnknown")]
    [InlineData("empty.json -ColorPath c.mp4 -XFov 60", "TracksEmpty")]
    [InlineData("none.json -ColorPath c.mp4 -XFov 60", "TracksEmpty")]
    [InlineData("bad.json -ColorPath c.mp4", "TracksMalformed")]
    [InlineData("c.mp4 -ColorPath c.mp4", "TracksMalformed")]
    [InlineData("nowhere.json", "FileNotFound")]
    public void What_cannot_be_done_is_one_named_error_and_no_file(string line, string errorId)
    {
        film.CopyTo(_folder.Path, "c.mp4", "square.mkv");
        File.WriteAllText(_folder["c.mp4_tracking.json"], "[[[1,2,3]],[[1,2,3]]]");
        File.WriteAllText(_folder["lone.json"], "[[[1,2,3]],[[1,2,3]]]");
        File.WriteAllText(_folder["empty.json"], "[]");
        File.WriteAllText(_folder["none.json"], "[[],[[1,NaN,2]]]");
        File.WriteAllText(_folder["bad.json"], "{\"frames\":[]}");
        File.WriteAllText(_folder["there.json"], "precious");
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        var result = Run("Measure-CameraPose " + line);
        Assert.Empty(result.Output);
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
        Assert.Equal("precious", File.ReadAllText(_folder["there.json"]));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        film.CopyTo(_folder.Path, "c.mp4");
        File.WriteAllText(_folder["c.mp4_tracking.json"], "[[[1,2,3]]]");
        var result = Run("Measure-CameraPose c.mp4_tracking.json -Visualize -WhatIf");
        Assert.Contains("c.mp4_transformations.json", Assert.Single(result.Information), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    private PipelineOptions At => new() { Directory = _folder.Path };

    private CameraPath Solve(string arguments) =>
        Assert.IsType<CameraPath>(Assert.Single(Run($"Measure-CameraPose walk.mp4_tracking.json -DepthVideo walk.mp4_depth.mkv -Force {arguments}").Output));

    private PipelineResult Run(string line) => PipelineRunner.Run(At, [.. line.Split(' ')]);
}
