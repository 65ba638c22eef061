using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

/// <summary>Which frames and which pixels an export takes, and where it puts them; seen in point clouds.</summary>
public sealed class FrameExportPassTests : IDisposable
{
    private const int Width = 8, Height = 6, Frames = 30;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Chosen_frames_are_taken_in_order_with_their_own_depth_colour_and_pose()
    {
        string color = RawVideo.Write(_folder["clip.mkv"], Width, Height, Enumerable.Range(0, Frames).Select(i => Filled((uint)(0x010101 * i))));
        var depth = DepthClip.Write(_folder["clip.mkv_depth.mkv"], Width, Height, Frames, (_, _, frame) => 1 + 0.1 * frame, color);
        WritePath(Enumerable.Range(0, Frames).Select(i => 100.0 * i));
        // far apart (a seek), side by side, and one twice
        var clouds = Export(new() { Depth = depth, Frames = [27, 3, 2, 27, 0], CameraPath = _folder["path.json"] });
        Assert.Equal([0, 2, 3, 27], clouds.Keys);
        foreach (var (frame, points) in clouds)
            Assert.All(points, p =>
            {
                Assert.Equal(1 + 0.1 * frame, p.Z, 0.0004);
                Assert.Equal((uint)(0x010101 * frame), p.Color);
                Assert.InRange(p.X - 100 * frame, -2, 2.5);
            });
        Assert.Equal([2, 0], (int[])[Export(new() { Depth = depth, Frames = [0, 2], First = 2 }).Count, Export(new() { Depth = depth, Frames = [9, 5], First = 1 }).Count(c => c.Key != 5)]);
        Assert.Equal("FrameBeyondEnd", Error(new() { Depth = depth, Frames = [Frames] }));
        Assert.Equal("FramesAmbiguous", Error(new() { Depth = depth, Frames = [1], Every = 2 }));
        Assert.Equal("FrameOutOfRange", Error(new() { Depth = depth, Frames = [-1] }));
    }

