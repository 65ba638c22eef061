using System.Globalization;
using System.Text;
using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Export.Las;
using MetricDepth.Export.Ply;
using MetricDepth.Export.PointClouds;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

public sealed class PointCloudFormatTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cloud_in_words_holds_the_very_numbers_of_the_binary_one(bool normals)
    {
        var options = new PointCloudExportOptions { Depth = DepthClip.Small(_folder), First = 1, Normals = normals };
        var binary = CloudFile.ReadPly(Export(options with { DestinationPath = _folder["binary"] }), out _);
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new("de-DE");
        string file = Export(options with { DestinationPath = _folder["words"], Ascii = true });
        CultureInfo.CurrentCulture = before;
        var words = CloudFile.ReadPly(file, out string header);
        Assert.StartsWith("ply\nformat ascii 1.0\n", header, StringComparison.Ordinal);
        Assert.Equal(normals, header.Contains("property float nx\nproperty float ny\nproperty float nz\nproperty uchar red", StringComparison.Ordinal));
        Assert.Equal(binary, words);
        Assert.True(binary.Select(p => p.Color).Distinct().Count() > 50);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_LAS_file_has_the_points_upright_with_their_colours_and_the_frames_time(bool colored)
    {
        var clip = DepthClip.Small(_folder);
        if (!colored)
        {
            File.Move(clip.Path, _folder["plain.mkv"]);
            clip = clip with { Path = _folder["plain.mkv"], ColorPath = null };
        }
        var options = new PointCloudExportOptions { Depth = clip, Frames = [3] };
        var ply = CloudFile.ReadPly(Export(options with { DestinationPath = _folder["ply"] }), out _);
        string file = Export(options with { DestinationPath = _folder["las"], Format = PointCloudFormat.Las });
        Assert.Equal("0000003.las", Path.GetFileName(file));
        var las = CloudFile.ReadLas(file, out var facts);
        Assert.Equal((colored ? 7 : 6, 3 / 25.0), (facts.Format, facts.Seconds));
        Assert.Equal(ply.Length, las.Length);
        foreach (var (p, q) in ply.Zip(las))
        {
            // steps of 0.1 mm
            Assert.InRange(Math.Max(Math.Abs(p.X - q.X), Math.Max(Math.Abs(p.Y - q.Y), Math.Abs(p.Z - q.Z))), 0, 0.5001e-4);
            Assert.Equal(p.Color, q.Color);
        }
        // the box is exact, and in the file's own axes: z is up, y forward
        Assert.Equal((las.Max(p => p.X), las.Max(p => p.Z), las.Max(p => -p.Y)), (facts.Most.X, facts.Most.Y, facts.Most.Z));
        Assert.Equal((las.Min(p => p.X), las.Min(p => p.Z), las.Min(p => -p.Y)), (facts.Least.X, facts.Least.Y, facts.Least.Z));
    }

    [Fact]
    public void White_is_white_in_16_bits_too()
    {
        string color = RawVideo.Write(_folder["clip.mkv"], 8, 8, [0xFFFFFF, 0x000000, 0xFF0001, 0x00FF80, .. new uint[60]]);
        var depth = DepthClip.Write(_folder["clip.mkv_depth.mkv"], 8, 8, 1, (_, _, _) => 2, color);
        byte[] bytes = File.ReadAllBytes(Export(new() { Depth = depth, Format = PointCloudFormat.Las }));
        Assert.Equal(375 + 64 * 36, bytes.Length);
        ushort[] channels = [.. Enumerable.Range(0, 12).Select(i => BitConverter.ToUInt16(bytes, 375 + i / 3 * 36 + 30 + i % 3 * 2))];
        Assert.Equal([65535, 65535, 65535, 0, 0, 0, 65535, 0, 257, 0, 65535, 128 * 257], channels);
    }

    [Fact]
    public void LAS_coordinates_are_the_nearest_steps_wherever_a_point_stands_in_its_row()
    {
        var random = new Random(3);
        for (int count = 1; count < 12; count++)
        {
            var points = new PointBuffer(count, VertexFields.None) { Count = count };
            for (int i = 0; i < count; i++)
                (points.X[i], points.Y[i], points.Z[i]) = (200 * random.NextSingle() - 100, 20 * random.NextSingle() - 10, 5000 * random.NextSingle());
            var encoder = new LasPointEncoder(VertexFields.None, 0);
            encoder.Begin(0);
            encoder.Append(points);
            using var stream = new MemoryStream();
            encoder.Bytes.CopyTo(stream, TestContext.Current.CancellationToken);
            byte[] records = stream.ToArray(), header = encoder.Header(count);
            for (int axis = 0; axis < 3; axis++)
            {
                float[] metres = axis == 0 ? points.X : axis == 1 ? points.Z : [.. points.Y.Select(y => -y)];
                int[] steps = [.. metres.Select(m => (int)Math.Round(m / 1e-4))];
                Assert.Equal(steps, Enumerable.Range(0, count).Select(i => BitConverter.ToInt32(records, 30 * i + 4 * axis)));
                Assert.Equal((steps.Max() * 1e-4, steps.Min() * 1e-4), (BitConverter.ToDouble(header, 179 + 16 * axis), BitConverter.ToDouble(header, 187 + 16 * axis)));
            }
            points.Y[random.Next(count)] = random.Next(2) == 0 ? 3e5f : float.NaN;
            Assert.Equal("PointTooFar", Assert.Throws<MetricDepthException>(() => encoder.Append(points)).ErrorId);
        }
    }

    [Fact]
    public void Points_too_far_for_LAS_are_an_error_that_says_so()
    {
        var depth = DepthClip.Small(_folder);
        File.WriteAllText(_folder["far.json"], "[[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],[[1,0,0,1e9],[0,1,0,0],[0,0,1,0],[0,0,0,1]]]");
        var options = new PointCloudExportOptions { Depth = depth, CameraPath = _folder["far.json"], Frames = [1], DestinationPath = _folder["far"], Format = PointCloudFormat.Las };
        Assert.Equal("PointTooFar", Assert.Throws<MetricDepthException>(() => Export(options)).ErrorId);
        Assert.False(Directory.Exists(_folder["far"]));
        Assert.InRange(CloudFile.ReadPly(Export(options with { Format = PointCloudFormat.Ply }), out _)[0].X, 1e9 - 100, 1e9 + 100); // single precision
    }

    [Theory]
    [InlineData("AsciiNotInFormat")]
    [InlineData("NormalsNotInFormat")]
    [InlineData("MergeMissing")]
    [InlineData("VoxelSizeOutOfRange")]
    public void What_contradicts_itself_is_named_before_anything_is_read(string errorId)
    {
        var options = new PointCloudExportOptions { Depth = DepthClip.Small(_folder) with { Path = _folder["is not looked for.mkv"] } };
        options = errorId switch
        {
            "AsciiNotInFormat" => options with { Format = PointCloudFormat.Las, Ascii = true },
            "NormalsNotInFormat" => options with { Format = PointCloudFormat.Las, Normals = true },
            "MergeMissing" => options with { VoxelSize = 0.1 },
            _ => options with { VoxelSize = double.NaN, Merge = true },
        };
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => Export(options)).ErrorId);
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() => PointCloudExport.Size(options)).ErrorId);
    }

    [Theory]
    [InlineData(PointCloudFormat.Ply, false, false, 15)]
    [InlineData(PointCloudFormat.Ply, true, false, 27)]
    [InlineData(PointCloudFormat.Ply, false, true, 63)]
    [InlineData(PointCloudFormat.Ply, true, true, 114)]
    [InlineData(PointCloudFormat.Las, false, false, 36)]
    public void A_file_is_never_larger_than_was_said(PointCloudFormat format, bool normals, bool words, int bytesAPoint)
    {
        var depth = DepthClip.Write(_folder["full.mkv"], 64, 48, 1, (x, y, _) => 1 + 0.01 * x + 0.001 * y, DepthClip.Small(_folder).ColorPath) with { ColorPath = null };
        string color = TestClip.Make(_folder["c.mp4"], 64, 48, 0.2);
        var options = new PointCloudExportOptions { Depth = depth, ColorPath = color, Format = format, Normals = normals, Ascii = words };
        double most = PointCloudExport.Size(options).BytesEach;
        Assert.InRange(most, 64 * 48 * bytesAPoint, 64 * 48 * bytesAPoint + 1000);
        long actual = new FileInfo(Export(options)).Length;
        // binary files differ only in the room that is kept for the camera's line in the header
        Assert.InRange(actual, words ? most / 3 : most - 200, most);
    }

    [Fact]
    public void What_a_long_video_will_take_is_said_before_it_starts()
    {
        var depth = DepthClip.Small(_folder) with { FrameCount = 10_000_000, ColorPath = null, Path = _folder["long.mkv"] };
        File.Move(_folder["clip.mp4_depth.mkv"], depth.Path);
        var notes = new List<FrameProgress>();
        PointCloudExport.Run(new() { Depth = depth }, _ => notes.Add(new("written", 0, null)), new Notes(notes), TestContext.Current.CancellationToken);
        int warning = notes.FindIndex(n => n.Kind == MessageKind.Warning && n.Message!.Contains("10000000 files, up to 76.", StringComparison.Ordinal) && n.Message.Contains("-Every", StringComparison.Ordinal));
        Assert.InRange(warning, 0, notes.FindIndex(n => n.Activity == "written") - 1);
    }

    private string Export(PointCloudExportOptions options)
    {
        var files = new List<FileInfo>();
        PointCloudExport.Run(options, files.Add, null, TestContext.Current.CancellationToken);
        return Assert.Single(files).FullName;
    }

    private sealed class Notes(List<FrameProgress> notes) : IProgress<FrameProgress>
    {
        public void Report(FrameProgress value) => notes.Add(value);
    }
}
