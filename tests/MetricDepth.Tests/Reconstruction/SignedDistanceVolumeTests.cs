using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Reconstruction;
using MetricDepth.Reconstruction.Surface;
using Xunit;

namespace MetricDepth.Tests.Reconstruction;

public sealed class SignedDistanceVolumeTests
{
    private const double Voxel = 0.02;
    private static readonly Intrinsics Camera = BallViews.Camera;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_ball_seen_from_all_sides_becomes_one_closed_surface_in_its_place()
    {
        var mesh = Ball(threads: 2);

        Assert.InRange(mesh.TriangleCount, 4000, 12000); // 4π 0.09 m² in cells of 0.0004 m² with two to four triangles each
        MeshChecks.AssertClosed(mesh.Triangles);
        var errors = mesh.Vertices().Select(v => Math.Abs(v.Length - 0.3)).Order().ToArray();
        // distances are measured along rays: where a ball is seen at a slant they are too long on both sides of the surface, not beside it
        Assert.True(errors[errors.Length / 2] < 0.1 * Voxel, $"median {errors[errors.Length / 2]}");
        Assert.True(errors[^1] < 0.5 * Voxel, $"worst {errors[^1]}");
        foreach (var (v, n) in mesh.Vertices().Zip(mesh.VertexNormals()))
        {
            Assert.Equal(1, n.Length, 3);
            Assert.True(Vector3.Dot(v.Normalized, n) > 0.9);
        }
        Assert.All(mesh.Faces(), f => Assert.True(Vector3.Dot(Vector3.Cross(f.B - f.A, f.C - f.A), f.A) >= 0));
        Assert.All(mesh.Colors.ToArray(), c => Assert.Equal(0x204080u, c));
    }

    [Fact]
    public void One_thread_and_five_make_the_same_mesh_to_the_last_bit()
    {
        var (one, five) = (Ball(threads: 1), Ball(threads: 5));
        Assert.Equal(one.Positions, five.Positions);
        Assert.Equal(one.Normals, five.Normals);
        Assert.Equal(one.Colors, five.Colors);
        Assert.Equal(one.Triangles, five.Triangles);
    }

    [Fact]
    public void Who_walks_through_the_picture_leaves_no_ghost()
    {
        var volume = BallViews.Volume(Voxel);
        var wall = BallViews.Wall(Camera, Pose.Identity, 2);
        for (int frame = 0; frame < 30; frame++)
        {
            // on screen for a third of the time, never longer than 5 frames in one place
            var ball = BallViews.Ball(Camera, Pose.Identity, new(-0.5 + frame / 5 * 0.3, 0, 1.2), 0.25);
            volume.Integrate(frame < 10 ? BallViews.Nearer(wall, ball) : wall, [], Camera, Pose.Identity, Token);
        }
        var mesh = volume.ExtractSurface(new(), null, Token);
        Assert.NotEqual(0, mesh.TriangleCount);
        Assert.All(mesh.Vertices(), v => Assert.Equal(2, v.Z, 0.001));
    }

    [Fact]
    public void What_is_masked_is_not_there()
    {
        var volume = BallViews.Volume(Voxel);
        var ball = BallViews.Ball(Camera, Pose.Identity, new(0, 0, 1.2), 0.25);
        var depth = BallViews.Wall(Camera, Pose.Identity, 2);
        for (int i = 0; i < depth.Length; i++)
            if (ball[i] > 0) depth[i] = 0;
        volume.Integrate(depth, [], Camera, Pose.Identity, Token);
        var mesh = volume.ExtractSurface(new(), null, Token);
        Assert.All(mesh.Vertices(), v => Assert.Equal(2, v.Z, 0.001));
        Assert.DoesNotContain(mesh.Vertices(), v => Math.Abs(v.X) < 0.3 && Math.Abs(v.Y) < 0.3); // behind it nothing was seen either
    }

    [Fact]
    public void Nothing_hangs_in_the_air_between_an_object_and_the_wall_behind_it()
    {
        var sharp = BallViews.Nearer(BallViews.Wall(Camera, Pose.Identity, 2.5), BallViews.Ball(Camera, Pose.Identity, new(0, 0, 1.2), 0.25));
        // a network's outline: front and back mixed over five pixels
        var depth = sharp.ToArray();
        for (int i = 2; i < depth.Length - 2; i++) depth[i] = (sharp[i - 2] + sharp[i - 1] + sharp[i] + sharp[i + 1] + sharp[i + 2]) / 5;
        var volume = BallViews.Volume(Voxel);
        volume.Integrate(depth, [], Camera, Pose.Identity, Token);
        var mesh = volume.ExtractSurface(new(), null, Token);
        Assert.Contains(mesh.Vertices(), v => v.Z < 1.3);
        Assert.DoesNotContain(mesh.Vertices(), v => v.Z is > 1.5 and < 2.4);
    }

