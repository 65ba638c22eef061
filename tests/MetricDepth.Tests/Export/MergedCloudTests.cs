using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

public sealed class MergedCloudTests(ShakyClip clip) : IClassFixture<ShakyClip>, IDisposable
{
    private const int Width = 12, Height = 10;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_cell_becomes_the_mean_of_what_was_seen_in_it()
    {
        // the wall stands at 1.02 m in one frame and at 1.06 m in the next, and changes its colour
        string color = RawVideo.Write(_folder["clip.mkv"], Width, Height, [.. Enumerable.Repeat(0x102030u, Width * Height)], [.. Enumerable.Repeat(0x304050u, Width * Height)]);
        var depth = DepthClip.Write(_folder["clip.mkv_depth.mkv"], Width, Height, 2, (_, _, frame) => 1.02 + 0.04 * frame, color);
        var points = CloudFile.ReadPly(Export(new() { Depth = depth, Merge = true, VoxelSize = 0.5, Normals = true }), out string header);
        Assert.Contains("comment 2 frames merged in cells of 0.5 m\n", header, StringComparison.Ordinal);
        // 60 degrees on 12 px: the wall is about 1.2 m wide and 0.98 m high at 1.04 m, its pixels reach half a pixel less far
        Assert.Equal(4 * 2, points.Length);
        foreach (var p in points)
        {
            Assert.Equal(1.04, p.Z, 0.0004);
            // pixels at the border of a cell may be inside in one frame only
            Assert.InRange(p.Color >> 16, 0x10u, 0x30u);
            Assert.Equal(0, (p.Normal - new Vector3(0, 0, -1)).Length, 0.02);
        }
        Assert.Contains(points, p => p.Color == 0x203040);
        Assert.Equal(points.Length, points.Select(p => (Math.Floor(p.X / 0.5), Math.Floor(p.Y / 0.5))).Distinct().Count());
    }

