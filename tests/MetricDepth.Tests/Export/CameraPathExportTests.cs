using System.Globalization;
using System.Text.Json;
using MetricDepth.Export.Cameras;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

/// <summary>What Export-CameraPath writes, read by the words of each format's documentation.</summary>
public sealed class CameraPathExportTests : IDisposable
{
    private static readonly Intrinsics Lens = new(640, 480, 525, 520, 317.25, 243.5);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Colmap_sees_each_point_where_the_track_was()
    {
        var (path, cloud, tracks) = RandomPath.Walk(_folder["t.json"], Lens, 20, 60);
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Tracks = tracks, DestinationPath = _folder["out"] });
        Assert.Equal(["cameras.txt", "images.txt", "points3D.txt"], files.Select(f => f.Name));
        Assert.Equal(_folder["out/sparse/0"], files[0].DirectoryName);

        double[] camera = Numbers(Assert.Single(Data(files[0])).Replace("1 PINHOLE", "", StringComparison.Ordinal));
        // COLMAP's pixel centres are at halves
        Assert.Equal([640, 480, 525, 520, 317.75, 244], camera);
        string[] lines = Data(files[1]);
        Assert.Equal(2 * 20, lines.Length);
        var poses = new List<(Pose WorldToCamera, double[] Seen)>();
        for (int i = 0; i < lines.Length; i += 2)
        {
            string[] words = lines[i].Split(' ');
            Assert.Equal($"{i / 2 + 1}", words[0]);
            Assert.Equal($"frame_{i / 2:D7}.png", words[9]);
            double[] v = Numbers(string.Join(' ', words[1..8]));
            Assert.True(UnitQuaternion.TryNormalize(v[0], v[1], v[2], v[3], out var q));
            poses.Add((new(q.ToRotation(), new(v[4], v[5], v[6])), Numbers(lines[i + 1])));
        }
        RandomPath.AssertSame(path.Poses, poses.Select(p => p.WorldToCamera.Inverse), 1e-9);

        var points = Data(files[2]).Select(Numbers).ToArray();
        Assert.True(points.Length > 40);
        int listed = 0;
        foreach (double[] p in points)
        {
            var at = new Vector3(p[1], p[2], p[3]);
            // tracks are given to a thousandth of a pixel, a millionth of the distance, over a baseline of a fifth of it
            Assert.InRange(cloud.Min(c => (c - at).Length), 0, 1e-4);
            double error = 0;
            for (int j = 8; j < p.Length; j += 2)
            {
                var (pose, seen) = poses[(int)p[j] - 1];
                int k = 3 * (int)p[j + 1];
                Assert.Equal(p[0], seen[k + 2]);
                var c = pose * at;
                error += Math.Sqrt(Math.Pow(camera[2] * c.X / c.Z + camera[4] - seen[k], 2) + Math.Pow(camera[3] * c.Y / c.Z + camera[5] - seen[k + 1], 2));
                listed++;
            }
            Assert.True(p.Length >= 8 + 2 * 3);
            // the positions in images.txt are rounded to a thousandth
            Assert.InRange(error / ((p.Length - 8) / 2) - p[7], -1e-3, 1e-3);
        }
        Assert.Equal(listed, poses.Sum(p => p.Seen.Where((v, i) => i % 3 == 2 && v > 0).Count()));
    }

    [Fact]
    public void A_track_that_jumps_is_listed_where_it_agrees_and_one_without_parallax_is_no_point()
    {
        var (path, _, tracks) = RandomPath.Walk(_folder["t.json"], Lens, 20, 40);
        string[] lines = File.ReadAllLines(tracks.Path);
        // track 7 is another corner from frame 18 on; track 900 stays in the middle of the picture, as dirt on the lens does; 901 is seen twice
        for (int i = 0; i < lines.Length; i++)
        {
            if (i >= 18) lines[i] = System.Text.RegularExpressions.Regex.Replace(lines[i], @"\[7,[^\]]*\]", "[7,20.000,20.000]");
            string more = i < 2 ? ",[900,320.000,240.000],[901,100.000,90.000]" : ",[900,320.000,240.000]";
            int end = lines[i].LastIndexOf("]]", StringComparison.Ordinal) + 1;
            lines[i] = lines[i].Insert(i == 19 ? lines[i].LastIndexOf("]]]", StringComparison.Ordinal) + 1 : end, more);
        }
        File.WriteAllLines(_folder["bad.json"], lines);
        var bad = MetricDepth.Tracking.PointTracks.Load(_folder["bad.json"], null, TestContext.Current.CancellationToken);
        Assert.Equal(tracks.Count + 2, bad.Count);
        var good = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Tracks = tracks, DestinationPath = _folder["good"] });
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Tracks = bad, DestinationPath = _folder["bad"] });
        double[][] before = [.. Data(good[2]).Select(Numbers)], after = [.. Data(files[2]).Select(Numbers)];
        Assert.Equal(before.Length, after.Length);
        // 20 frames, all seen, two of them wrong
        Assert.Equal((8 + 2 * 20, 8 + 2 * 18), (before[0].Length, after[0].Length));
        Assert.InRange(after[0][7], 0, 0.2);
        // the others are where they were
        Assert.Equal(before[1][1..4], after[1][1..4]);
    }

    [Fact]
    public void Every_third_frame_is_listed_but_all_of_them_place_the_points()
    {
        var (path, cloud, tracks) = RandomPath.Walk(_folder["t.json"], Lens, 20, 40);
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Tracks = tracks, Every = 3, LockFrame = 3, DestinationPath = _folder["out"] });
        string[] lines = Data(files[1]);
        Assert.Equal(2 * 7, lines.Length);
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], lines.Where((_, i) => i % 2 == 0).Select(l => l.Split(' ')[0]));
        Assert.EndsWith("frame_0000018.png", lines[12], StringComparison.Ordinal);
        // frame 3 is the origin: the second picture
        Assert.All(Numbers(string.Join(' ', lines[2].Split(' ')[1..8])).Zip([1, 0, 0, 0, 0, 0, 0]), p => Assert.Equal(p.Second, p.First, 1e-12));
        foreach (double[] p in Data(files[2]).Select(Numbers))
        {
            Assert.InRange(cloud.Min(c => (path.Poses[3].Inverse * c - new Vector3(p[1], p[2], p[3])).Length), 0, 1e-4);
            Assert.All(p[8..].Where((_, i) => i % 2 == 0), image => Assert.InRange(image, 1, 7));
        }
    }

    [Fact]
    public void Nerfstudio_has_cameras_that_look_backwards_along_z_in_a_world_with_z_up()
    {
        var path = RandomPath.Make(5) with { Camera = Lens, Scale = CameraPathScale.Metric };
        var file = Assert.Single(Export(new() { CameraPath = path, Format = CameraPathExportFormat.Nerfstudio, DestinationPath = _folder["out"] }));
        Assert.Equal(_folder["out/transforms.json"], file.FullName);
        using var json = JsonDocument.Parse(File.ReadAllText(file.FullName));
        var root = json.RootElement;
        Assert.Equal((640, 480, 525, 520, 317.75, 244.0), (root.GetProperty("w").GetInt32(), root.GetProperty("h").GetInt32(), root.GetProperty("fl_x").GetDouble(),
            root.GetProperty("fl_y").GetDouble(), root.GetProperty("cx").GetDouble(), root.GetProperty("cy").GetDouble()));
        Assert.Equal("images/frame_0000004.png", root.GetProperty("frames")[4].GetProperty("file_path").GetString());
        for (int i = 0; i < 5; i++)
        {
            double[][] m = [.. root.GetProperty("frames")[i].GetProperty("transform_matrix").EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];
            var (r, t) = path.Poses[i];
            // x, y, z of the world are our x, z, -y; the second and third column of the camera are turned round
            Assert.Equal([r.M00, -r.M01, -r.M02, t.X], m[0]);
            Assert.Equal([r.M20, -r.M21, -r.M22, t.Z], m[1]);
            Assert.Equal([-r.M10, r.M11, r.M12, -t.Y], m[2]);
            Assert.Equal([0, 0, 0, 1], m[3]);
        }
    }

    [Fact]
    public void Trajectories_have_a_line_a_frame()
    {
        var path = RandomPath.Make(5) with { FramesPerSecond = 29.97 };
        string[] tum = Data(Assert.Single(Export(new() { CameraPath = path, Format = CameraPathExportFormat.Tum, Every = 2, DestinationPath = _folder["tum.txt"] })));
        Assert.Equal(3, tum.Length);
        // 4 frames at 30000/1001
        Assert.StartsWith("0.133466667 ", tum[2], StringComparison.Ordinal);
        double[] v = Numbers(tum[2]);
        Assert.True(UnitQuaternion.TryNormalize(v[7], v[4], v[5], v[6], out var q));
        RandomPath.AssertSame([path.Poses[4]], [new(q.ToRotation(), new(v[1], v[2], v[3]))], 1e-12);

        string[] kitti = File.ReadAllLines(Assert.Single(Export(new() { CameraPath = path, Format = CameraPathExportFormat.Kitti, DestinationPath = _folder["kitti.txt"] })).FullName);
        var (r, t) = path.Poses[3];
        Assert.Equal([r.M00, r.M01, r.M02, t.X, r.M10, r.M11, r.M12, t.Y, r.M20, r.M21, r.M22, t.Z], Numbers(kitti[3]));
        Assert.Equal(5, kitti.Length);
    }

    [Fact]
    public void A_script_for_Blender_keeps_hostile_names_in_their_quotes_and_signs_continuous()
    {
        string clip = _folder["a\"\\); import os #'\n😀.mp4"];
        TestClip.Make(_folder["plain.mp4"], 64, 48, 0.2);
        File.Move(_folder["plain.mp4"], clip);
        // a camera that turns twice about an upright axis: the quaternion's sign has to follow
        var path = new CameraPath(null, [.. Enumerable.Range(0, 60).Select(i => new Pose(Rotation.Exp(new(0, 0.22 * i, 0)), default))]) { Camera = new(64, 48, 50, 40, 31.5, 23.5), ColorPath = clip };
        var file = Assert.Single(Export(new() { CameraPath = path, Format = CameraPathExportFormat.Blender, DestinationPath = _folder["b.py"] }));
        string[] lines = File.ReadAllLines(file.FullName);
        string name = Assert.Single(lines, l => l.StartsWith("CLIP = ", StringComparison.Ordinal));
        Assert.EndsWith("/a\\\"\\\\); import os #'\\u000a\\U0001f600.mp4\"", name, StringComparison.Ordinal);
        Assert.Contains("FPS, FPS_BASE = 25, 1", lines);
        // fy = fx · 1 / 1.25
        Assert.Contains("ASPECT_X, ASPECT_Y = 1, 1.25", lines);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"SENSOR, FOCAL_LENGTH = 36, {50 * 36 / 64.0}"), lines);
        double[][] keys = [.. lines.Where(l => l.StartsWith("    (", StringComparison.Ordinal)).Select(l => Numbers(l.Replace("(", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal).Replace(",", " ", StringComparison.Ordinal).Trim()))];
        Assert.Equal(Enumerable.Range(1, 60).Select(i => (double)i), keys.Select(k => k[0]));
        for (int i = 1; i < 60; i++) Assert.True(keys[i][4..].Zip(keys[i - 1][4..], (a, b) => a * b).Sum() > 0.9);
    }

    [Fact]
    public void Pictures_are_the_clips_frames_under_the_names_in_the_model()
    {
        uint[][] frames = [.. Enumerable.Range(0, 6).Select(i => Enumerable.Repeat((uint)(i << 20 | 0x1234), 16 * 12).ToArray())];
        string clip = RawVideo.Write(_folder["c.mkv"], 16, 12, frames);
        var path = RandomPath.Make(6) with { Camera = new(16, 12, 20, 20, 7.5, 5.5), ColorPath = clip };
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Images = true, Every = 2, DestinationPath = _folder["out"] });
        Assert.Equal(3, files.Count);
        Assert.Equal(["frame_0000000.png", "frame_0000002.png", "frame_0000004.png"], Directory.GetFiles(_folder["out/images"]).Select(f => Path.GetFileName(f)).Order());
        Assert.Equal(frames[4], Assert.Single(RawVideo.Read(_folder["out/images/frame_0000004.png"])));

        var twice = Assert.Throws<MetricDepthException>(() => Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Images = true, DestinationPath = _folder["out"] }));
        Assert.Equal("DestinationExists", twice.ErrorId);
        var longer = Assert.Throws<MetricDepthException>(() => Export(new() { CameraPath = RandomPath.Make(9) with { Camera = path.Camera, ColorPath = clip }, Format = CameraPathExportFormat.Nerfstudio, Images = true, DestinationPath = _folder["long"] }));
        Assert.Equal("ClipTooShort", longer.ErrorId);
        Assert.False(Directory.Exists(_folder["long"]));
    }

    [Fact]
    public void Points_have_the_colours_of_the_clip()
    {
        var (path, _, tracks) = RandomPath.Walk(_folder["t.json"], Lens, 6, 30);
        // the left half is red, the right half blue; dragged along by the camera, so that most points stay on their side
        uint[] picture = [.. Enumerable.Range(0, 640 * 480).Select(i => i % 640 < 320 ? 0xC00000u : 0x0000C0u)];
        string clip = RawVideo.Write(_folder["c.mkv"], 640, 480, Enumerable.Repeat(picture, 6));
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, Tracks = tracks, ColorPath = clip, DestinationPath = _folder["out"] });
        foreach (double[] p in Data(files[2]).Select(Numbers))
        {
            Assert.Equal((0, 192), (p[5], p[4] + p[6]));
            var at = path.Poses[3].Inverse * new Vector3(p[1], p[2], p[3]);
            if (Math.Abs(at.X / at.Z) > 0.3) Assert.Equal(at.X < 0 ? 192 : 0, p[4]);
        }
    }

    [Fact]
    public void Frames_of_which_nothing_is_known_are_left_out_of_models()
    {
        var path = RandomPath.Make(6) with
        {
            Camera = Lens,
            FramesPerSecond = 25,
            Frames = [.. Enumerable.Range(0, 6).Select(i => new PoseQuality(i, i >= 4 ? PoseState.Held : i == 2 ? PoseState.Bridged : PoseState.Solved, false, 0, 0, double.NaN, double.NaN, double.NaN))],
        };
        var messages = new List<FrameProgress>();
        var files = Export(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, DestinationPath = _folder["out"] }, messages);
        Assert.Equal(2 * 4, Data(files[1]).Length);
        Assert.Contains("frames 4-5", Assert.Single(messages, m => m.Kind == MessageKind.Warning).Message, StringComparison.Ordinal);
        Assert.Equal(6, Data(Assert.Single(Export(new() { CameraPath = path, Format = CameraPathExportFormat.Tum, DestinationPath = _folder["t.txt"] }))).Length);
    }

    [Theory]
    [InlineData("FrameRateMissing", CameraPathExportFormat.Tum)]
    [InlineData("PictureSizeMissing", CameraPathExportFormat.Colmap)]
    [InlineData("DestinationMissing", CameraPathExportFormat.Kitti)]
    public void What_nobody_says_is_asked_for(string errorId, CameraPathExportFormat format)
    {
        string? destination = errorId == "DestinationMissing" ? null : _folder["out"];
        var error = Assert.Throws<MetricDepthException>(() => Export(new() { CameraPath = RandomPath.Make(3), Format = format, DestinationPath = destination }));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private static List<FileInfo> Export(CameraPathExportOptions options, List<FrameProgress>? messages = null)
    {
        var files = new List<FileInfo>();
        CameraPathExport.Run(options, files.Add, messages is null ? null : new Collected(messages), TestContext.Current.CancellationToken);
        return files;
    }

    private static string[] Data(FileInfo file) => [.. File.ReadAllLines(file.FullName).Where(l => !l.StartsWith('#'))];

    private static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => double.Parse(w, CultureInfo.InvariantCulture))];

    private sealed class Collected(List<FrameProgress> messages) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value)
        {
            lock (messages) messages.Add(value);
        }
    }
}