    [Fact]
    public void Noise_is_averaged_away_over_three_hundred_frames_without_drift()
    {
        const int frames = 300;
        var camera = Intrinsics.FromFieldOfView(40, 30, 60, null);
        var volume = BallViews.Volume(Voxel, hasColor: true);
        var random = new Random(3);
        var depth = new float[camera.Width * camera.Height];
        for (int frame = 0; frame < frames; frame++)
        {
            // all pixels alike, so that it is known what the average is; the noise drops over time, as would that of a warming sensor
            Array.Fill(depth, (float)(1.5 + (random.NextDouble() - 0.5) * 0.01 - 0.01 * frame / frames));
            volume.Integrate(depth, BallViews.Painted(camera, frame < frames / 2 ? 0x404040u : 0x424242u), camera, Pose.Identity, Token);
        }
        var mesh = volume.ExtractSurface(new(), null, Token);
        Assert.NotEmpty(mesh.Vertices());
        // of 300 looks the mean of the noise has a deviation of 0.01 / √12 / √300 = 0.17 mm; three times that
        Assert.All(mesh.Vertices(), v => Assert.Equal(1.495, v.Z, 0.0005));
        Assert.All(mesh.Colors.ToArray(), c => Assert.Equal(0x414141u, c));
    }

    [Fact]
    public void A_far_look_that_is_wrong_does_not_spoil_a_near_one()
    {
        Assert.InRange(Wall(SightWeighting.DepthAndAngle), 0, 0.005);
        // the same looks, all counting the same: half of the 3 cm
        Assert.InRange(Wall(SightWeighting.Uniform), 0.012, 0.03);

        static double Wall(SightWeighting weighting)
        {
            var volume = new SignedDistanceVolume(new() { VoxelSize = Voxel, TruncationDistance = 4 * Voxel, Weighting = weighting });
            var near = new Pose(Rotation.Identity, new(0, 0, 4));
            for (int look = 0; look < 3; look++)
            {
                volume.Integrate(BallViews.Wall(Camera, near, 5), [], Camera, near, Token);
                volume.Integrate(BallViews.Wall(Camera, Pose.Identity, 5.03), [], Camera, Pose.Identity, Token);
            }
            var middle = volume.ExtractSurface(new(), null, Token).Vertices().Where(v => Math.Abs(v.X) < 0.4 && Math.Abs(v.Y) < 0.3).ToArray();
            return middle.Average(v => Math.Abs(v.Z - 5));
        }
    }

    [Fact]
    public void What_was_seen_too_little_is_left_out()
    {
        var volume = BallViews.Volume(Voxel);
        var wall = BallViews.Wall(Camera, Pose.Identity, 2);
        for (int i = 0; i < wall.Length; i++)
            if (i % Camera.Width < Camera.Width / 2) wall[i] = 0;
        for (int look = 0; look < 10; look++) volume.Integrate(wall, [], Camera, Pose.Identity, Token);
        volume.Integrate(BallViews.Wall(Camera, Pose.Identity, 2), [], Camera, Pose.Identity, Token);
        Assert.Contains(volume.ExtractSurface(new(), null, Token).Vertices(), v => v.X < -0.5);
        var sure = volume.ExtractSurface(new() { MinWeight = 3 }, null, Token);
        Assert.Contains(sure.Vertices(), v => v.X > 0.5);
        Assert.DoesNotContain(sure.Vertices(), v => v.X < -0.1);
    }

    [Fact]
    public void Small_pieces_are_left_out_on_request()
    {
        var volume = BallViews.Volume(Voxel, hasColor: true);
        foreach (var pose in BallViews.AllRound(1.5))
        {
            var depth = BallViews.Nearer(BallViews.Ball(Camera, pose, default, 0.3), BallViews.Ball(Camera, pose, new(0, 0.6, 0), 0.05));
            volume.Integrate(depth, BallViews.Painted(Camera, 0x102030), Camera, pose, Token);
        }
        var all = volume.ExtractSurface(new(), null, Token);
        var large = volume.ExtractSurface(new() { MinPieceTriangles = 1000 }, null, Token);
        Assert.Contains(all.Vertices(), v => v.Y > 0.5);
        Assert.DoesNotContain(large.Vertices(), v => v.Y > 0.5);
        Assert.True(large.TriangleCount > 4000);
        MeshChecks.AssertClosed(large.Triangles);
        Assert.Equal(large.VertexCount, large.Triangles.ToArray().Distinct().Count());
        Assert.Equal(all.Vertices().Where(v => v.Y < 0.5), large.Vertices());
    }

