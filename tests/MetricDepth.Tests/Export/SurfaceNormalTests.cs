using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Geometry;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Export;

public sealed class SurfaceNormalTests : IDisposable
{
    private const int Width = 60, Height = 40;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 60, null);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(0.6, 0, -0.8)]
    [InlineData(-0.3, -0.8, -0.5)]
    public void A_wall_has_its_own_normal_up_to_its_border(double x, double y, double z)
    {
        var normal = new Vector3(x, y, z).Normalized;
        var points = Export(Wall(normal, 2));
        Assert.True(points.Length > Width * Height / 2);
        foreach (var p in points)
        {
            Assert.Equal(1, p.Normal.Length, 1e-6);
            // the steps of stored depth, 0.31 mm, tilt a fit over five pixels of 4 cm by far less
            Assert.InRange(Degrees(p.Normal, normal), 0, 0.5);
        }
    }

    [Fact]
    public void Normals_do_not_lean_over_a_depth_edge_and_all_face_the_camera()
    {
        // a card before a slanted wall, and one pixel alone in a hole
        var wall = new Vector3(0.3, 0, -1).Normalized;
        var points = Export(DepthClip.Write(_folder["card.mkv"], Width, Height, 1, (x, y, _) =>
            x is 50 && y is 20 ? 2
            : x is > 45 and < 55 && y is > 15 and < 25 ? 0
            : x is > 15 and < 30 ? 1
            : Depth(wall, 3, x, y)));
        foreach (var p in points)
        {
            Assert.Equal(1, p.Normal.Length, 1e-6);
            Assert.True(Vector3.Dot(p.Normal, new(p.X, p.Y, p.Z)) < 0);
            double error = Degrees(p.Normal, Math.Abs(p.Z - 1) < 0.001 ? new(0, 0, -1) : wall);
            if (Math.Abs(p.Z - 2) < 0.001) continue; // alone it has no surface
            Assert.InRange(error, 0, 1);
        }
    }

    [Fact]
    public void A_camera_path_turns_normals_too()
    {
        var normal = new Vector3(0.6, 0, -0.8);
        // a quarter turn about the vertical: the second camera's forward is the first one's right
        File.WriteAllText(_folder["path.json"], "[[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],[[0,0,1,5],[0,1,0,0],[-1,0,0,0],[0,0,0,1]]]");
        var depth = DepthClip.Write(_folder["turn.mkv"], Width, Height, 2, (x, y, _) => Depth(normal, 2, x, y));
        var points = Export(depth, _folder["path.json"]);
        Assert.All(points, p => Assert.InRange(Degrees(p.Normal, new(-0.8, 0, -0.6)), 0, 0.5));
        Assert.Equal(7, points.Average(p => p.X), 0.5);
    }

    private static double Degrees(Vector3 a, Vector3 b) => Math.Acos(Math.Clamp(Vector3.Dot(a, b), -1, 1)) * 180 / Math.PI;

    // of a plane that the optical axis meets at a distance
    private static double Depth(Vector3 normal, double distance, int x, int y)
    {
        double depth = normal.Z * distance / (normal.X * (x - Camera.Cx) / Camera.Fx + normal.Y * (y - Camera.Cy) / Camera.Fy + normal.Z);
        return depth is > 0 and < 8 ? depth : 0;
    }

    private DepthVideo Wall(Vector3 normal, double distance) =>
        DepthClip.Write(_folder["wall.mkv"], Width, Height, 1, (x, y, _) => Depth(normal, distance, x, y));

    private static CloudFile.Point[] Export(DepthVideo depth, string? path = null)
    {
        var files = new List<FileInfo>();
        PointCloudExport.Run(new() { Depth = depth, Normals = true, CameraPath = path }, files.Add, null, TestContext.Current.CancellationToken);
        return CloudFile.ReadPly(files[^1].FullName, out _);
    }
}
