using System.Buffers.Binary;
using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export.Meshes;

public class DepthMeshExportTests(ITestOutputHelper output)
{
    // Depth is stored in steps of 0.31 mm and rounded down.
    private const double Step = 0.0004;

    [Fact]
    public void Triangles_go_between_pixels_with_depth_and_face_the_camera()
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["clip.mkv"], 4, 3, Enumerable.Range(0, 12).Select(i => (uint)(0x102030 + i)).ToArray());
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], 4, 3, 1, (x, y, _) => x == 3 && y == 0 ? 0 : 1 + x, color);
        var file = Assert.Single(Export(new() { Depth = depth, HorizontalFov = 90 }));
        Assert.Equal(Path.Combine(depth.Path + "_mesh", "0000000.glb"), file.FullName);
        var glb = new GlbFile(file.FullName);
        // six cells of two triangles; the pixel without depth is a corner of one
        Assert.Equal((11, 11), (glb.VertexCount, glb.Indices().Length / 3));
        Assert.Equal(Enumerable.Range(0, 11), glb.Indices().Distinct().Order());
        float[] p = glb.Floats("POSITION"), uv = glb.Floats("TEXCOORD_0");
        for (int v = 0; v < 11; v++)
        {
            int x = (int)Math.Round(uv[2 * v] * 4 - 0.5), y = (int)Math.Round(uv[2 * v + 1] * 3 - 0.5);
            Assert.Equal(((x + 0.5f) / 4, (y + 0.5f) / 3), (uv[2 * v], uv[2 * v + 1]));
            // 90 degrees on 4 px: fx = 2 px
            Assert.Equal((x - 1.5) / 2 * (1 + x), p[3 * v], Step);
            Assert.Equal(-(y - 1.0) / 2 * (1 + x), p[3 * v + 1], Step);
            Assert.Equal(-(1.0 + x), p[3 * v + 2], Step);
        }
        var mesh = new PixelMesh(file.FullName, Intrinsics.FromFieldOfView(4, 3, 90, null));
        Assert.All(mesh.Triangles, t => Assert.Equal(1, mesh.Area(t)));
    }

    [Fact]
    public void The_veil_behind_a_card_goes_though_all_its_corners_stay()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["card.mkv"], 24, 8, 1, (x, _, _) => x < 8 ? 1 : 5);
        var all = new GlbFile(Assert.Single(Export(new() { Depth = depth, HorizontalFov = 10, DestinationPath = folder["all"] })).FullName);
        var cut = new GlbFile(Assert.Single(Export(new() { Depth = depth, HorizontalFov = 10, DestinationPath = folder["cut"], RemoveEdges = true })).FullName);
        Assert.Equal((24 * 8, 2 * 23 * 7), (all.VertexCount, all.Indices().Length / 3));
        // every pixel is on good surface to one side, so only triangles can go: one column of cells
        Assert.Equal((24 * 8, 2 * 22 * 7), (cut.VertexCount, cut.Indices().Length / 3));
        float[] p = cut.Floats("POSITION");
        Assert.All(cut.Indices().Chunk(3), t => Assert.Single(t.Select(v => Math.Round(p[3 * v + 2])).Distinct()));
    }

    [Fact]
    public void What_is_masked_or_out_of_range_has_no_triangles()
    {
        using var folder = new TempFolder();
        string mask = RawVideo.Write(folder["mask.mkv"], 16, 8, Enumerable.Range(0, 16 * 8).Select(i => i % 16 < 4 ? 0xFFFFFFu : 0).ToArray());
        var depth = DepthClip.Write(folder["d.mkv"], 16, 8, 1, (x, _, _) => 1 + 0.25 * x);
        // columns 4..15 are not masked, 0..3 are; 2..8 are between 1.5 m and 3 m
        Assert.Equal(12 * 8, Vertices(new() { Depth = depth, MaskPath = mask }));
        Assert.Equal(4 * 8, Vertices(new() { Depth = depth, MaskPath = mask, InvertMask = true }));
        Assert.Equal(7 * 8, Vertices(new() { Depth = depth, MinDepth = 1.499, MaxDepth = 3.001 }));

        int Vertices(DepthMeshExportOptions options) => new GlbFile(Assert.Single(Export(options with { Overwrite = true })).FullName).VertexCount;
    }

    [Fact]
    public void Frames_of_a_moving_camera_lie_over_each_other()
    {
        using var folder = new TempFolder();
        // a wall at 4 m, and a camera that goes 0.5 m towards it each frame
        var depth = DepthClip.Write(folder["d.mkv"], 8, 6, 3, (_, _, frame) => 4 - 0.5 * frame);
        new CameraPath(null, [.. Enumerable.Range(0, 3).Select(i => new Pose(Rotation.Identity, new(0, 0.1 * i, 0.5 * i)))]).Save(folder["path.json"]);
        Assert.Equal([-4, -4, -4], Distances(new() { Depth = depth, CameraPath = folder["path.json"] }), (a, b) => Math.Abs(a - b) < Step);
        Assert.Equal([-3, -3, -3], Distances(new() { Depth = depth, CameraPath = folder["path.json"], LockFrame = 2, Overwrite = true }), (a, b) => Math.Abs(a - b) < Step);

        IEnumerable<double> Distances(DepthMeshExportOptions options) => Export(options).Select(f => (double)new GlbFile(f.FullName).Floats("POSITION")[2]).ToList();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(32)]
    public void A_plane_takes_the_square_of_n_times_fewer_triangles(int n)
    {
        using var folder = new TempFolder();
        // 1 / depth is linear over the picture: a wall seen at an angle, from 2 m to 2.2 m
        var depth = DepthClip.Write(folder["d.mkv"], 65, 65, 1, (x, y, _) => 1 / (0.5 - 0.0005 * x - 0.0002 * y));
        var glb = new GlbFile(Assert.Single(Export(new() { Depth = depth, Decimate = n })).FullName);
        Assert.Equal(2 * 64 * 64 / (n * n), glb.Indices().Length / 3);
        Assert.Equal((64 / n + 1) * (64 / n + 1), glb.VertexCount);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(16, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    public void Fewer_triangles_make_no_cracks_and_stay_within_the_bound(int n, bool removeEdges)
    {
        using var folder = new TempFolder();
        var noise = new Random(5);
        var depth = DepthClip.Write(folder["d.mkv"], 203, 131, 1, (x, y, _) => Landscape(x, y) * (1 + 0.002 * (noise.NextDouble() - 0.5)));
        var camera = Intrinsics.FromFieldOfView(203, 131, 60, null);
        var full = new PixelMesh(Assert.Single(Export(new() { Depth = depth, RemoveEdges = removeEdges, DestinationPath = folder["full"] })).FullName, camera);
        var few = new PixelMesh(Assert.Single(Export(new() { Depth = depth, RemoveEdges = removeEdges, Decimate = n, DestinationPath = folder["few"] })).FullName, camera);
        Assert.All(few.Triangles, t => Assert.InRange(few.Area(t), 1, n * n));
        Assert.Equal(full.Triangles.Sum(full.Area), few.Triangles.Sum(few.Area));
        Assert.Equal(few.Corners.Length, few.Triangles.SelectMany(t => new[] { t.A, t.B, t.C }).Distinct().Count());
        // a crack, also one of no width at a T-junction, would be an outline where the full mesh has none
        var (outline, expected) = (few.Outline(), full.Outline());
        Assert.True(outline.SetEquals(expected), $"{outline.Except(expected).Count()} steps of outline too many, {expected.Except(outline).Count()} missing");
        double worst = 0;
        var samples = few.Sample();
        foreach (var (at, inverse) in full.Sample())
        {
            double depthError = Math.Abs(inverse / samples[at] - 1) / CellGrid.DepthTolerance, inverseError = Math.Abs(inverse - samples[at]) / CellGrid.InverseDepthTolerance;
            worst = Math.Max(worst, Math.Min(depthError, inverseError));
        }
        output.WriteLine($"{full.Triangles.Length} triangles become {few.Triangles.Length}; worst error {worst:P0} of the bound");
        Assert.InRange(worst, 0.1, 1);
        Assert.InRange(few.Triangles.Length, 1, full.Triangles.Length / 2);
    }

    [Fact]
    public void A_wall_seen_at_a_slant_keeps_its_picture_within_half_a_pixel()
    {
        using var folder = new TempFolder();
        // from 1 m to 5 m over 128 px: linear in inverse depth, but a texture on two triangles would be 25 px off in its middle
        string color = RawVideo.Write(folder["c.mkv"], 129, 65, new uint[129 * 65]);
        var depth = DepthClip.Write(folder["d.mkv"], 129, 65, 1, (x, _, _) => 1 / (1 - 0.8 * x / 128), color);
        var glb = new GlbFile(Assert.Single(Export(new() { Depth = depth, Decimate = 64 })).FullName);
        float[] p = glb.Floats("POSITION"), uv = glb.Floats("TEXCOORD_0");
        var camera = Intrinsics.FromFieldOfView(129, 65, 60, null);
        double worst = 0;
        foreach (int[] t in glb.Indices().Chunk(3))
            foreach (var (a, b) in ((int, int)[])[(t[0], t[1]), (t[1], t[2]), (t[2], t[0])])
                for (double share = 0.1; share < 1; share += 0.1)
                {
                    double Mix(float[] values, int stride, int offset) => (1 - share) * values[stride * a + offset] + share * values[stride * b + offset];
                    double filmed = camera.Fx * Mix(p, 3, 0) / -Mix(p, 3, 2) + camera.Cx, pictured = Mix(uv, 2, 0) * 129 - 0.5;
                    worst = Math.Max(worst, Math.Abs(filmed - pictured));
                }
        output.WriteLine($"{glb.Indices().Length / 3} triangles, picture off by {worst:F2} px at most");
        Assert.InRange(worst, 0.05, CellGrid.PictureTolerance);
        Assert.InRange(glb.Indices().Length / 3, 1, 128 * 64 * 2 / 10);
    }

    [Fact]
    public void Three_formats_hold_the_same_surface()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Small(folder);
        var options = new DepthMeshExportOptions { Depth = depth, First = 1, Normals = true, Decimate = 4 };
        var glb = new GlbFile(Assert.Single(Export(options)).FullName);
        string obj = Assert.Single(Export(options with { Format = MeshFormat.Obj })).FullName;
        byte[] ply = File.ReadAllBytes(Assert.Single(Export(options with { Format = MeshFormat.Ply })).FullName);
        float[] p = glb.Floats("POSITION"), n = glb.Floats("NORMAL"), uv = glb.Floats("TEXCOORD_0");
        int vertices = glb.VertexCount;
        // OBJ, to its six decimals
        string[] lines = File.ReadAllLines(obj);
        AssertSame(p, Numbers("v "), 3, 0.51e-6, vertex => (vertex.X, -vertex.Y, -vertex.Z));
        AssertSame(n, Numbers("vn "), 3, 0.51e-6, normal => (normal.X, -normal.Y, -normal.Z));
        AssertSame(uv, Numbers("vt "), 2, 0.51e-6, at => (at.X, 1 - at.Y, 0));
        Assert.Equal(glb.Indices().Select(i => $"{i + 1}/{i + 1}/{i + 1}"), lines.Where(l => l.StartsWith("f ", StringComparison.Ordinal)).SelectMany(l => l[2..].Split(' ')));
        Assert.Equal(glb.Image(), File.ReadAllBytes(Path.ChangeExtension(obj, ".png")));
        // PLY, exactly; its colours are those of the frame at the vertices
        int data = ply.AsSpan().IndexOf("end_header\n"u8) + 11;
        var frame = RawVideo.Read(depth.ColorPath!, 1)[0];
        for (int v = 0; v < vertices; v++)
        {
            var record = ply.AsSpan(data + 27 * v, 27);
            for (int k = 0; k < 3; k++)
            {
                int sign = k == 0 ? 1 : -1;
                Assert.Equal(sign * p[3 * v + k], BinaryPrimitives.ReadSingleLittleEndian(record[(4 * k)..]));
                Assert.Equal(sign * n[3 * v + k], BinaryPrimitives.ReadSingleLittleEndian(record[(12 + 4 * k)..]));
            }
            int x = (int)(uv[2 * v] * DepthClip.SmallWidth), y = (int)(uv[2 * v + 1] * DepthClip.SmallHeight);
            Assert.Equal(frame[y * DepthClip.SmallWidth + x], (uint)(record[24] << 16 | record[25] << 8 | record[26]));
        }
        Assert.Equal(data + 27 * vertices + 13 * glb.Indices().Length / 3, ply.Length);

        double[] Numbers(string tag) => [.. lines.Where(l => l.StartsWith(tag, StringComparison.Ordinal)).SelectMany(l => l[tag.Length..].Split(' ')).Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
    }

    [Fact]
    public void Normals_of_a_slanted_wall_are_the_walls()
    {
        using var folder = new TempFolder();
        var camera = Intrinsics.FromFieldOfView(32, 24, 60, null);
        // the plane 0.6 x + 0.8 z = 1.6
        var depth = DepthClip.Write(folder["d.mkv"], 32, 24, 1, (x, _, _) => 1.6 / (0.6 * (x - camera.Cx) / camera.Fx + 0.8));
        foreach (int decimate in (int[])[1, 8])
        {
            float[] n = new GlbFile(Assert.Single(Export(new() { Depth = depth, Normals = true, Decimate = decimate, Overwrite = true })).FullName).Floats("NORMAL");
            double x = 0, z = 0;
            for (int i = 0; i < n.Length; i += 3)
            {
                // steps of 0.31 mm over pixels of 7 cm tilt a triangle by less than half a degree
                Assert.InRange(-0.6 * n[i] + 0.8 * n[i + 2], Math.Cos(0.5 * Math.PI / 180), 1.000001);
                Assert.Equal(1, n[i] * n[i] + n[i + 1] * n[i + 1] + n[i + 2] * n[i + 2], 1e-5);
                (x, z) = (x + n[i], z + n[i + 2]);
            }
            Assert.Equal(-0.6, x / (n.Length / 3), 0.002);
            Assert.Equal(0.8, z / (n.Length / 3), 0.002);
        }
    }

    [Fact]
    public void The_texture_has_the_size_of_the_colour_video_whatever_is_joined()
    {
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], 64, 48, 0.04);
        var depth = DepthClip.Write(folder["clip.mp4_depth.mkv"], 32, 24, 1, (_, _, _) => 2, color);
        byte[] fine = new GlbFile(Assert.Single(Export(new() { Depth = depth })).FullName).Image();
        byte[] coarse = new GlbFile(Assert.Single(Export(new() { Depth = depth, Decimate = 8, Overwrite = true })).FullName).Image();
        Assert.Equal((64, 48), (BinaryPrimitives.ReadInt32BigEndian(fine.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(fine.AsSpan(20))));
        // compressed differently, the same picture
        Assert.True(coarse.Length < fine.Length);
        Assert.Equal(Pixels(fine), Pixels(coarse));

        byte[] Pixels(byte[] png)
        {
            File.WriteAllBytes(folder["texture.png"], png);
            TestClip.Ffmpeg("-y", "-i", folder["texture.png"], "-f", "rawvideo", "-pix_fmt", "bgr0", folder["texture.raw"]);
            return File.ReadAllBytes(folder["texture.raw"]);
        }
    }

    [Fact]
    public void Exported_files_are_valid_gltf_also_where_a_frame_has_no_depth()
    {
        GltfValidator.Require();
        using var folder = new TempFolder();
        string color = TestClip.Make(folder["clip.mp4"], 32, 24, 0.12);
        var depth = DepthClip.Write(folder["clip.mp4_depth.mkv"], 32, 24, 3, (x, y, frame) => frame == 1 || x == y ? 0 : 1 + 0.05 * x, color);
        var notes = new Notes();
        var options = new DepthMeshExportOptions { Depth = depth, Decimate = 4, Normals = true };
        var files = Export(options, notes);
        var reports = GltfValidator.AssertFlawless([.. files.Select(f => f.FullName)]);
        Assert.Equal([true, false, true], reports.Select(r => r.GetProperty("info").GetProperty("totalTriangleCount").GetInt32() > 0));
        Assert.Contains("Frame 1 has no surface", Assert.Single(notes.Warnings), StringComparison.Ordinal);
        foreach (var format in (MeshFormat[])[MeshFormat.Obj, MeshFormat.Ply])
            Assert.Equal(3, Export(options with { Format = format }).Count(f => f.Length > 0));
    }

    [Fact]
    public void Without_a_colour_video_there_is_a_bare_mesh_and_a_warning()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 8, 6, 1, (_, _, _) => 2);
        var notes = new Notes();
        var glb = new GlbFile(Assert.Single(Export(new() { Depth = depth }, notes)).FullName);
        Assert.False(glb.Json.TryGetProperty("images", out _));
        Assert.Contains("no texture", Assert.Single(notes.Warnings), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Assert.Single(Export(new() { Depth = depth, Format = MeshFormat.Obj, DestinationPath = folder["obj"] })).FullName)!));
    }

    [Theory]
    [InlineData(MeshFormat.Glb)]
    [InlineData(MeshFormat.Obj)]
    [InlineData(MeshFormat.Ply)]
    public void No_file_is_larger_than_was_said(MeshFormat format)
    {
        using var folder = new TempFolder();
        var noise = new Random(3);
        string color = RawVideo.Write(folder["c.mkv"], 64, 48, Enumerable.Range(0, 64 * 48).Select(_ => (uint)noise.Next(0x1000000)).ToArray());
        var depth = DepthClip.Write(folder["d.mkv"], 64, 48, 1, (_, _, _) => 11 + 8 * noise.NextDouble(), color);
        foreach (bool normals in (bool[])[false, true])
        {
            var options = new DepthMeshExportOptions { Depth = depth, Format = format, Normals = normals, DestinationPath = folder[$"{normals}"] };
            var size = DepthMeshExport.Size(options, CancellationToken.None);
            Assert.True(size.IsLimit);
            Export(options);
            double actual = Directory.GetFiles(folder[$"{normals}"]).Sum(f => new FileInfo(f).Length);
            output.WriteLine($"{actual} of {size.Bytes}");
            Assert.InRange(actual, 0.5 * size.Bytes!.Value, size.Bytes.Value);
        }
    }

    [Theory]
    [InlineData("DecimateNotPowerOfTwo")]
    [InlineData("MeshFormatUnknown")]
    [InlineData("FieldOfViewMissing")]
    [InlineData("DestinationExists")]
    [InlineData("DestinationNotWritable")]
    [InlineData("DepthRangeEmpty")]
    public void What_cannot_be_exported_is_named_and_leaves_nothing(string errorId)
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Small(folder);
        var options = new DepthMeshExportOptions { Depth = depth, Format = MeshFormat.Obj };
        switch (errorId)
        {
            case "DecimateNotPowerOfTwo": options = options with { Decimate = 6 }; break;
            case "MeshFormatUnknown": options = options with { Format = (MeshFormat)9 }; break;
            case "FieldOfViewMissing": options = options with { Depth = depth with { HorizontalFov = null }, ColorPath = RawVideo.Write(folder["flat.mkv"], DepthClip.SmallWidth, DepthClip.SmallHeight, new uint[DepthClip.SmallWidth * DepthClip.SmallHeight]) }; break;
            case "DestinationExists":
                Directory.CreateDirectory(depth.Path + "_mesh");
                File.WriteAllText(Path.Combine(depth.Path + "_mesh", "0000002.png"), "mine");
                break;
            case "DestinationNotWritable": options = options with { DestinationPath = Path.Combine(depth.Path, "inside a file") }; break;
            case "DepthRangeEmpty": options = options with { MinDepth = 2, MaxDepth = 1 }; break;
        }
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Export(options)).ErrorId);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public void Cancelling_keeps_what_was_handed_out_and_no_halves()
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["c.mkv"], 4, 4, Enumerable.Range(0, 60).Select(_ => new uint[16]));
        var depth = DepthClip.Write(folder["d.mkv"], 4, 4, 60, (_, _, _) => 1, color);
        using var source = new CancellationTokenSource();
        var written = new List<string>();
        Assert.ThrowsAny<OperationCanceledException>(() => DepthMeshExport.Run(new() { Depth = depth, Format = MeshFormat.Obj }, file =>
        {
            written.Add(Path.GetFileNameWithoutExtension(file.Name));
            if (written.Count == 3) source.Cancel();
        }, null, source.Token));
        Assert.Equal(written.SelectMany(n => new[] { n + ".mtl", n + ".obj", n + ".png" }), Directory.GetFiles(depth.Path + "_mesh").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
    }

    private static double Landscape(int x, int y)
    {
        if ((x - 60) * (x - 60) + (y - 40) * (y - 40) < 100) return 0; // a hole
        if (x is > 120 and < 160 && y is > 30 and < 90) return 1.2 + 0.001 * y; // a card
        double floor = 1.5 / Math.Max(0.01, (y - 40) / 160.0);
        double ball = (x - 30) * (x - 30) + (y - 90) * (y - 90);
        if (ball < 625) return 2 - Math.Sqrt(625 - ball) / 100;
        return Math.Min(floor, 4 + 0.01 * x);
    }

    private static void AssertSame(float[] glb, double[] other, int stride, double tolerance, Func<(double X, double Y, double Z), (double X, double Y, double Z)> turn)
    {
        Assert.Equal(glb.Length, other.Length);
        for (int i = 0; i < glb.Length; i += stride)
        {
            var (x, y, z) = turn((glb[i], glb[i + 1], stride > 2 ? glb[i + 2] : 0));
            Assert.Equal(x, other[i], tolerance);
            Assert.Equal(y, other[i + 1], tolerance);
            if (stride > 2) Assert.Equal(z, other[i + 2], tolerance);
        }
    }

    private static List<FileInfo> Export(DepthMeshExportOptions options, IProgress<FrameProgress>? progress = null)
    {
        var files = new List<FileInfo>();
        DepthMeshExport.Run(options, files.Add, progress, TestContext.Current.CancellationToken);
        return files;
    }

    private sealed class Notes : IProgress<FrameProgress>
    {
        public List<string> Warnings { get; } = [];

        public void Report(FrameProgress value)
        {
            if (value is { Kind: MessageKind.Warning, Message: { } text }) Warnings.Add(text);
        }
    }
}
