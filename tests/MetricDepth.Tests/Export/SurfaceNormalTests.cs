using MetricDepth.Depth;
using MetricDepth.Export;
using MetricDepth.Export.PointClouds;
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
    public void Among_holes_and_edges_a_normal_is_that_of_the_plane_through_the_pixels_around_that_belong_together()
    {
        // widths that fill vectors and such that do not
        foreach (int width in (int[])[16, 21, 3])
        {
            var camera = Intrinsics.FromFieldOfView(width, 20, 60, null);
            var random = new Random(width);
            var depth = new float[width * 20];
            for (int i = 0; i < depth.Length; i++)
                depth[i] = random.Next(5) == 0 ? 0 : (random.Next(4) == 0 ? 1 : 2 + 0.02f * (i % width)) * (1 + 0.002f * random.NextSingle());
            var normals = new SurfaceNormals(camera);
            normals.Begin(depth);
            float[] nx = new float[width], ny = new float[width], nz = new float[width];
            for (int y = 0; y < 20; y++)
            {
                normals.Row(y, Rotation.Identity, nx, ny, nz);
                for (int x = 0; x < width; x++)
                    if (depth[y * width + x] > 0 && Fitted(depth, camera, x, y) is { } expected)
                        Assert.InRange(Degrees(new(nx[x], ny[x], nz[x]), expected), 0, 0.1); // single precision, and its steadying
            }
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

    /// <summary>Least squares over 5×5 pixels in double precision; null where too few pixels decide.</summary>
    private static Vector3? Fitted(float[] depth, Intrinsics camera, int x, int y)
    {
        double w0 = 1.0 / depth[y * camera.Width + x], steepest = Math.Tan(85 * Math.PI / 180) / Math.Min(camera.Fx, camera.Fy);
        var near = new List<(double U, double V, double W)>();
        for (int v = Math.Max(y - 2, 0); v <= Math.Min(y + 2, camera.Height - 1); v++)
            for (int u = Math.Max(x - 2, 0); u <= Math.Min(x + 2, camera.Width - 1); u++)
                if (depth[v * camera.Width + u] is > 0 and var z && Math.Abs(1.0 / z - w0) <= steepest * w0) near.Add((u, v, 1.0 / z));
        double mu = near.Average(p => p.U), mv = near.Average(p => p.V), mw = near.Average(p => p.W);
        double uu = near.Sum(p => (p.U - mu) * (p.U - mu)), vv = near.Sum(p => (p.V - mv) * (p.V - mv)), uv = near.Sum(p => (p.U - mu) * (p.V - mv));
        double uw = near.Sum(p => (p.U - mu) * (p.W - mw)), vw = near.Sum(p => (p.V - mv) * (p.W - mw)), determinant = uu * vv - uv * uv;
        if (determinant < 20) return null;
        double p = (uw * vv - vw * uv) / determinant, q = (vw * uu - uw * uv) / determinant, level = mw + p * (x - mu) + q * (y - mv);
        return new Vector3(-camera.Fx * p, -camera.Fy * q, (x - camera.Cx) * p + (y - camera.Cy) * q - level).Normalized;
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
