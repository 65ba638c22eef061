using System.Diagnostics;
using System.Globalization;
using System.Text;
using MetricDepth.Export.Cameras;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

/// <summary>What Import-CameraPath makes of other programs' files.</summary>
public sealed class CameraPathImportTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Intrinsics Lens = new(640, 480, 525, 520, 317.25, 243.5);
    private readonly TempFolder _folder = new();
    private readonly List<FrameProgress> _messages = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CameraPathExportFormat.Colmap)]
    [InlineData(CameraPathExportFormat.Nerfstudio)]
    [InlineData(CameraPathExportFormat.Tum)]
    [InlineData(CameraPathExportFormat.Kitti)]
    public void What_we_write_we_read(CameraPathExportFormat format)
    {
        var path = RandomPath.Make(40) with { Camera = Lens, FramesPerSecond = 29.97, Scale = CameraPathScale.Metric };
        CameraPathExport.Run(new() { CameraPath = path, Format = format, DestinationPath = _folder["out"] }, _ => { }, null, TestContext.Current.CancellationToken);
        var read = Import(_folder["out"]);
        // numbers are written in full; times to a nanosecond, of a camera that moves by metres a frame
        RandomPath.AssertSame(path.Poses, read.Poses, format == CameraPathExportFormat.Tum ? 1e-6 : 1e-12);
        Assert.Equal(format == CameraPathExportFormat.Colmap ? CameraPathScale.Relative : CameraPathScale.Metric, read.Scale);
        Assert.All(read.Frames, f => Assert.Equal(PoseState.Solved, f.State));
        Assert.Equal(_folder["out_transformations.json"], read.Path);
        RandomPath.AssertSame(read.Poses, CameraPath.Load(read.Path!).Poses, 1e-12);
        if (format is CameraPathExportFormat.Colmap or CameraPathExportFormat.Nerfstudio) Assert.Equal(Lens, read.Camera);
        if (format == CameraPathExportFormat.Tum) Assert.Equal(29.97, read.FramesPerSecond!.Value, 0.001);
    }

    [Fact]
    public void A_path_anywhere_in_the_world_begins_at_the_first_camera()
    {
        var truth = RandomPath.Make(6);
        var world = RandomPath.Make(2, seed: 9).Poses[1];
        WriteKitti(truth.Poses.Select(p => world * p), _folder["poses.txt"]);
        var read = Import(_folder["poses.txt"], o => o with { ScaleFactor = 2.5 });
        RandomPath.AssertSame(truth.Poses.Select(p => p with { Translation = p.Translation * 2.5 }), read.Poses, 1e-9);
        Assert.Equal(CameraPathScale.Metric, read.Scale);
    }

    [Fact]
    public void Times_become_frames_between_their_neighbours_and_what_lies_outside_is_held()
    {
        // 2 m a second along x, turning by 0.4 radians a second; 10 Hz, with nothing from 1.0 to 1.9 s, for a clip of 75 frames at 25 per second
        var text = new StringBuilder("# time x y z qx qy qz qw\n");
        for (int i = 0; i <= 25; i++)
            if (i is <= 10 or >= 19)
                text.Append(CultureInfo.InvariantCulture, $"{1305031102.5 + i * 0.1:F4} {0.2 * i} 0 0 0 {Math.Sin(0.02 * i)} 0 {Math.Cos(0.02 * i)}\n");
        File.WriteAllText(_folder["tum.txt"], text.ToString());
        string clip = TestClip.Make(_folder["c.mp4"], 64, 48, 3);
        var read = Import(_folder["tum.txt"], o => o with { ColorPath = clip, TimeOffset = 0.02 });
        Assert.Equal((_folder["c.mp4_transformations.json"], 75, 25), (read.Path, read.FrameCount, read.FramesPerSecond));
        // frame i is at 0.02 + i/25 s; the path is given in frame 0's axes
        var first = At(0.02);
        RandomPath.AssertSame(Enumerable.Range(0, 62).Select(i => first.Inverse * At(0.02 + i / 25.0)), read.Poses.Take(62), 1e-6);
        // from 1.06 s (frame 26) to 1.86 s (frame 46) nothing was recorded within half a frame, and nothing after 2.5 s
        for (int i = 0; i < 75; i++)
            Assert.Equal(i > 62 ? PoseState.Held : i is >= 26 and <= 46 ? PoseState.Bridged : PoseState.Solved, read.Frames[i].State);
        Assert.Equal(read.Poses[70], read.Poses[74]);
        string[] warnings = Warnings();
        Assert.Contains("frames 26-46", warnings[0], StringComparison.Ordinal);
        Assert.Contains("frames 63-74", warnings[1], StringComparison.Ordinal);

        static Pose At(double seconds) => new(Rotation.Exp(new(0, 0.4 * seconds, 0)), new(2 * seconds, 0, 0));
    }

    [Fact]
    public void Uneven_times_need_the_clip()
    {
        File.WriteAllText(_folder["k.txt"], "0 0 0 0 0 0 0 1\n0.3 1 0 0 0 0 0 1\n1.13 2 0 0 0 0 0 1\n1.17 2 0 0 0 0 0 1\n");
        Assert.Equal("FrameRateMissing", Assert.Throws<MetricDepthException>(() => Import(_folder["k.txt"])).ErrorId);
        var read = Import(_folder["k.txt"], o => o with { FrameRate = 10 });
        Assert.Equal(13, read.FrameCount);
        Assert.Equal(1, read.Poses[3].Translation.X, 1e-9);
    }

    [Fact]
    public void Pictures_that_are_missing_get_poses_between_and_are_counted()
    {
        var path = RandomPath.Make(10) with { Camera = Lens };
        CameraPathExport.Run(new() { CameraPath = path, Format = CameraPathExportFormat.Colmap, DestinationPath = _folder["m"] }, _ => { }, null, TestContext.Current.CancellationToken);
        string file = _folder["m/sparse/0/images.txt"];
        var lines = File.ReadAllLines(file).ToList();
        // frames 4 and 5 were not found, and ffmpeg counts from 1
        int at = lines.FindIndex(l => l.EndsWith("frame_0000004.png", StringComparison.Ordinal));
        lines.RemoveRange(at, 4);
        File.WriteAllLines(file, lines.Select(l => System.Text.RegularExpressions.Regex.Replace(l, "frame_(\\d+)", m => $"frame_{int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) + 1:D5}")));
        var read = Import(_folder["m"], o => o with { IsMetric = true });
        Assert.Equal((10, CameraPathScale.Metric), (read.FrameCount, read.Scale));
        RandomPath.AssertSame([.. path.Poses.Take(4), .. path.Poses.Skip(6)], [.. read.Poses.Take(4), .. read.Poses.Skip(6)], 1e-9);
        var (a, b) = (path.Poses[3].Translation, path.Poses[6].Translation);
        Assert.Equal(0, (read.Poses[4].Translation - (a + (b - a) * (1 / 3.0))).Length, 1e-9);
        Assert.Contains("2 of 10 frames", Assert.Single(Warnings()), StringComparison.Ordinal);
        Assert.Equal(2, read.BridgedFrameCount);
        // the same pictures, every third frame of the clip
        var thirds = Import(_folder["m"], o => o with { IsMetric = true, Every = 3, FirstNumber = 1, DestinationPath = _folder["t.json"] });
        Assert.Equal(28, thirds.FrameCount);
        RandomPath.AssertSame([path.Poses[9]], [thirds.Poses[27]], 1e-9);
    }

    [Fact]
    public void A_binary_colmap_model_is_the_text_model()
    {
        var path = RandomPath.Make(5);
        using (var file = new BinaryWriter(File.Create(_folder["images.bin"])))
        {
            file.Write(5UL);
            for (int i = 0; i < 5; i++)
            {
                var (r, t) = path.Poses[i].Inverse;
                var q = UnitQuaternion.From(r);
                file.Write(i + 1);
                foreach (double v in (double[])[q.W, q.X, q.Y, q.Z, t.X, t.Y, t.Z]) file.Write(v);
                file.Write(3);
                file.Write(Encoding.UTF8.GetBytes($"ä/{i:D4}.jpg\0"));
                file.Write((ulong)i);
                file.Write(new byte[24 * i]);
            }
        }
        using (var file = new BinaryWriter(File.Create(_folder["cameras.bin"])))
        {
            file.Write(2UL);
            foreach (int id in (int[])[2, 3])
            {
                file.Write(id);
                file.Write(4); // OPENCV
                file.Write(640UL);
                file.Write(480UL);
                foreach (double v in (double[])[500 + id, 600 + id, 320, 240, 0, id == 3 ? 0.01 : 0, 0, 0]) file.Write(v);
            }
        }
        var read = Import(_folder.Path, o => o with { DestinationPath = _folder["p.json"] });
        RandomPath.AssertSame(path.Poses, read.Poses, 1e-12);
        Assert.Equal(new Intrinsics(640, 480, 503, 603, 319.5, 239.5), read.Camera);
        Assert.Contains(Warnings(), w => w.Contains("distortion", StringComparison.Ordinal));
    }

    /// <summary>An ARKit camera: x right, y up, z backward; the phone stands at (1, 2, 3) and looks along its −z.</summary>
    [Fact]
    public void Phones_record_poses_in_axes_of_their_own()
    {
        var poses = RandomPath.Make(4);
        // camera to world, with the axes of a graphics camera
        Rotation flip = new(1, 0, 0, 0, -1, 0, 0, 0, -1);
        var recorded = poses.Poses.Select(p => new Pose(flip * p.Rotation * flip, flip * p.Translation)).ToArray();
        string N(FormattableString s) => s.ToString(CultureInfo.InvariantCulture);

        File.WriteAllText(_folder["metadata"], N($$"""{"w":1920,"h":1440,"fps":60,"K":[1400,0,0,0,1401,0,961,721,1],"poses":[{{string.Join(',', recorded.Select(p => UnitQuaternion.From(p.Rotation) is var q ? N($"[{q.X},{q.Y},{q.Z},{q.W},{p.Translation.X},{p.Translation.Y},{p.Translation.Z}]") : ""))}}]}"""));
        var record3d = Import(_folder["metadata"]);
        RandomPath.AssertSame(poses.Poses, record3d.Poses, 1e-12);
        Assert.Equal((60, CameraPathScale.Metric, new Intrinsics(1920, 1440, 1400, 1401, 960.5, 720.5)), (record3d.FramesPerSecond, record3d.Scale, record3d.Camera));

        Directory.CreateDirectory(_folder["scan"]);
        Directory.CreateDirectory(_folder["poly/keyframes/corrected_cameras"]);
        for (int i = 0; i < 4; i++)
        {
            var (r, t) = recorded[i];
            double[] m = [r.M00, r.M01, r.M02, t.X, r.M10, r.M11, r.M12, t.Y, r.M20, r.M21, r.M22, t.Z];
            File.WriteAllText(_folder[$"scan/frame_{i:D5}.json"], N($$"""{"cameraPoseARFrame":[{{string.Join(',', m.Select(v => N($"{v}")))}},0,0,0,1],"intrinsics":[1400,0,960,0,1400,720,0,0,1],"time":{{70000 + i / 30.0}},"frame_index":{{i}}}"""));
            File.WriteAllText(_folder[$"poly/keyframes/corrected_cameras/{68888883458 + 77 * i * i}.json"],
                "{" + string.Join(',', m.Select((v, j) => N($"\"t_{j / 4}{j % 4}\":{v}"))) + ",\"fx\":700,\"fy\":700,\"cx\":512,\"cy\":384,\"width\":1024,\"height\":768}");
        }
        File.WriteAllText(_folder["scan/info.json"], "{}");
        var scan = Import(_folder["scan"]);
        RandomPath.AssertSame(poses.Poses, scan.Poses, 1e-6);
        Assert.Equal(30, scan.FramesPerSecond!.Value, 1e-3);
        Assert.Equal((1920, 1440), (scan.Camera!.Value.Width, scan.Camera.Value.Height));
        RandomPath.AssertSame(poses.Poses, Import(_folder["poly"]).Poses, 1e-12);

        // held upright, x of the sensor points down: what is to the right in the clip is up for the sensor
        string clip = TestClip.Make(_folder["upright.mp4"], 48, 64, 0.16);
        var upright = Import(_folder["metadata"], o => o with { ColorPath = clip });
        Assert.Contains(Warnings(), w => w.Contains("upright", StringComparison.Ordinal));
        Rotation sensorFromClip = new(0, 1, 0, -1, 0, 0, 0, 0, 1);
        RandomPath.AssertSame(poses.Poses.Select(p => new Pose(sensorFromClip.Transposed * p.Rotation * sensorFromClip, sensorFromClip.Transposed * p.Translation)), upright.Poses, 1e-12);
        var k = upright.Camera!.Value;
        Assert.Equal((48, 64, 1401 / 30.0, 1400 / 30.0), (k.Width, k.Height, k.Fx, k.Fy));
        // K has its origin in the corner: the principal point is 1 pixel of 30 right of the middle and 1 below it, and turned with the picture
        Assert.Equal(23.5 - 1 / 30.0, k.Cx, 1e-9);
        Assert.Equal(31.5 + 1 / 30.0, k.Cy, 1e-9);
    }

    [Fact]
    public void A_path_of_ours_is_read_too()
    {
        var path = RandomPath.Make(7);
        path.Save(_folder["p.json"]);
        RandomPath.AssertSame(path.Poses, Import(_folder["p.json"]).Poses, 1e-12);
    }

    [Theory]
    [InlineData("t.txt", "0 0 0 0 0 0 0 0\n", "line 1: the quaternion")]
    [InlineData("t.txt", "# c\n0 0 0 0 0 0 0 1\n1 nan 0 0 0 0 0 1\n", "line 3")]
    [InlineData("t.txt", "0 0 0 0 0 0 0 1\n1 1e300 0 0 0 0 0 1\n", "line 2")]
    [InlineData("t.txt", "0 0 0 0 0 0 0 1\n1e14 1 0 0 0 0 0 1\n2e14 1 0 0 0 0 0 1\n", "frames", "FrameRate")]
    [InlineData("t.txt", "0 0 0 0 0 0 0 1\n1 0 0 0 0 0 0\n", "line 2")]
    [InlineData("k.txt", "1 0 0 0 0 1 0 0 0 0 1 0\n2 0 0 0 0 1 0 0 0 0 1 0\n", "line 2")]
    [InlineData("k.txt", "1 0 0 0 0 1 0 0 0 0 -1 0\n", "line 1")]
    [InlineData("images.txt", "1 1 0 0 0 0 0 0 1 a1.png\n\n1 1 0 0 0 0 0 0 1 a2.png\n\n", "line 3: picture 1")]
    [InlineData("images.txt", "1 1 0 0 0 0 0 0 1 l/a1.png\n\n2 1 0 0 0 0 0 0 1 r/a1.png\n\n", "two pictures have the number 1")]
    [InlineData("images.txt", "1 1 0 0 0 0 0 0 1 a999999999.png\n\n", "10100")]
    [InlineData("images.txt", "", "no pictures")]
    [InlineData("t.json", "{\"frames\":[]}", "no list of frames")]
    [InlineData("t.json", "{\"frames\":[{\"transform_matrix\":[[1,0,0,0],[0,1,0,0],[0,0,1,0]]}]}", "frames[0]")]
    [InlineData("t.json", "{\"frames\":\n[{\"transform_matrix\":[[NaN]]}]}", "line 2")]
    [InlineData("t.json", "{\"poses\":[[0,0,0,0,0,0,0]]}", "poses[0]")]
    [InlineData("t.json", "{\"poses\":[{}]}", "poses[0]")]
    [InlineData("t.json", "[[[1]]]", "not a camera path")]
    public void What_is_no_path_is_named_with_its_line(string name, string text, string where, string? with = null)
    {
        File.WriteAllText(_folder[name], text);
        var error = Assert.Throws<MetricDepthException>(() => Import(_folder[name], o => with is null ? o : o with { FrameRate = 30 }));
        Assert.Equal("CameraPathMalformed", error.ErrorId);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
        Assert.Equal([_folder[name]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Claims_lines_and_depths_beyond_reason_end_soon_and_take_no_memory()
    {
        File.WriteAllText(_folder["deep.json"], "{\"frames\":" + new string('[', 1 << 20));
        File.WriteAllText(_folder["line.txt"], "0 0 0 0 0 0 0 1\n" + new string('1', 8 << 20));
        File.WriteAllBytes(_folder["images.bin"], [0, 0, 0, 128, 0, 0, 0, 0, .. new byte[500]]);
        File.WriteAllBytes(_folder["points.bin"], [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(1.0), .. new byte[48], 1, 0, 0, 0, (byte)'a', 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        File.WriteAllText(_folder["unknown.txt"], "hello\nworld\n");
        foreach (var (file, words) in ((string, string)[])[("deep.json", "not JSON"), ("line.txt", "line 2: it is longer"), ("images.bin", "2147483648"), ("points.bin", "18446744073709551615"), ("unknown.txt", "no camera path")])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            var error = Assert.Throws<MetricDepthException>(() => Import(_folder[file], o => file == "points.bin" ? o with { Format = CameraPathImportFormat.Colmap } : o));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            // the deep file is read whole, a megabyte in growing buffers
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
            Assert.InRange(clock.ElapsedMilliseconds, 0, 5000);
        }
    }

    [Fact]
    public void Whatever_happens_to_a_file_the_answer_is_a_path_or_a_named_error()
    {
        var path = RandomPath.Make(3) with { Camera = Lens, FramesPerSecond = 25 };
        List<(string Name, byte[] Bytes)> files = [];
        foreach (var format in Enum.GetValues<CameraPathExportFormat>().Where(f => f != CameraPathExportFormat.Blender))
        {
            string to = _folder["s" + format];
            CameraPathExport.Run(new() { CameraPath = path, Format = format, DestinationPath = to }, f => files.Add((f.Name, File.ReadAllBytes(f.FullName))), null, TestContext.Current.CancellationToken);
        }
        files.RemoveAll(f => f.Name == "points3D.txt");
        byte[] model = [3, 0, 0, 0, 0, 0, 0, 0];
        for (int i = 1; i <= 3; i++) model = [.. model, (byte)i, 0, 0, 0, .. BitConverter.GetBytes(1.0), .. new byte[24], .. BitConverter.GetBytes(0.5 * i), .. new byte[16], 1, 0, 0, 0, (byte)'a', (byte)('0' + i), 0, 1, 0, 0, 0, 0, 0, 0, 0, .. new byte[24]];
        files.Add(("images.bin", model));
        files.Add(("r3d.json", Encoding.ASCII.GetBytes("{\"w\":640,\"h\":480,\"fps\":30,\"K\":[500,0,0,0,500,0,320,240,1],\"poses\":[[0,0,0,1,0,0,0],[0,0.1,0,0.99,1,2,3]]}")));
        files.Add(("frame_00001.json", Encoding.ASCII.GetBytes("{\"cameraPoseARFrame\":[1,0,0,1.5,0,1,0,2,0,0,1,3,0,0,0,1],\"intrinsics\":[500,0,320,0,500,240,0,0,1],\"time\":12.5}")));
        var random = new Random(20261122);
        int paths = 0, errors = 0;
        string folder = Directory.CreateDirectory(_folder["work"]).FullName;
        void Try(string name, ReadOnlySpan<byte> bytes)
        {
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            // the camera of a model is read with its pictures
            string source = name == "cameras.txt" ? "images.txt" : name;
            try
            {
                var read = CameraPathImport.Run(new() { SourcePath = Path.Combine(folder, source), DestinationPath = _folder["out.json"], Overwrite = true }, null, CancellationToken.None);
                Assert.All(read.Poses, p => Assert.True(double.IsFinite(p.Translation.Length) && Math.Abs((p.Rotation * p.Rotation.Transposed).M00 - 1) < 0.02));
                paths++;
            }
            catch (MetricDepthException e)
            {
                Assert.Contains(e.ErrorId, (string[])["CameraPathMalformed", "CameraPathFormatUnknown", "FrameRateMissing", "CameraPathOutsideClip"]);
                errors++;
            }
        }
        var clock = Stopwatch.StartNew();
        foreach (var (name, bytes) in files)
        {
            if (name == "cameras.txt") File.WriteAllBytes(Path.Combine(folder, "images.txt"), files.First(f => f.Name == "images.txt").Bytes);
            // a sample: some 150 of the places where a file can break off, and 150 of the ways in which it can be spoilt
            for (int length = 0; length < bytes.Length; length += 1 + bytes.Length / 150) Try(name, bytes.AsSpan(0, length));
            for (int i = 0; i < 150; i++)
            {
                byte[] changed = [.. bytes];
                for (int n = random.Next(1, 4); n > 0; n--)
                {
                    int at = random.Next(changed.Length);
                    changed[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)"0123456789.-eE \n,[]{}\""[random.Next(22)], _ => (byte)(changed[at] ^ 1 << random.Next(8)) };
                }
                Try(name, changed);
            }
            foreach (string file in Directory.GetFiles(folder)) File.Delete(file);
        }
        output.WriteLine($"{paths} paths, {errors} errors in {clock.ElapsedMilliseconds} ms");
        Assert.True(paths > 100 && errors > 500);
    }

    private CameraPath Import(string source, Func<CameraPathImportOptions, CameraPathImportOptions>? options = null)
    {
        var asked = new CameraPathImportOptions { SourcePath = source };
        return CameraPathImport.Run(options?.Invoke(asked) ?? asked, new Collected(_messages), TestContext.Current.CancellationToken);
    }

    private string[] Warnings() => [.. _messages.Where(m => m.Kind == MessageKind.Warning).Select(m => m.Message!)];

    private static void WriteKitti(IEnumerable<Pose> poses, string file) => File.WriteAllLines(file, poses.Select(p => string.Create(CultureInfo.InvariantCulture,
        $"{p.Rotation.M00} {p.Rotation.M01} {p.Rotation.M02} {p.Translation.X} {p.Rotation.M10} {p.Rotation.M11} {p.Rotation.M12} {p.Translation.Y} {p.Rotation.M20} {p.Rotation.M21} {p.Rotation.M22} {p.Translation.Z}")));

    private sealed class Collected(List<FrameProgress> messages) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => messages.Add(value);
    }
}
