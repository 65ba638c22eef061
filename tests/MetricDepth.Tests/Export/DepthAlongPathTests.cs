using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MetricDepth.CommandLine;
using MetricDepth.Depth;
using MetricDepth.Export.Cameras;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Export;

/// <summary>-DepthImages and -DepthPoints of Export-CameraPath, read by the words of nerfstudio's and COLMAP's documentation.</summary>
public sealed class DepthAlongPathTests(ShakyClip clip) : IClassFixture<ShakyClip>, IDisposable
{
    /// <summary>A hundredth of the clip's median depth, which is about 2 m.</summary>
    private const double Voxel = 0.02;

    /// <summary>Up to here a pixel of the floor is no larger than about a cell, m.</summary>
    private const double Near = 3;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nerfstudio_sees_points_where_pictures_and_depth_pictures_have_them()
    {
        var files = Run("-Format", "Nerfstudio", "-Images", "-DepthImages", "-DepthPoints", "-LockFrame", "2");
        Assert.Equal(["transforms.json", "sparse_pc.ply"], files.Select(f => f.Name));
        using var json = JsonDocument.Parse(File.ReadAllText(files[0].FullName));
        var root = json.RootElement;
        Assert.Equal("sparse_pc.ply", root.GetProperty("ply_file_path").GetString());
        var points = CloudFile.ReadPly(files[1].FullName, out string header);
        Assert.Contains("comment MetricDepth: metres, x right, y forward, z up\n", header, StringComparison.Ordinal);
        Assert.Contains("comment 6 frames merged in cells of 0.02 m\n", header, StringComparison.Ordinal);
        var views = new List<View>();
        foreach (var frame in root.GetProperty("frames").EnumerateArray())
        {
            double[][] m = [.. frame.GetProperty("transform_matrix").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
            var cameraToWorld = new Pose(new(m[0][0], m[0][1], m[0][2], m[1][0], m[1][1], m[1][2], m[2][0], m[2][1], m[2][2]), new(m[0][3], m[1][3], m[2][3]));
            double Number(string name) => root.GetProperty(name).GetDouble();
            var toCamera = cameraToWorld.Inverse;
            views.Add(new(p =>
            {
                // OpenGL: x right, y up, z backward; pixel centres at halves
                var c = toCamera * p;
                return (Number("fl_x") * c.X / -c.Z + Number("cx"), Number("fl_y") * -c.Y / -c.Z + Number("cy"), -c.Z);
            }, Picture(frame.GetProperty("file_path").GetString()!), Depth(frame.GetProperty("depth_file_path").GetString()!)));
        }
        Assert.Equal(ShakyClip.Frames, views.Count);
        AssertSeen(points, views);
        // the depth is the scene's: half a step of a millimetre, and a step of the depth video, which rounds down
        for (int i = 0; i < views.Count; i++)
        {
            var truth = ShakyClip.Scene.Render(i, ShakyClip.Camera).Depth;
            for (int p = 0; p < truth.Data.Length; p++)
                if (truth.Data[p] is > 0 and < 19.9f)
                    Assert.InRange(views[i].Depth[p] - 1000.0 * truth.Data[p], -0.5 - 1000 * 20 / 64517.0 - 0.01, 0.51);
        }
    }

    [Fact]
    public void Colmap_sees_points_where_the_pictures_have_them_and_they_have_no_tracks()
    {
        var files = Run("-Format", "Colmap", "-Images", "-DepthPoints", "-LockFrame", "3");
        Assert.Equal(["cameras.txt", "images.txt", "points3D.txt"], files.Select(f => f.Name));
        double[] k = [.. Lines(files[0]).Single().Split(' ')[4..].Select(Number)];
        string[] images = Lines(files[1]);
        var views = new List<View>();
        for (int i = 0; i < images.Length; i += 2)
        {
            string[] words = images[i].Split(' ');
            double[] v = [.. words[1..8].Select(Number)];
            Assert.True(UnitQuaternion.TryNormalize(v[0], v[1], v[2], v[3], out var q));
            var toCamera = new Pose(q.ToRotation(), new(v[4], v[5], v[6]));
            views.Add(new(p =>
            {
                var c = toCamera * p;
                return (k[0] * c.X / c.Z + k[2], k[1] * c.Y / c.Z + k[3], c.Z);
            }, Picture("images/" + words[9]), [.. ShakyClip.Scene.Render(i / 2, ShakyClip.Camera).Depth.Data.Select(z => z > 19.9f ? (ushort)0 : (ushort)Math.Round(1000 * z))]));
            Assert.Equal("", images[i + 1]);
        }
        string[] lines = Lines(files[2]);
        var points = lines.Select((line, i) =>
        {
            // an id, a position, a colour, COLMAP's word for no error, and no track
            string[] words = line.Split(' ');
            Assert.Equal((8, (i + 1).ToString(CultureInfo.InvariantCulture), "-1"), (words.Length, words[0], words[7]));
            return new CloudFile.Point(Number(words[1]), Number(words[2]), Number(words[3]),
                (uint)Number(words[4]) << 16 | (uint)Number(words[5]) << 8 | (uint)Number(words[6]), default);
        }).ToArray();
        Assert.Contains($"# Number of points: {points.Length}", File.ReadLines(files[2].FullName));
        AssertSeen(points, views);
    }

    [Fact]
    public void Guessed_depth_and_the_wall_at_the_largest_depth_are_no_depth()
    {
        const int width = 16, height = 12;
        // columns 0-3 have no depth, 4-7 are farther than can be stored, 8-11 are guessed
        var depth = new Plane<float>(width, height);
        var confidence = new Plane<float>(width, height);
        for (int p = 0; p < depth.Data.Length; p++)
            (depth.Data[p], confidence.Data[p]) = (p % width) switch { < 4 => (0, 0), < 8 => (30, 0.8f), < 12 => (2, 0.4f), _ => (2, 0.8f) };
        var facts = new DepthVideo { Path = _folder["clip.mkv_depth.mkv"], Width = width, Height = height, FrameRate = new(25), ConfidencePath = _folder["clip.mkv_depth.mkv_confidence.mkv"] };
        using (var writer = DepthVideoWriter.Open(facts, overwrite: false, Cancellation))
        {
            for (int i = 0; i < 2; i++) writer.Write(depth, confidence);
            writer.Complete();
        }
        var notes = new List<FrameProgress>();
        var path = new CameraPath(null, [Pose.Identity, Pose.Identity]) { Camera = Intrinsics.FromFieldOfView(width, height, 60, null) };
        CameraPathExport.Run(new() { CameraPath = path, Format = CameraPathExportFormat.Nerfstudio, DepthPath = facts.Path, DepthImages = true, DepthPoints = true, DestinationPath = _folder["out"] },
            _ => { }, new Collected(notes.Add), Cancellation);
        ushort[] written = Depth("depths/frame_0000001.png", width, height);
        Assert.All(written.Select((z, p) => (z, p % width)), v => Assert.Equal(v.Item2 < 12 ? 0 : 2000, v.z, 1.0));
        var points = CloudFile.ReadPly(_folder["out/sparse_pc.ply"], out string header);
        Assert.DoesNotContain("red", header, StringComparison.Ordinal);
        Assert.Contains("2 frames merged in cells of 0.02 m", header, StringComparison.Ordinal);
        Assert.Equal(4 * height, points.Length);
        Assert.Contains(notes, n => n.Kind == MessageKind.Warning && n.Message!.Contains("-ColorPath", StringComparison.Ordinal));
        CameraPathExport.Run(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, DepthPath = facts.Path, DepthPoints = true, DestinationPath = _folder["model"] }, _ => { }, null, Cancellation);
        Assert.All(Lines(new(_folder["model/sparse/0/points3D.txt"])), line => Assert.EndsWith(" 128 128 128 -1", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_walk_is_thinned_out_for_points_but_has_a_depth_picture_for_each_frame()
    {
        const int frames = 230;
        var depth = DepthClip.Write(_folder["d.mkv"], 8, 6, frames, (_, _, frame) => 1 + 0.01 * frame);
        var path = RandomPath.Make(frames) with { Camera = Intrinsics.FromFieldOfView(8, 6, 60, null), Scale = CameraPathScale.None };
        CameraPathExport.Run(new() { CameraPath = path, Format = CameraPathExportFormat.Nerfstudio, DepthPath = depth.Path, DepthImages = true, DepthPoints = true, DestinationPath = _folder["out"] },
            _ => { }, null, Cancellation);
        _ = CloudFile.ReadPly(_folder["out/sparse_pc.ply"], out string header);
        Assert.Contains($"comment {PathDepth.MostMergedFrames} frames merged", header, StringComparison.Ordinal);
        Assert.Equal(frames, Directory.GetFiles(_folder["out/depths"]).Length);
        Assert.Equal(3290, Depth("depths/frame_0000229.png", 8, 6)[20], 1.0);
    }

    [Fact]
    public void Who_walks_by_leaves_no_points_in_the_air()
    {
        const int width = 32, height = 24, frames = 6;
        // somebody 1 m away crosses the picture in four steps; the wall behind stands at 3 m, and a post at 1.5 m stays
        var depth = DepthClip.Write(_folder["d.mkv"], width, height, frames, (x, _, frame) => x >= 28 ? 1.5 : frame < 4 && x / 7 == frame ? 1 : 3);
        var path = new CameraPath(null, [.. Enumerable.Repeat(Pose.Identity, frames)]) { Camera = Intrinsics.FromFieldOfView(width, height, 60, null) };
        var notes = new List<FrameProgress>();
        CameraPathExport.Run(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, DepthPath = depth.Path, DepthPoints = true, DestinationPath = _folder["out"] },
            _ => { }, new Collected(notes.Add), Cancellation);
        double[] depths = [.. Lines(new(_folder["out/sparse/0/points3D.txt"])).Select(line => Number(line.Split(' ')[3]))];
        Assert.All(depths, z => Assert.InRange(z, 1.499, 3.001));
        Assert.Contains(depths, z => z < 1.501);
        Assert.Contains(depths, z => z > 2.999);
        Assert.Contains(notes, n => n.Kind == MessageKind.Verbose && n.Message!.Contains("see through", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Writing depth pictures")]
    [InlineData("Merging depth")]
    [InlineData("Checking points")]
    public void Who_stops_it_finds_nothing_half_written(string activity)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var watch = new Collected(p =>
        {
            if (p.Activity == activity && p.Done >= 2) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => CameraPathExport.Run(new()
        {
            CameraPath = CameraPath.Load(clip.PathFile),
            Format = CameraPathExportFormat.Nerfstudio,
            DepthPath = clip.Depth.Path,
            DepthImages = true,
            DepthPoints = true,
            DestinationPath = _folder["out"],
        }, _ => { }, watch, stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Every point lies on what some picture sees there, with its colour, and hardly any floats before what the others see.</summary>
    private static void AssertSeen(CloudFile.Point[] points, List<View> views)
    {
        // at most a point for each pixel: far away a cell is smaller than one
        Assert.InRange(points.Length, 5_000, ShakyClip.Frames * ShakyClip.Width * ShakyClip.Height / 2);
        int looks = 0, floating = 0, near = 0;
        double bias = 0, colour = 0;
        foreach (var point in points)
        {
            double nearest = double.PositiveInfinity, difference = 0, depth = 0;
            foreach (var view in views)
            {
                var (u, v, z) = view.Project(new(point.X, point.Y, point.Z));
                int x = (int)Math.Floor(u), y = (int)Math.Floor(v);
                if (z <= 0 || x < 0 || y < 0 || x >= ShakyClip.Width || y >= ShakyClip.Height || view.Depth[y * ShakyClip.Width + x] is not (> 0 and var stored)) continue;
                double behind = z - stored / 1000.0;
                looks++;
                if (behind < -3 * Voxel && z < Near) floating++;
                if (Math.Abs(behind) >= Math.Abs(nearest)) continue;
                (nearest, depth) = (behind, z);
                uint there = view.Picture[y * ShakyClip.Width + x];
                difference = (Math.Abs((int)(there >> 16) - (int)(point.Color >> 16)) + Math.Abs((int)(there >> 8 & 255) - (int)(point.Color >> 8 & 255))
                    + Math.Abs((int)(there & 255) - (int)(point.Color & 255))) / 3.0;
            }
            // farther away a pixel of the floor reaches over several cells
            if (depth > Near) continue;
            Assert.InRange(nearest, -2 * Voxel, 2 * Voxel);
            near++;
            bias += nearest;
            colour += difference;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{points.Length} points, {near} near; {floating} of {looks} float; bias {bias / near:0.00000} m, colours {colour / near:0.0} levels");
        Assert.True(near > 5_000);
        Assert.InRange(floating, 0, looks / 200);
        // a point is the mean of its cell, and is looked up in whole pixels; half a pixel lost would be a centimetre of this floor at 2.5 m
        Assert.InRange(bias / near, -0.001, 0.001);
        // a cell is the mean of some pixels of a textured floor
        Assert.InRange(colour / near, 0, 8);
    }

    private FileInfo[] Run(params string[] more)
    {
        var result = PipelineRunner.Run(new() { Directory = _folder.Path }, ["Export-CameraPath", clip.PathFile, .. more, "-DestinationPath", "out"]);
        Assert.Empty(result.Errors);
        return [.. result.Output.Cast<FileInfo>()];
    }

    private uint[] Picture(string name) => Assert.Single(RawVideo.Read(_folder["out/" + name]));

    private ushort[] Depth(string name, int width = ShakyClip.Width, int height = ShakyClip.Height)
    {
        var file = VideoProbe.Probe(_folder["out/" + name], Cancellation);
        Assert.Equal("gray16be", file.Source.PixelFormat);
        using var reader = FrameReader.Open(file, new() { Layout = PixelLayout.Gray16 }, Cancellation);
        var depth = new ushort[width * height];
        Assert.True(reader.Read(MemoryMarshal.AsBytes(depth.AsSpan())));
        return depth;
    }

    private static string[] Lines(FileInfo file) => [.. File.ReadAllLines(file.FullName).Where(l => !l.StartsWith('#'))];

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What a camera sees: where a point of the world falls (px, the first pixel reaching from 0 to 1) and how deep (m), colours, millimetres.</summary>
    private sealed record View(Func<Vector3, (double U, double V, double Z)> Project, uint[] Picture, ushort[] Depth);

    private sealed class Collected(Action<FrameProgress> take) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            lock (this) take(value);
        }
    }
}
