using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

public class PointCloudExportTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_pixel_with_depth_becomes_its_point_in_metres()
    {
        using var folder = new TempFolder();
        var picture = Enumerable.Range(0, 12).Select(i => (uint)(0x102030 + i)).ToArray();
        string color = RawVideo.Write(folder["clip.mkv"], 4, 3, picture);
        var depth = DepthClip.Write(folder["clip.mkv_depth.mkv"], 4, 3, 1, (x, y, _) => x == 1 && y == 1 ? 0 : 1 + x, color);
        var file = Assert.Single(Export(new() { Depth = depth, HorizontalFov = 90 }));
        Assert.Equal(Path.Combine(depth.Path + "_points", "0000000.ply"), file.FullName);
        var points = CloudFile.ReadPly(file.FullName, out string header);
        Assert.StartsWith("ply\nformat binary_little_endian 1.0\n", header, StringComparison.Ordinal);
        Assert.Equal(11, points.Length);
        int n = 0;
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++)
            {
                if (x == 1 && y == 1) continue;
                // 90 degrees on 4 px: fx = 2 px. Depth is stored in steps of 0.31 mm.
                double z = 1 + x;
                var p = points[n++];
                Assert.Equal(z, p.Z, 0.0004);
                Assert.Equal((x - 1.5) / 2 * z, p.X, 0.0004);
                Assert.Equal((y - 1.0) / 2 * z, p.Y, 0.0004);
                Assert.Equal(picture[y * 4 + x], p.Color);
            }
    }

    [Fact]
    public void Points_on_the_edge_of_a_card_stay_and_those_on_the_ramp_behind_it_go()
    {
        using var folder = new TempFolder();
        // Columns 8 and 9 lie on a ramp from the card at 1 m to the wall at 5 m: every triangle there is nearly edge-on.
        var depth = DepthClip.Write(folder["ramp.mkv"], 24, 8, 1, (x, _, _) => x < 8 ? 1 : x == 8 ? 2.2 : x == 9 ? 3.6 : 5);
        var all = CloudFile.ReadPly(Assert.Single(Export(new() { Depth = depth, HorizontalFov = 10, DestinationPath = folder["all"] })).FullName, out string header);
        var cut = CloudFile.ReadPly(Assert.Single(Export(new() { Depth = depth, HorizontalFov = 10, DestinationPath = folder["cut"], RemoveEdges = true })).FullName, out _);
        Assert.DoesNotContain("red", header, StringComparison.Ordinal);
        Assert.Equal((24 * 8, 22 * 8), (all.Length, cut.Length));
        Assert.DoesNotContain(cut, p => p.Z is > 1.5 and < 4.5);
    }

    [Fact]
    public void Frames_are_chosen_by_every_first_and_max()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 4, 4, 10, (_, _, frame) => 1 + frame);
        Assert.Equal(["0000000.ply", "0000003.ply", "0000006.ply", "0000009.ply"], Names(new() { Depth = depth, Every = 3 }));
        Assert.Equal(["0000000.ply", "0000003.ply"], Names(new() { Depth = depth, Every = 3, First = 2 }));
        Assert.Equal(["0000000.ply", "0000003.ply"], Names(new() { Depth = depth, Every = 3, MaxFrames = 6 }));
        Assert.Equal(7, CloudFile.ReadPly(Path.Combine(depth.Path + "_points", "0000006.ply"), out _)[0].Z, 0.001);

        string[] Names(PointCloudExportOptions options) => [.. Export(options with { Overwrite = true }).Select(f => f.Name)];
    }

    [Theory]
    [InlineData("FieldOfViewMissing")]
    [InlineData("DestinationExists")]
    [InlineData("FileNotFound")]
    [InlineData("CountOutOfRange")]
    [InlineData("DestinationNotWritable")]
    public void What_cannot_be_exported_is_named_and_leaves_nothing(string errorId)
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 4, 4, 4, (_, _, _) => 1);
        var options = new PointCloudExportOptions { Depth = depth };
        switch (errorId)
        {
            case "FieldOfViewMissing": options = options with { Depth = depth with { HorizontalFov = null } }; break;
            case "DestinationExists":
                Directory.CreateDirectory(depth.Path + "_points");
                File.WriteAllText(Path.Combine(depth.Path + "_points", "0000002.ply"), "mine");
                break;
            case "FileNotFound": options = options with { ColorPath = folder["gone.mp4"] }; break;
            case "CountOutOfRange": options = options with { Every = 0 }; break;
            case "DestinationNotWritable": options = options with { DestinationPath = Path.Combine(depth.Path, "inside a file") }; break;
        }
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order().ToArray();
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Export(options)).ErrorId);
        Assert.Equal(before, Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public void Cancelling_keeps_what_was_handed_out_and_no_halves()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 4, 4, 60, (_, _, _) => 1);
        using var source = new CancellationTokenSource();
        var written = new List<string>();
        Assert.ThrowsAny<OperationCanceledException>(() => PointCloudExport.Run(new() { Depth = depth }, file =>
        {
            written.Add(file.FullName);
            if (written.Count == 3) source.Cancel();
        }, null, source.Token));
        Assert.Equal(written, Directory.GetFiles(depth.Path + "_points").Order());
    }

    [Fact]
    public void The_toolboxs_cloud_has_the_same_points()
    {
        string reference = DataFile.Require("reference/points-frame0.ply");
        using var folder = new TempFolder();
        var file = Assert.Single(Export(new()
        {
            Depth = DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv"), TestContext.Current.CancellationToken),
            ColorPath = DataFile.Require("reference/color.mkv"),
            DestinationPath = folder["points"],
            HorizontalFov = 63,
            First = 1,
            RemoveEdges = true,
        }));
        var ours = CloudFile.ReadPly(file.FullName, out _);
        var theirs = CloudFile.ReadPly(reference, out _);
        // Both list pixels in reading order. The toolbox's grid is scaled by (w+1)/w about the corner, so a point lies up to half
        // a pixel outward (3.5 mm at 3.46 m and 522 px); near the 85 degrees a few triangles fall on the other side.
        double focal = 320 / Math.Tan(31.5 * Math.PI / 180);
        var byPixel = ours.ToDictionary(p => ((int)Math.Round(p.X / p.Z * focal + 319.5), (int)Math.Round(p.Y / p.Z * focal + 239.5)));
        int missing = 0;
        double worst = 0;
        foreach (var p in theirs)
        {
            int x = (int)Math.Round((p.X / p.Z * focal + 320) * 640 / 641), y = (int)Math.Round((p.Y / p.Z * focal + 240) * 480 / 481);
            if (!byPixel.TryGetValue((x, y), out var q))
            {
                missing++;
                continue;
            }
            Assert.Equal(p.Color, q.Color);
            Assert.Equal(p.Z, q.Z, 1e-5);
            worst = Math.Max(worst, Math.Max(Math.Abs(p.X - q.X), Math.Abs(p.Y - q.Y)) / p.Z * focal);
        }
        output.WriteLine($"ours {ours.Length}, theirs {theirs.Length}, theirs missing in ours {missing}, worst distance {worst:F3} px");
        Assert.InRange(missing, 0, 20);
        Assert.InRange(ours.Length - theirs.Length, -20, 20);
        Assert.InRange(worst, 0, 0.51);
        // What is farther away than 3 mm is so by that scaling: half a pixel at more than 2.8 m.
        double found = CloudFile.ShareWithin(ours, theirs, 0.003), covered = CloudFile.ShareWithin(theirs, ours, 0.003);
        output.WriteLine($"within 3 mm: {found:P2} of ours, {covered:P2} of theirs");
        Assert.InRange(Math.Min(found, covered), 0.97, 1);
    }

    private static List<FileInfo> Export(PointCloudExportOptions options)
    {
        var files = new List<FileInfo>();
        PointCloudExport.Run(options, files.Add, null, TestContext.Current.CancellationToken);
        Assert.All(files, f => Assert.True(f.Exists));
        return files;
    }
}
