using MetricDepth.Geometry;
using MetricDepth.Reconstruction;

namespace MetricDepth.Tests.Reconstruction;

/// <summary>Exact depth of a ball before a plane or nothing, from any camera.</summary>
internal static class BallViews
{
    public static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(200, 160, 60, null);

    /// <summary>Cameras all round the origin, at corners and faces of a cube, looking at it.</summary>
    public static IEnumerable<Pose> AllRound(double distance)
    {
        for (int x = -1; x <= 1; x++)
            for (int y = -1; y <= 1; y++)
                for (int z = -1; z <= 1; z++)
                    if ((x, y, z) != (0, 0, 0))
                        yield return Pose.LookAt(new Vector3(x, y, z).Normalized * distance, default, x == 0 && z == 0 ? new(0, 0, 1) : null);
    }

    /// <summary>Depth of a ball; 0 beside it.</summary>
    public static float[] Ball(Intrinsics camera, Pose pose, Vector3 centre, double radius) => Depth(camera, pose, (o, d) =>
    {
        var c = centre - o;
        double b = Vector3.Dot(c, d), a = Vector3.Dot(d, d), root = b * b - a * (Vector3.Dot(c, c) - radius * radius);
        return root < 0 ? 0 : (b - Math.Sqrt(root)) / a;
    });

    /// <summary>Depth of the plane z = <paramref name="z"/>.</summary>
    public static float[] Wall(Intrinsics camera, Pose pose, double z) => Depth(camera, pose, (o, d) => (z - o.Z) / d.Z);

    /// <summary>The nearer one of two frames.</summary>
    public static float[] Nearer(float[] a, float[] b) =>
        [.. a.Zip(b, (p, q) => p > 0 && q > 0 ? Math.Min(p, q) : Math.Max(p, q))];

    /// <summary>One colour all over.</summary>
    public static uint[] Painted(Intrinsics camera, uint color) => [.. Enumerable.Repeat(color, camera.Width * camera.Height)];

    public static SignedDistanceVolume Volume(double voxel, bool hasColor = false, int threads = 2) =>
        new(new() { VoxelSize = voxel, TruncationDistance = 4 * voxel, HasColor = hasColor, Threads = threads });

    private static float[] Depth(Intrinsics camera, Pose pose, Func<Vector3, Vector3, double> hit)
    {
        var depth = new float[camera.Width * camera.Height];
        for (int y = 0; y < camera.Height; y++)
            for (int x = 0; x < camera.Width; x++)
                depth[y * camera.Width + x] = (float)Math.Max(0, hit(pose.Translation, pose.Rotation * new Vector3((x - camera.Cx) / camera.Fx, (y - camera.Cy) / camera.Fy, 1)));
        return depth;
    }
}