    [Fact]
    public void White_in_the_mask_is_left_out_and_inverted_it_is_what_stays()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, 6, (x, _, _) => 1 + x);
        // the left half, and in odd frames one row more
        string mask = WriteMask(6, (x, y, frame) => x < 4 || (frame % 2 == 1 && y == 0));
        foreach (int every in (int[])[1, 2])
        {
            var background = Export(new() { Depth = depth, MaskPath = mask, Every = every });
            var foreground = Export(new() { Depth = depth, MaskPath = mask, Every = every, InvertMask = true });
            Assert.Equal(6 / every, background.Count);
            foreach (var (frame, points) in background)
            {
                int white = 4 * Height + (frame % 2 == 1 ? 4 : 0);
                Assert.Equal((Width * Height - white, white), (points.Length, foreground[frame].Length));
                Assert.All(points, p => Assert.True(p.Z > 4.5));
            }
        }
        // chosen frames have their own mask
        Assert.Equal([20, 24], Export(new() { Depth = depth, MaskPath = mask, Frames = [3, 4] }).Values.Select(p => p.Length));
        Assert.Equal("MaskMissing", Error(new() { Depth = depth, InvertMask = true }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_mask_that_ends_too_early_is_an_error(bool chosen)
    {
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, 6, (_, _, _) => 1);
        string mask = WriteMask(3, (_, _, _) => false);
        var options = new PointCloudExportOptions { Depth = depth, MaskPath = mask };
        Assert.Equal("MaskTooShort", Error(chosen ? options with { Frames = [1, 5] } : options));
        Assert.Equal(3, Export(options with { MaxFrames = 3, DestinationPath = _folder["three"] }).Count);
    }

    [Fact]
    public void Depth_limits_cut_off_what_is_nearer_or_farther()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, 1, (x, _, _) => 1 + x);
        Assert.Equal([3, 4, 5], Depths(2.9, 5.5));
        Assert.Equal([7, 8], Depths(6.5, null));
        Assert.Equal([1, 2], Depths(null, 2.5));
        Assert.Equal("DepthRangeEmpty", Error(new() { Depth = depth, MinDepth = 3, MaxDepth = 2 }));

        int[] Depths(double? least, double? most) =>
            [.. Export(new() { Depth = depth, MinDepth = least, MaxDepth = most })[0].Select(p => (int)Math.Round(p.Z)).Distinct().Order()];
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void Points_lie_in_the_axes_of_the_frame_that_is_locked_to(int? lockFrame)
    {
        // a quarter turn to the right with every frame, and a step
        var turn = new Rotation(0, 0, 1, 0, 1, 0, -1, 0, 0);
        var poses = new List<Pose> { Pose.Identity };
        for (int i = 1; i < 4; i++) poses.Add(poses[^1] * new Pose(turn, new(0.5, 0.1, 0.2)));
        File.WriteAllText(_folder["path.json"], "[" + string.Join(",", poses.Select(p => string.Create(CultureInfo.InvariantCulture,
            $"[[{p.Rotation.M00},{p.Rotation.M01},{p.Rotation.M02},{p.Translation.X}],[{p.Rotation.M10},{p.Rotation.M11},{p.Rotation.M12},{p.Translation.Y}],[{p.Rotation.M20},{p.Rotation.M21},{p.Rotation.M22},{p.Translation.Z}],[0,0,0,1]]"))) + "]");
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, 4, (x, y, _) => 1 + 0.1 * x + 0.2 * y);
        var own = Export(new() { Depth = depth });
        var moved = Export(new() { Depth = depth, CameraPath = _folder["path.json"], LockFrame = lockFrame });
        var toLocked = poses[lockFrame ?? 0].Inverse;
        for (int frame = 0; frame < 4; frame++)
            foreach (var (p, q) in own[frame].Zip(moved[frame]))
            {
                var expected = toLocked * (poses[frame] * new Vector3(p.X, p.Y, p.Z));
                // single precision of coordinates up to 5 m
                Assert.InRange((expected - new Vector3(q.X, q.Y, q.Z)).Length, 0, 2e-6);
            }
        Assert.Equal("CameraPathMissing", Error(new() { Depth = depth, LockFrame = 0 }));
        Assert.Equal("LockFrameOutOfRange", Error(new() { Depth = depth, CameraPath = _folder["path.json"], LockFrame = 4 }));
    }

    [Fact]
    public void A_camera_path_shorter_than_the_clip_is_an_error_before_anything_is_written()
    {
        var depth = DepthClip.Write(_folder["d.mkv"], Width, Height, 6, (_, _, _) => 1);
        WritePath([0, 1, 2]);
        Assert.Equal("CameraPathTooShort", Error(new() { Depth = depth, CameraPath = _folder["path.json"] }));
        Assert.Equal("CameraPathTooShort", Error(new() { Depth = depth, CameraPath = _folder["path.json"], Frames = [5] }));
        Assert.Equal(3, Export(new() { Depth = depth, CameraPath = _folder["path.json"], MaxFrames = 3 }).Count);
    }

    private static uint[] Filled(uint color)
    {
        var pixels = new uint[Width * Height];
        Array.Fill(pixels, color);
        return pixels;
    }

    private string WriteMask(int frames, Func<int, int, int, bool> white) => RawVideo.Write(_folder["mask.mkv"], Width, Height,
        Enumerable.Range(0, frames).Select(frame => Enumerable.Range(0, Width * Height).Select(i => white(i % Width, i / Width, frame) ? 0xFFFFFFu : 0).ToArray()));

    private void WritePath(IEnumerable<double> x) => File.WriteAllText(_folder["path.json"],
        "[" + string.Join(",", x.Select(value => string.Create(CultureInfo.InvariantCulture, $"[[1,0,0,{value}],[0,1,0,0],[0,0,1,0],[0,0,0,1]]"))) + "]");

    private static Dictionary<int, CloudFile.Point[]> Export(PointCloudExportOptions options)
    {
        var files = new List<FileInfo>();
        PointCloudExport.Run(options with { Overwrite = true }, files.Add, null, TestContext.Current.CancellationToken);
        return files.ToDictionary(f => int.Parse(Path.GetFileNameWithoutExtension(f.Name), CultureInfo.InvariantCulture), f => CloudFile.ReadPly(f.FullName, out _));
    }

    // Also: what failed before its first file leaves no folder.
    private string Error(PointCloudExportOptions options)
    {
        string folder = _folder["error"];
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        string id = Assert.Throws<MetricDepthException>(() => Export(options with { DestinationPath = folder })).ErrorId;
        if (Directory.Exists(folder))
        {
            Assert.NotEmpty(Directory.GetFiles(folder));
            Assert.Empty(Directory.GetFiles(folder, "*.partial"));
        }
        return id;
    }
}