    [Fact]
    public void A_camera_that_moves_makes_one_scene_whatever_the_number_of_threads()
    {
        var options = new PointCloudExportOptions { Depth = clip.Depth, CameraPath = clip.PathFile, Merge = true, VoxelSize = 0.02, MaxDepth = 8 };
        var notes = new List<FrameProgress>();
        string file = Export(options with { DestinationPath = _folder["scene.ply"] }, notes);
        Assert.DoesNotContain(notes, n => n.Kind == MessageKind.Warning);
        var points = CloudFile.ReadPly(file, out _);
        var toWorld = ShakyClip.CameraToWorld(0);
        // the camera shakes by 4 cm and 3°: where the lowest points are is the floor, as flat as the steps of depth and the cells' means
        var floor = points.Select(p => (toWorld * new Vector3(p.X, p.Y, p.Z)).Y).Where(y => y > -0.02).ToArray();
        Assert.True(floor.Length > points.Length / 5, $"{floor.Length} of {points.Length}");
        Assert.All(floor, y => Assert.InRange(y, -0.02, 0.002));
        Assert.InRange(floor.Average(), -0.001, 0.001);

        // the same with other work going on: frames are ready in another order
        string again = "";
        Parallel.For(0, 3, i =>
        {
            string made = Export(options with { DestinationPath = _folder[$"again{i}.ply"] });
            if (i == 0) again = made;
        });
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(again));
    }

    [Fact]
    public void Without_a_camera_path_people_are_warned_unless_there_is_one_frame()
    {
        var notes = new List<FrameProgress>();
        var depth = DepthClip.Small(_folder);
        string las = Export(new() { Depth = depth, Merge = true, Format = PointCloudFormat.Las, DestinationPath = _folder["all.las"] }, notes);
        Assert.Contains(notes, n => n.Kind == MessageKind.Warning && n.Message!.Contains("-CameraPath", StringComparison.Ordinal));
        var upright = CloudFile.ReadLas(las, out var facts);
        Assert.Equal((upright.Max(p => p.X), upright.Min(p => p.Z), 0.0), (facts.Most.X, facts.Least.Y, facts.Seconds));
        notes.Clear();
        string ply = Export(new() { Depth = depth, Merge = true, First = 1 }, notes);
        Assert.Equal(depth.Path + "_points.ply", ply);
        Assert.DoesNotContain(notes, n => n.Kind == MessageKind.Warning);
        // a small frame has at most one pixel to a cell of 1 cm: the cloud of the frame as it is
        Export(new() { Depth = depth, First = 1 });
        Assert.Equal(CloudFile.ReadPly(Path.Combine(depth.Path + "_points", "0000000.ply"), out _), CloudFile.ReadPly(ply, out _));
    }

    [Fact]
    public void Nothing_to_merge_is_an_empty_cloud_and_a_warning()
    {
        var notes = new List<FrameProgress>();
        var depth = DepthClip.Small(_folder);
        Assert.Empty(CloudFile.ReadPly(Export(new() { Depth = depth, Merge = true, MinDepth = 19 }, notes), out _));
        Assert.Empty(CloudFile.ReadLas(Export(new() { Depth = depth, Merge = true, MinDepth = 19, Format = PointCloudFormat.Las }), out var facts));
        Assert.Equal(default, facts.Most);
        Assert.Contains(notes, n => n.Message?.Contains("empty", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("Merging point clouds", 2)]
    [InlineData("", 0)]
    public void Cancelling_leaves_nothing(string activity, int frame)
    {
        using var stop = new CancellationTokenSource();
        var depth = DepthClip.Small(_folder);
        var before = Directory.GetFileSystemEntries(_folder.Path).Order().ToArray();
        // in the middle of the frames, and when the file is about to be written
        var progress = new Watching(n =>
        {
            if (n.Activity == activity && n.Done == frame && (frame > 0 || n.Message?.Contains("became", StringComparison.Ordinal) == true)) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => PointCloudExport.Run(new() { Depth = depth, Merge = true }, _ => Assert.Fail("cancelled"), progress, stop.Token));
        Assert.True(stop.IsCancellationRequested);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder.Path).Order());
    }

    [Fact]
    public void Cancelling_within_the_first_frame_leaves_no_folder()
    {
        using var stop = new CancellationTokenSource();
        var depth = DepthClip.Write(_folder["d.mkv"], 64, 48, 3, (_, _, _) => 1);
        var frame = new CloudFrame(new(new PointCloudExportOptions { Depth = depth }, null, default), new(new() { Depth = depth }, isColored: false));
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => frame.Encode(new(frame.Camera, VertexFields.None), new(64, VertexFields.None), stop.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => frame.Write(Stream.Null, stop.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => PointCloudExport.Run(new() { Depth = depth, HorizontalFov = 60 }, _ => { }, new Watching(_ => { }), stop.Token));
        Assert.False(Directory.Exists(depth.Path + "_points"));
    }

    [Fact]
    public void More_cells_than_there_may_be_become_twice_as_wide_and_keep_their_means()
    {
        var points = new PointBuffer(5000, VertexFields.Color | VertexFields.Normal);
        var random = new Random(5);
        var (x, y, z, red) = (0.0, 0.0, 0.0, 0.0);
        for (int i = 0; i < 5000; i++)
        {
            points.X[i] = random.NextSingle() * 2 - 1;
            points.Y[i] = random.NextSingle() * 2 - 1;
            points.Z[i] = random.NextSingle() * 2 - 1;
            points.Color[i] = (uint)random.Next(1 << 24);
            (points.NormalX[i], points.NormalY[i], points.NormalZ[i]) = (0.6f, 0, -0.8f);
            (x, y, z, red) = (x + points.X[i], y + points.Y[i], z + points.Z[i], red + (points.Color[i] >> 16));
        }
        points.Count = 5000;
        List<double> sizes = [];
        var grid = new VoxelGrid(0.125, points.Fields, limit: 600);
        grid.Add(points, g => sizes.Add(g.Size));
        // 4,096 cells of 12.5 cm, 512 of 25 cm
        Assert.Equal([0.25], sizes);
        Assert.Equal(512, grid.Count);
        var merged = new PointBuffer(512, points.Fields);
        grid.Read(0, merged);
        Assert.Equal(512, Enumerable.Range(0, 512).Select(i => (Math.Floor(merged.X[i] * 4), Math.Floor(merged.Y[i] * 4), Math.Floor(merged.Z[i] * 4))).Distinct().Count());
        Assert.All(Enumerable.Range(0, 512), i => Assert.Equal((0.6, -0.8), (merged.NormalX[i], merged.NormalZ[i]), (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) < 1e-5));

        // down to the eight cells around the origin, which hold the means of everything
        var coarse = new VoxelGrid(0.125, points.Fields, limit: 8);
        coarse.Add(points, _ => { });
        Assert.Equal((8, 1.0), (coarse.Count, coarse.Size));
        var octants = new PointBuffer(8, points.Fields);
        coarse.Read(0, octants);
        for (int i = 0; i < 8; i++)
        {
            // of 600 points each, evenly over a metre: the mean of means errs by 0.02
            Assert.Equal(0.5, Math.Abs(octants.X[i]), 0.06);
            Assert.InRange(octants.Color[i] >> 16, 110u, 145u);
        }
    }

    private static string Export(PointCloudExportOptions options, List<FrameProgress>? notes = null)
    {
        var files = new List<FileInfo>();
        PointCloudExport.Run(options, files.Add, notes is null ? null : new Watching(notes.Add), TestContext.Current.CancellationToken);
        return Assert.Single(files).FullName;
    }

    private sealed class Watching(Action<FrameProgress> watch) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => watch(value);
    }
}
