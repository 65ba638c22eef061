using System.Globalization;
using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Reconstruction;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Export.Meshes;
using MetricDepth.Tests.Reconstruction;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.CommandLine;

/// <summary>New-DepthScene as people type it, through the stand-in, on scenes whose surfaces are known.</summary>
public sealed class DepthSceneCommandTests(DepthSceneCommandTests.Film film, ITestOutputHelper output) : IClassFixture<DepthSceneCommandTests.Film>, IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Two seconds of the ray-cast room, with exact depth and path beside it under the names that are looked for.</summary>
    public sealed class Film : IDisposable
    {
        public const int Frames = 50;
        private readonly TempFolder _folder = new();

        public Film()
        {
            Camera = Intrinsics.FromFieldOfView(240, 136, 66, null);
            SceneClip.Run(new()
            {
                Scene = Scene.Room,
                Destination = _folder["room.mp4"],
                Camera = Camera,
                Frames = Frames,
                DepthPath = Depth,
                CameraPath = Depth + "_transformations.json",
            }, null, CancellationToken.None);
        }

        public Intrinsics Camera { get; }

        public string Depth => _folder["room.mp4_depth.mkv"];

        public void Dispose() => _folder.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_walk_through_a_room_becomes_a_mesh_that_lies_on_its_walls_and_furniture()
    {
        var result = Run("New-DepthScene", film.Depth, _folder["room.ply"], "-VoxelSize", "0.04", "-MinWeight", "0", "-Verbose");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Contains(result.Verbose, v => v.Contains("_transformations.json", StringComparison.Ordinal));
        var scene = Assert.IsType<DepthScene>(Assert.Single(result.Output));
        var ply = new PlyScene(scene.Path);
        Assert.Equal((ply.Points.Length, ply.TriangleCount, (long)Film.Frames, 0.04), (scene.VertexCount, scene.TriangleCount, scene.FrameCount, scene.VoxelSize));
        Assert.Equal(ply.Points.Max(p => p.X), scene.Most.X, 1e-5);
        Assert.Equal(ply.Points.Max(p => p.Z) - ply.Points.Min(p => p.Z), scene.Size.Z, 1e-5);

        var looks = Enumerable.Range(0, Film.Frames).Where(f => f % 7 == 0).Select(f => Scene.Room.Render(f, film.Camera)).ToArray();
        double[] errors = [.. ply.Points.Select(p => looks.Min(look => Miss(look, new(p.X, p.Y, p.Z)))).Where(double.IsFinite).Order()];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scene.VertexCount} vertices, {errors.Length} in view; median {1000 * errors[errors.Length / 2]:F1} mm, 90 % {1000 * errors[errors.Length * 9 / 10]:F1} mm; {scene.SizeInWords} m, {scene.VolumeBytes >> 10} KB"));
        Assert.InRange((double)errors.Length / ply.Points.Length, 0.9, 1);
        // the median is far below a voxel, for distances are averaged between voxels; corners and thin things are rounded by about one
        Assert.InRange(errors[errors.Length / 2], 0, 0.006);
        Assert.InRange(errors[errors.Length * 9 / 10], 0, 0.04);

        // And what was seen is there, but for what is thin as voxels (leaves, legs, a table top seen on edge, a beam's lower side):
        // a place in twenty.
        var cells = ply.Points.Select(p => Cell(p.X, p.Y, p.Z)).ToHashSet();
        var middle = looks[3];
        int near = 0, all = 0;
        var missing = new List<string>();
        for (int y = 4; y < film.Camera.Height; y += 8)
            for (int x = 4; x < film.Camera.Width; x += 8)
            {
                double z = middle.Depth[x, y];
                var p = middle.Pose * new Vector3((x - film.Camera.Cx) / film.Camera.Fx * z, (y - film.Camera.Cy) / film.Camera.Fy * z, z);
                all++;
                if (Around(Cell(p.X, p.Y, p.Z)).Any(cells.Contains)) near++;
                else missing.Add($"{Scene.Room.Objects[middle.Objects[x, y]]}@{x},{y}:{z:F2}");
            }
        output.WriteLine($"{near} of {all} places seen are on the mesh; not: {string.Join(", ", missing)}");
        Assert.InRange((double)near / all, 0.92, 1);

        // colours are those of the clip: at the middle of what a frame shows, within what compression and shading over time change
        double difference = 0;
        int compared = 0;
        for (int i = 0; i < ply.Points.Length; i += 11)
        {
            var p = middle.Pose.Inverse * new Vector3(ply.Points[i].X, ply.Points[i].Y, ply.Points[i].Z);
            if (Miss(middle, new(ply.Points[i].X, ply.Points[i].Y, ply.Points[i].Z)) > 0.01) continue;
            uint seen = middle.Color[(int)Math.Round(p.X / p.Z * film.Camera.Fx + film.Camera.Cx), (int)Math.Round(p.Y / p.Z * film.Camera.Fy + film.Camera.Cy)];
            difference += Math.Abs((int)(seen >> 8 & 255) - (int)(ply.Colors[i] >> 8 & 255));
            compared++;
        }
        Assert.InRange(compared, 200, int.MaxValue);
        Assert.InRange(difference / compared, 0, 15);
    }

    [Fact]
    public void GLB_and_PLY_hold_the_same_scene_and_the_preview_goes_round_it()
    {
        string[] words = ["New-DepthScene", film.Depth, "", "-Every", "5", "-Force"];
        words[2] = _folder["room.ply"];
        var ply = Assert.IsType<DepthScene>(Assert.Single(Run(words).Output));
        words[2] = _folder.Path;
        var made = Run([.. words, "-Preview"]);
        var glb = Assert.IsType<DepthScene>(Assert.Single(made.Output));
        Assert.Equal(_folder["room.mp4_depth.mkv_scene.glb"], glb.Path);
        Assert.Equal(10, glb.FrameCount);
        var file = new GlbFile(glb.Path);
        float[] positions = file.Floats("POSITION");
        var points = new PlyScene(ply.Path).Points;
        Assert.Equal((points.Length, 3 * points.Length, ply.TriangleCount), (file.VertexCount, positions.Length, file.Indices().Length / 3));
        for (int i = 0; i < points.Length; i++)
            Assert.Equal((points[i].X, points[i].Y, points[i].Z), Upright(positions.AsSpan(3 * i, 3), points[i]));
        Assert.True(file.Primitive.GetProperty("attributes").TryGetProperty("COLOR_0", out _));

        Assert.Equal(_folder["room.mp4_depth.mkv_scene.mp4"], glb.PreviewPath);
        Assert.Null(ply.PreviewPath);
        var token = TestContext.Current.CancellationToken;
        var video = VideoProbe.Probe(glb.PreviewPath!, token);
        Assert.Equal((1280, 720, 240L, 8.0, "h264"), (video.Width, video.Height, video.FrameCount, video.Duration!.Value.TotalSeconds, video.Codec));
        var frames = RawVideo.Read(glb.PreviewPath!, 61);
        int[] shown = [.. new[] { 0, 30, 60 }.Select(f => frames[f].Count(p => Spread(p) > 24 || (p & 255) > 120))];
        output.WriteLine($"pixels that are neither background nor shadow: {string.Join(", ", shown)}");
        // the room has walls: a tenth of the picture at least, from any side
        Assert.All(shown, count => Assert.InRange(count, 92160, 921600));
        Assert.NotEqual(frames[0], frames[30]);
        Assert.Contains(made.Progress, p => p.Activity.Contains("preview", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void What_the_mask_marks_is_not_in_the_scene()
    {
        // a card at 1 m crosses before a wall at 2 m
        static bool IsCard(int x, int frame) => x >= 2 * frame && x < 2 * frame + 16;
        var depth = DepthClip.Write(_folder["d.mkv"], 64, 48, 20, (x, _, f) => IsCard(x, f) ? 1 : 2);
        RawVideo.Write(_folder["mask.mkv"], 64, 48, Enumerable.Range(0, 20).Select(f => Enumerable.Range(0, 64 * 48).Select(i => IsCard(i % 64, f) ? 0xFFFFFFu : 0).ToArray()));
        int Near(params string[] more)
        {
            var result = Run(["New-DepthScene", depth.Path, _folder["scene.ply"], "-StationaryCamera", "-VoxelSize", "0.05", "-MinWeight", "0", "-Force", .. more]);
            Assert.Empty(result.Errors);
            Assert.Contains("no colour", Assert.Single(result.Warnings), StringComparison.Ordinal);
            var scene = new PlyScene(_folder["scene.ply"]);
            Assert.Contains(scene.Points, p => Math.Abs(p.Z - 2) < 0.02);
            return scene.Points.Count(p => p.Z < 1.5);
        }
        int with = Near("-MaskPath", _folder["mask.mkv"]), without = Near();
        output.WriteLine($"{without} vertices of the card without a mask, {with} with it");
        Assert.Equal(0, with);
        Assert.InRange(without, 20, int.MaxValue);

        var turned = Run("New-DepthScene", depth.Path, _folder["scene.ply"], "-StationaryCamera", "-VoxelSize", "0.05", "-MinWeight", "0", "-Force", "-MaskPath", _folder["mask.mkv"], "-InvertMask");
        Assert.IsType<DepthScene>(Assert.Single(turned.Output));
        Assert.DoesNotContain(new PlyScene(_folder["scene.ply"]).Points, p => p.Z > 1.5);
    }

    [Fact]
    public void Without_a_camera_path_the_error_says_how_to_get_one_and_nothing_is_left()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 64, 48, 3, (_, _, _) => 2);
        var result = Run("New-DepthScene", depth.Path);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("CameraPathMissing", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.All((string[])["Measure-CameraPose", "-CameraPath", "-StationaryCamera"], word => Assert.Contains(word, error.ToString(), StringComparison.Ordinal));
        Assert.Equal([depth.Path], Directory.GetFiles(_folder.Path));
        Assert.StartsWith("CameraContradiction", Failure("-StationaryCamera", "-CameraPath", film.Depth + "_transformations.json"), StringComparison.Ordinal);
        Assert.StartsWith("SceneEmpty", Failure("-StationaryCamera", "-MinDepth", "3"), StringComparison.Ordinal);
        Assert.StartsWith("SceneEmpty", Failure("-StationaryCamera", "-MinWeight", "1000"), StringComparison.Ordinal);
        Assert.StartsWith("MeshFormatUnknown", Failure("-StationaryCamera", "-DestinationPath", _folder["scene.stl"]), StringComparison.Ordinal);
        Assert.StartsWith("TruncationDistanceTooSmall", Failure("-StationaryCamera", "-VoxelSize", "0.1", "-TruncationDistance", "0.05"), StringComparison.Ordinal);
        Assert.StartsWith("CameraPathTooShort", Failure("-CameraPath", Saved(Pose.Identity)), StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), f => f.Contains("scene", StringComparison.Ordinal));

        string Failure(params string[] more) => Assert.Single(Run(["New-DepthScene", depth.Path, .. more]).Errors).FullyQualifiedErrorId!;
    }

    [Fact]
    public void When_memory_does_not_suffice_voxels_grow_and_a_warning_names_their_size()
    {
        var result = Run("New-DepthScene", film.Depth, _folder["room.glb"], "-VoxelSize", "0.005", "-MaxFrames", "4", "-MemoryLimit", "16MB");
        Assert.Empty(result.Errors);
        var scene = Assert.IsType<DepthScene>(Assert.Single(result.Output));
        output.WriteLine($"{scene.VoxelSize} m, {scene.VolumeBytes} bytes");
        Assert.InRange(scene.VoxelSize, 0.01, 0.08);
        Assert.Equal(4 * scene.VoxelSize, scene.TruncationDistance, 9);
        Assert.InRange(scene.VolumeBytes, 1, 16L << 20);
        Assert.Contains(scene.VoxelSize.ToString("G4", CultureInfo.InvariantCulture) + " m", Assert.Single(result.Warnings), StringComparison.Ordinal);

        string whatIf = Assert.Single(Run("New-DepthScene", film.Depth, _folder["b.glb"], "-WhatIf", "-MemoryLimit", "512MB").Information);
        Assert.Contains("512 MB", whatIf, StringComparison.Ordinal);
        Assert.Contains(_folder["b.glb"], whatIf, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["b.glb"]));
    }

    [Fact]
    public void Frames_whose_pose_the_path_only_guesses_are_left_out()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], 64, 48, 10, (_, _, f) => f < 6 ? 2 : 1);
        var path = CameraPath.Load(Saved([.. Enumerable.Repeat(Pose.Identity, 10)])) with
        {
            Frames = [.. Enumerable.Range(0, 10).Select(f => new PoseQuality(f, f < 6 ? PoseState.Solved : f < 8 ? PoseState.Bridged : PoseState.Held, false, 0, 0, 0, 0, 0))],
        };
        var result = PipelineRunner.Run(At, "New-DepthScene", depth, _folder["scene.ply"], "-CameraPath", path, "-VoxelSize", "0.05", "-MinWeight", "0", "-Verbose");
        Assert.Empty(result.Errors);
        Assert.Equal(6, Assert.IsType<DepthScene>(Assert.Single(result.Output)).FrameCount);
        Assert.Contains(result.Verbose, v => v.StartsWith("4 of 10 frames are left out", StringComparison.Ordinal));
        Assert.DoesNotContain(new PlyScene(_folder["scene.ply"]).Points, p => p.Z < 1.5);

        var none = path with { Frames = [.. path.Frames.Select(f => f with { State = PoseState.Held })] };
        Assert.StartsWith("PosesUnknown", Assert.Single(PipelineRunner.Run(At, "New-DepthScene", depth, _folder["none.ply"], "-CameraPath", none).Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["none.ply"]));
    }

    [Fact]
    public void Depth_that_nobody_is_sure_of_and_depth_far_away_are_left_out_unless_asked_for()
    {
        // a wall at 1 m, above it one at 6 m, more than four times the median; the wall's right half is a guess
        var depth = DepthClip.Write(_folder["d.mkv"], 64, 48, 6, (_, y, _) => y < 12 ? 6 : 1);
        WriteConfidence(_folder["c.mkv"], 64, 48, 6, x => x < 32 ? (byte)200 : (byte)60);
        depth = depth with { ConfidencePath = _folder["c.mkv"] };
        (double Right, double Far) Extent(params string[] more)
        {
            var result = PipelineRunner.Run(At, ["New-DepthScene", "-DepthVideo", depth, "-DestinationPath", _folder["scene.ply"], "-StationaryCamera", "-VoxelSize", "0.05", "-Force", .. more]);
            Assert.Empty(result.Errors);
            var points = new PlyScene(_folder["scene.ply"]).Points;
            return (points.Max(p => p.X), points.Max(p => p.Z));
        }
        // 60 degrees: half of the wall at 1 m is 0.58 m wide
        var (right, far) = Extent();
        Assert.InRange(right, -0.1, 0.1);
        Assert.InRange(far, 0.98, 1.02);
        Assert.InRange(Extent("-MinConfidence", "0").Right, 0.5, 0.6);
        Assert.InRange(Extent("-MaxDepth", "8", "-MinWeight", "0").Far, 5.95, 6.05);
    }

    [Theory]
    [InlineData("Integrating")]
    [InlineData("preview")]
    public void Cancelling_leaves_nothing_behind(string phase)
    {
        using var stop = new CancellationTokenSource();
        var watch = new Watch(p => { if (p.Activity.Contains(phase, StringComparison.Ordinal) && p.Done == 3) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => SceneReconstruction.Run(new()
        {
            Depth = DepthVideoReader.Probe(film.Depth, CancellationToken.None),
            VoxelSize = 0.1,
            Every = 5,
            Preview = true,
            DestinationPath = _folder["room.glb"],
        }, watch, stop.Token));
        Assert.True(stop.IsCancellationRequested);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private PipelineOptions At => new() { Directory = _folder.Path };

    private PipelineResult Run(params string[] words) => PipelineRunner.Run(At, [.. words]);

    private string Saved(params Pose[] poses)
    {
        string file = _folder["path.json"];
        new CameraPath(null, poses).Save(file);
        return file;
    }

    private static void WriteConfidence(string path, int width, int height, int frames, Func<int, byte> confidence)
    {
        using var writer = FrameWriter.Open(path, new() { Width = width, Height = height, FrameRate = new(25), Layout = PixelLayout.Gray8 }, CancellationToken.None);
        byte[] frame = [.. Enumerable.Range(0, width * height).Select(i => confidence(i % width))];
        for (int i = 0; i < frames; i++) writer.Write(frame);
        writer.Complete();
    }

    // how far a place is before or behind what a frame shows there, m; infinite if it is not in the picture
    private static double Miss(SceneFrame look, Vector3 place)
    {
        var p = look.Pose.Inverse * place;
        if (!(p.Z > 0.1)) return double.PositiveInfinity;
        int x = (int)Math.Round(p.X / p.Z * look.Camera.Fx + look.Camera.Cx), y = (int)Math.Round(p.Y / p.Z * look.Camera.Fy + look.Camera.Cy);
        return x >= 0 && y >= 0 && x < look.Camera.Width && y < look.Camera.Height ? Math.Abs(look.Depth[x, y] - p.Z) : double.PositiveInfinity;
    }

    private static (int, int, int) Cell(double x, double y, double z) => ((int)Math.Floor(x / 0.04), (int)Math.Floor(y / 0.04), (int)Math.Floor(z / 0.04));

    private static IEnumerable<(int, int, int)> Around((int X, int Y, int Z) cell) =>
        from x in Enumerable.Range(cell.X - 1, 3) from y in Enumerable.Range(cell.Y - 1, 3) from z in Enumerable.Range(cell.Z - 1, 3) select (x, y, z);

    // glTF: y up, z backward
    private static (float, float, float) Upright(ReadOnlySpan<float> p, (float X, float Y, float Z) reference) =>
        p[1] == reference.Y ? (p[0], p[1], p[2]) : (p[0], -p[1], -p[2]);

    private static uint Spread(uint p) => Math.Max(p & 255, Math.Max(p >> 8 & 255, p >> 16 & 255)) - Math.Min(p & 255, Math.Min(p >> 8 & 255, p >> 16 & 255));

    private sealed class Watch(Action<FrameProgress> told) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => told(value);
    }
}
