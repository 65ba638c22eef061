using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Export;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.CommandLine;

/// <summary>Export-CameraPath and Import-CameraPath as people type them, through the stand-in.</summary>
public sealed class CameraPathCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_measured_path_needs_nothing_else_and_comes_back_the_same()
    {
        SceneClip.Run(new()
        {
            Scene = Scene.Room,
            Destination = _folder["walk.mp4"],
            Camera = Intrinsics.FromFieldOfView(256, 144, 66, null),
            Frames = 24,
            DepthPath = _folder["walk.mp4_depth.mkv"],
        }, null, CancellationToken.None);
        var tracks = Assert.Single(Run("Get-PointTrack walk.mp4").Output);
        var path = Assert.IsType<CameraPath>(Assert.Single(PipelineRunner.Run(At, "Measure-CameraPose", "-PointTracks", tracks, "-DepthVideo", "walk.mp4_depth.mkv").Output));
        Assert.Equal((_folder["walk.mp4"], 25.0, 256, 144), (path.ColorPath, path.FramesPerSecond, path.Camera!.Value.Width, path.Camera.Value.Height));
        Assert.Equal(66, path.HorizontalFov!.Value, 1e-6);

        var result = PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Colmap", "-Tracks", tracks, "-Images", "-Every", "6");
        Assert.Empty(result.Errors);
        Assert.Equal(["cameras.txt", "images.txt", "points3D.txt"], result.Output.Cast<FileInfo>().Select(f => f.Name));
        string model = _folder["walk.mp4_depth.mkv_colmap"];
        Assert.Equal(4, Directory.GetFiles(Path.Combine(model, "images"), "*.png").Length);
        // a room that is textured everywhere, seen from beside
        Assert.True(File.ReadLines(Path.Combine(model, "sparse/0/points3D.txt")).Count(l => !l.StartsWith('#')) > 50);
        foreach (string format in (string[])["Nerfstudio", "Tum", "Kitti", "Blender"])
            Assert.Empty(PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", format).Errors);

        foreach (string source in (string[])["walk.mp4_depth.mkv_colmap", "walk.mp4_depth.mkv_nerfstudio", "walk.mp4_depth.mkv_tum.txt", "walk.mp4_depth.mkv_kitti.txt"])
        {
            var read = Run($"Import-CameraPath {source} -ColorPath walk.mp4 -Force -Metric");
            Assert.Empty(read.Errors);
            var back = Assert.IsType<CameraPath>(Assert.Single(read.Output));
            Assert.Equal((24, CameraPathScale.Metric, _folder["walk.mp4_transformations.json"]), (back.FrameCount, back.Scale, back.Path));
            // every sixth frame is in the model
            RandomPath.AssertSame(path.Poses.Where((_, i) => i % 6 == 0), back.Poses.Where((_, i) => i % 6 == 0), 1e-6);
            if (source.EndsWith("colmap", StringComparison.Ordinal)) Assert.Contains(read.Warnings, w => w.Contains("15 of 24 frames", StringComparison.Ordinal));
            Assert.DoesNotContain(read.Warnings, w => w.Contains("does not have", StringComparison.Ordinal));
        }
        // the pictures have the clip's own numbers: counted in sixths, three of four lie behind its end
        Assert.Contains(Run("Import-CameraPath walk.mp4_depth.mkv_colmap -ColorPath walk.mp4 -Metric -Every 6 -DestinationPath sixths.json").Warnings,
            w => w.Contains("3 of the 4 poses", StringComparison.Ordinal) && w.Contains("-Every", StringComparison.Ordinal));
        var imported = CameraPath.Load(_folder["walk.mp4_transformations.json"]);
        var rendered = PipelineRunner.Run(At, "Invoke-StereoRender", "walk.mp4_depth.mkv", "-MaxFrames", "2", "-CameraPath", imported);
        Assert.Empty(rendered.Errors);
    }

    [Fact]
    public void WhatIf_says_how_much_disk_pictures_take_and_writes_nothing()
    {
        var path = RandomPath.Make(90) with { Path = _folder["p.json"], Camera = new(1920, 1080, 1500, 1500, 959.5, 539.5) };
        var result = PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Nerfstudio", "-Images", "-Every", "3", "-WhatIf");
        string said = Assert.Single(result.Information);
        Assert.Contains("30 files, about 93.3 MB", said, StringComparison.Ordinal);
        Assert.Contains("p.json_nerfstudio", said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void WhatIf_says_that_depth_comes_along()
    {
        var path = RandomPath.Make(90) with { Path = _folder["p.json"], Camera = new(1920, 1080, 1500, 1500, 959.5, 539.5) };
        string said = Assert.Single(PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Nerfstudio", "-Images", "-DepthImages", "-DepthPoints", "-Every", "3", "-WhatIf").Information);
        Assert.Contains("with pictures (30 files, about 93.3 MB) and depth pictures (30 files, up to 124.5 MB) and up to 500000 points of the depth", said, StringComparison.Ordinal);
        // nobody knows how large the clip is
        Assert.Contains("with depth pictures\"", Assert.Single(PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path with { Camera = null }, "-Format", "Nerfstudio", "-DepthImages", "-WhatIf").Information), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Depth_that_does_not_belong_to_the_path_is_refused_by_name()
    {
        var depth = DepthClip.Small(_folder);
        var path = RandomPath.Make(DepthClip.SmallFrames) with { Camera = Intrinsics.FromFieldOfView(34, 18, 60, null), ColorPath = _folder["clip.mp4"] };
        File.WriteAllText(_folder["t.json"], "[[[1,2,3]]]");
        Assert.Equal("DepthImagesNotUsed", Refused(path, depth, "Colmap", "-DepthImages"));
        Assert.Equal("DepthPointsNotUsed", Refused(path, depth, "Kitti", "-DepthPoints"));
        Assert.Equal("PointsAmbiguous", Refused(path, depth, "Colmap", "-DepthPoints", "-Tracks", "t.json"));
        Assert.Equal("DepthVideoUnknown", Refused(path, null, "Nerfstudio", "-DepthImages"));
        Assert.Equal("CameraPathNotMetric", Refused(path with { Scale = CameraPathScale.Relative }, depth, "Nerfstudio", "-DepthImages"));
        Assert.Equal("NotADepthVideo", Refused(path, "clip.mp4", "Nerfstudio", "-DepthImages"));
        Assert.Equal("DepthVideoTooShort", Refused(path with { Poses = RandomPath.Make(9).Poses }, depth, "Nerfstudio", "-DepthImages"));
        Assert.Equal("DepthVideoTooShort", Refused(path with { Poses = RandomPath.Make(6).Poses }, depth, "Nerfstudio", "-DepthImages"));
        Assert.Equal("DepthVideoTooShort", Refused(path with { Poses = RandomPath.Make(6).Poses }, depth, "Colmap", "-DepthPoints"));
        var empty = DepthClip.Write(_folder["empty.mkv"], 34, 18, DepthClip.SmallFrames, (_, _, _) => 0, depth.ColorPath);
        Assert.Equal("DepthEmpty", Refused(path, empty, "Colmap", "-DepthPoints"));
        var slow = DepthClip.Write(_folder["slow.mkv"], 34, 18, 3, DepthClip.Room, depth.ColorPath, rate: "12.5");
        Assert.Equal("DepthRateMismatch", Refused(path, slow, "Nerfstudio", "-DepthPoints"));
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/sparse_pc.ply"], "mine");
        Assert.Equal("DestinationExists", Error(PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Nerfstudio", "-DepthPoints", "-DepthVideo", depth, "-DestinationPath", "out")));
        Assert.Equal("mine", File.ReadAllText(_folder["out/sparse_pc.ply"]));
        Assert.Empty(PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Nerfstudio", "-DepthPoints", "-DepthVideo", depth, "-DestinationPath", "out", "-Force").Errors);
    }

    [Fact]
    public void Assumed_metres_fit_a_path_that_was_measured_with_them()
    {
        var small = DepthClip.Small(_folder);
        string assumed = Assumed("assumed.mp4_depth.mkv", small.ColorPath!);
        var path = RandomPath.Make(2) with { Camera = Intrinsics.FromFieldOfView(34, 18, 60, null), ColorPath = small.ColorPath, Scale = CameraPathScale.Relative, Path = assumed + "_transformations.json" };
        var fits = PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path, "-Format", "Nerfstudio", "-DepthImages");
        Assert.Empty(fits.Errors);
        Assert.Empty(fits.Warnings);
        Assert.Equal(2, Directory.GetFiles(_folder["assumed.mp4_depth.mkv_nerfstudio/depths"]).Length);
        var doubtful = PipelineRunner.Run(At, "Export-CameraPath", "-CameraPath", path with { Path = _folder["other.json"] }, "-Format", "Nerfstudio", "-DepthImages", "-DepthVideo", assumed);
        Assert.Empty(doubtful.Errors);
        Assert.Contains("assumed", Assert.Single(doubtful.Warnings), StringComparison.Ordinal);
        Assert.Equal("DepthNotMetric", Refused(path with { Scale = CameraPathScale.Metric }, assumed, "Nerfstudio", "-DepthPoints"));
    }

    private string Assumed(string name, string color)
    {
        var facts = new DepthVideo { Path = _folder[name], Width = 34, Height = 18, FrameRate = new(25), Scale = DepthScale.Assumed, ColorPath = color };
        using var writer = DepthVideoWriter.Open(facts, overwrite: false, TestContext.Current.CancellationToken);
        var plane = new MetricDepth.Imaging.Plane<float>(34, 18);
        plane.Span.Fill(2);
        for (int i = 0; i < 2; i++) writer.Write(plane);
        return writer.Complete().Path;
    }

    /// <summary>The error's id; nothing is written.</summary>
    private string Refused(CameraPath path, object? depth, string format, params string[] more)
    {
        object[] about = depth is null ? [] : ["-DepthVideo", depth];
        string id = Error(PipelineRunner.Run(At, ["Export-CameraPath", "-CameraPath", path, "-Format", format, .. more, .. about, "-DestinationPath", "refused"]));
        Assert.False(Path.Exists(_folder["refused"]));
        return id;
    }

    private static string Error(PipelineResult result) => Assert.Single(result.Errors).FullyQualifiedErrorId!.Split(',')[0];

    [Fact]
    public void A_file_takes_lens_and_rate_from_what_lies_beside_it_or_is_said()
    {
        var depth = DepthClip.Small(_folder);
        RandomPath.Make(DepthClip.SmallFrames).Save(_folder["clip.mp4_depth.mkv_transformations.json"]);
        RandomPath.Make(3).Save(_folder["alone.json"]);
        Assert.Empty(Run("Export-CameraPath clip.mp4_depth.mkv_transformations.json -Format Colmap").Errors);
        string[] camera = File.ReadLines(_folder["clip.mp4_depth.mkv_colmap/sparse/0/cameras.txt"]).Last().Split(' ');
        Assert.Equal(["1", "PINHOLE", "34", "18"], camera[..4]);
        Assert.Equal(Intrinsics.FromFieldOfView(34, 18, depth.HorizontalFov, null).Fx.ToString("R", System.Globalization.CultureInfo.InvariantCulture), camera[4]);

        Assert.Equal("PictureSizeMissing", Error("Export-CameraPath alone.json -Format Colmap"));
        Assert.Equal("FrameRateMissing", Error("Export-CameraPath alone.json -Format Blender -HorizontalFov 60 -Width 64 -Height 48"));
        Assert.Empty(Run("Export-CameraPath alone.json x.py -Format Blender -XFov 60 -YFov 40 -Width 64 -Height 48 -FrameRate 29.97 -LockFrame 2").Errors);
        Assert.Contains("FPS, FPS_BASE = 30, 1.001", File.ReadAllText(_folder["x.py"]), StringComparison.Ordinal);
        Assert.Contains("(3, (0, 0, 0), (0.707", File.ReadAllText(_folder["x.py"]).Replace("-0,", "0,", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(Run("Export-CameraPath alone.json -Format Tum -DepthVideo clip.mp4_depth.mkv").Errors);
        Assert.StartsWith("0.080000000 ", File.ReadLines(_folder["alone.json_tum.txt"]).Last(), StringComparison.Ordinal);
        Assert.Equal("DestinationExists", Error("Export-CameraPath alone.json -Format Tum -FrameRate 25"));
        Assert.Empty(Run("Export-CameraPath alone.json -Format Tum -FrameRate 50 -Force").Errors);
        Assert.StartsWith("0.040000000 ", File.ReadLines(_folder["alone.json_tum.txt"]).Last(), StringComparison.Ordinal);
        Assert.Equal("TracksNotUsed", Error("Export-CameraPath alone.json -Format Kitti -Tracks clip.mp4_tracking.json", ("clip.mp4_tracking.json", "[[[1,2,3]]]")));
        Assert.Equal("ImagesNotUsed", Error("Export-CameraPath alone.json -Format Kitti -Images"));
        Assert.Equal("LockFrameOutOfRange", Error("Export-CameraPath alone.json -Format Kitti -LockFrame 3"));
        Assert.Equal("ColorVideoUnknown", Error("Export-CameraPath alone.json -Format Nerfstudio -Images -Width 64 -Height 48 -XFov 60"));
    }

    [Fact]
    public void Imports_are_told_their_unit_offset_and_numbering()
    {
        File.WriteAllText(_folder["t.txt"], "10 0 0 0 0 0 0 1\n10.5 1 0 0 0 0 0 1\n11 2 0 0 0 0 0 1\n");
        var path = Import("Import-CameraPath t.txt -FrameRate 10 -TimeOffset 0.5 -ScaleFactor 3 -Format Tum");
        Assert.Equal((6, 3.0, CameraPathScale.Metric), (path.FrameCount, Math.Round(path.Poses[5].Translation.X, 9), path.Scale));
        // turned by a quarter: what was to the right is now below
        Assert.Equal(1, Import("Import-CameraPath t.txt -FrameRate 10 -Rotation 90 -Force").Poses[5].Translation.Y, 1e-9);
        Assert.Equal("DestinationExists", Error("Import-CameraPath t.txt -FrameRate 10"));
        // t.txt, beside t.txt_transformations.json, is no clip
        Assert.Empty(Run("Export-CameraPath t.txt_transformations.json -Format Tum -FrameRate 10").Errors);
        Assert.Equal("ScaleAmbiguous", Error("Import-CameraPath t.txt -Metric -ScaleFactor 2 -Force"));
        Assert.Equal("CameraPathMalformed", Error("Import-CameraPath t.txt -Format Kitti -Force"));
        Directory.CreateDirectory(_folder["empty"]);
        Assert.Equal("CameraPathFormatUnknown", Error("Import-CameraPath empty"));
        Directory.CreateDirectory(_folder["m"]);
        File.WriteAllText(_folder["m/images.txt"], "1 1 0 0 0 0 0 0 1 f10.png\n\n2 1 0 0 0 -1 0 0 1 f11.png\n\n");
        path = Import("Import-CameraPath m -FirstNumber 10 -Every 2 -DestinationPath m.json");
        Assert.Equal((3, 0.5, PoseState.Bridged, CameraPathScale.Relative), (path.FrameCount, path.Poses[1].Translation.X, path.Frames[1].State, path.Scale));
        var depth = DepthClip.Small(_folder);
        var held = PipelineRunner.Run(At, "Import-CameraPath", "m", "-FirstNumber", "10", "-DepthVideo", depth);
        Assert.Equal(DepthClip.SmallFrames, Assert.IsType<CameraPath>(Assert.Single(held.Output)).FrameCount);
        Assert.Contains(held.Warnings, w => w.Contains("frames 2-4", StringComparison.Ordinal));
        Assert.True(File.Exists(_folder["clip.mp4_depth.mkv_transformations.json"]));
        Assert.Contains("n.json", Assert.Single(Run("Import-CameraPath m n.json -WhatIf").Information), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["n.json"]));
    }

    private PipelineOptions At => new() { Directory = _folder.Path };

    private CameraPath Import(string line)
    {
        var result = Run(line);
        Assert.Empty(result.Errors);
        return Assert.IsType<CameraPath>(Assert.Single(result.Output));
    }

    private string Error(string line, (string Name, string Text)? file = null)
    {
        if (file is { } made) File.WriteAllText(_folder[made.Name], made.Text);
        return Error(Run(line));
    }

    private PipelineResult Run(string line) => PipelineRunner.Run(At, [.. line.Split(' ')]);
}