    [Fact]
    public void When_memory_is_short_voxels_grow_and_the_surface_stays_in_its_place()
    {
        const long limit = 4 << 20;
        var volume = new SignedDistanceVolume(new() { VoxelSize = 0.005, TruncationDistance = 0.02, MemoryLimit = limit, HasColor = true });
        foreach (var pose in BallViews.AllRound(1.5))
        {
            volume.Integrate(BallViews.Ball(Camera, pose, default, 0.3), BallViews.Painted(Camera, 0x204080), Camera, pose, Token);
            Assert.True(volume.MemoryBytes <= limit, $"{volume.MemoryBytes}");
        }
        Assert.Contains(volume.VoxelSize, new[] { 0.01, 0.02 });
        Assert.Equal(4 * volume.VoxelSize, volume.TruncationDistance, 1e-12);
        var mesh = volume.ExtractSurface(new(), null, Token);
        MeshChecks.AssertClosed(mesh.Triangles);
        Assert.All(mesh.Vertices(), v => Assert.Equal(0.3, v.Length, 0.5 * volume.VoxelSize));
        Assert.All(mesh.Colors.ToArray(), c => Assert.Equal(0x204080u, c));
    }

    [Fact]
    public void No_frames_and_frames_without_depth_make_an_empty_mesh()
    {
        var volume = BallViews.Volume(Voxel);
        Assert.Equal(0, volume.ExtractSurface(new(), null, Token).VertexCount);
        float[] nothing = [.. Enumerable.Range(0, Camera.Width * Camera.Height).Select(i => (i % 5) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -1, 3 => float.NegativeInfinity, _ => 0 })];
        volume.Integrate(nothing, [], Camera, Pose.Identity, Token);
        Assert.Equal(0, volume.BlockCount);
        Assert.Equal(0, volume.ExtractSurface(new() { MinPieceTriangles = 10 }, null, Token).TriangleCount);
    }

    [Fact]
    public void Pixels_that_are_no_numbers_do_not_disturb_the_others()
    {
        var volume = BallViews.Volume(Voxel);
        var wall = BallViews.Wall(Camera, Pose.Identity, 2);
        for (int i = 0; i < wall.Length; i += 97) wall[i] = (i % 4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -3, _ => 1e30f };
        volume.Integrate(wall, [], Camera, Pose.Identity, Token);
        var mesh = volume.ExtractSurface(new(), null, Token);
        Assert.True(mesh.TriangleCount > 1000);
        Assert.All(mesh.Vertices(), v => Assert.Equal(2, v.Z, 0.001));
    }

    [Theory]
    [InlineData(1e9)]
    [InlineData(-1e300)]
    [InlineData(double.NaN)]
    public void A_camera_beyond_everything_is_a_named_error(double x)
    {
        var volume = BallViews.Volume(Voxel);
        var error = Assert.Throws<MetricDepthException>(() =>
            volume.Integrate(BallViews.Wall(Camera, Pose.Identity, 2), [], Camera, new(Rotation.Identity, new(x, 0, 0)), Token));
        Assert.Equal("SceneTooLarge", error.ErrorId);
    }

    [Fact]
    public void Depth_of_kilometres_in_voxels_of_a_millimetre_ends_within_the_limit()
    {
        const long limit = 64 << 20;
        var volume = new SignedDistanceVolume(new() { VoxelSize = 0.001, TruncationDistance = 0.1, MemoryLimit = limit });
        var random = new Random(1);
        float[] depth = [.. Enumerable.Range(0, Camera.Width * Camera.Height).Select(_ => (float)(random.NextDouble() * 4000))];
        volume.Integrate(depth, [], Camera, Pose.Identity, Token);
        Assert.True(volume.MemoryBytes <= limit, $"{volume.MemoryBytes}");
        Assert.True(volume.VoxelSize > 0.1, $"{volume.VoxelSize}");
    }

    [Fact]
    public void A_cancelled_frame_stops()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            BallViews.Volume(Voxel).Integrate(BallViews.Wall(Camera, Pose.Identity, 2), [], Camera, Pose.Identity, stop.Token));
    }

    private static TriangleMesh Ball(int threads)
    {
        var volume = BallViews.Volume(Voxel, hasColor: true, threads);
        foreach (var pose in BallViews.AllRound(1.5))
            volume.Integrate(BallViews.Ball(Camera, pose, default, 0.3), BallViews.Painted(Camera, 0x204080), Camera, pose, Token);
        return volume.ExtractSurface(new(), null, Token);
    }
}
