using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Export;

/// <summary>Camera paths and tracks without meaning, the same in each run.</summary>
internal static class RandomPath
{
    /// <summary>Poses anywhere within a few metres, turned in any way; the first is the identity.</summary>
    public static CameraPath Make(int frames, string? path = null, int seed = 1)
    {
        var random = new Random(seed);
        var first = Pose();
        return new(path, [.. Enumerable.Range(0, frames).Select(i => i == 0 ? Geometry.Pose.Identity : first * Pose())]);

        Pose Pose() => new(Rotation.Exp(Vector(3)), Vector(5));
        Vector3 Vector(double range) => new(Number(range), Number(range), Number(range));
        double Number(double range) => range * (2 * random.NextDouble() - 1);
    }

    /// <summary>A camera that goes past a cloud of points, and what it sees of them: exact to the thousandth of a pixel that files have.</summary>
    public static (CameraPath Path, Vector3[] Points, PointTracks Tracks) Walk(string tracksPath, Intrinsics camera, int frames, int points)
    {
        var random = new Random(3);
        var cloud = new Vector3[points];
        for (int i = 0; i < points; i++) cloud[i] = new(4 * random.NextDouble() - 2, 2 * random.NextDouble() - 1, 3 + 2 * random.NextDouble());
        var path = new CameraPath(null, [.. Enumerable.Range(0, frames).Select(i => new Pose(Rotation.Exp(new(0.01 * i, -0.02 * i, 0.005 * i)), new(0.08 * i, 0.01 * i, 0.02 * i)))]) { Camera = camera, FramesPerSecond = 25 };
        using var writer = PointTracksWriter.Open(tracksPath, overwrite: false);
        foreach (var pose in path.Poses)
        {
            var (r, t) = pose.Inverse;
            var seen = cloud.Select((p, id) => (Id: id + 7, At: r * p + t)).Where(p => p.At.Z > 0.1)
                .Select(p => (p.Id, At: new Vector2((float)(camera.Fx * p.At.X / p.At.Z + camera.Cx), (float)(camera.Fy * p.At.Y / p.At.Z + camera.Cy))))
                .Where(p => p.At is { X: > 0, Y: > 0 } && p.At.X < camera.Width && p.At.Y < camera.Height).ToArray();
            writer.Write(seen.Select(p => p.Id).ToArray(), seen.Select(p => p.At).ToArray());
        }
        return (path, cloud, writer.Complete(null));
    }

    /// <summary>Two paths have as many poses, and none is farther off than the tolerance, in metres and in radians.</summary>
    public static void AssertSame(IEnumerable<Pose> expected, IEnumerable<Pose> actual, double tolerance)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (p, q) in expected.Zip(actual))
        {
            Assert.InRange((p.Translation - q.Translation).Length, 0, tolerance);
            // not by the arc cosine, which has half of the digits for small angles
            var r = p.Rotation.Transposed * q.Rotation;
            Assert.InRange(new Vector3(r.M21 - r.M12, r.M02 - r.M20, r.M10 - r.M01).Length / 2, 0, tolerance);
            Assert.True(r.M00 + r.M11 + r.M22 > 0, $"{q} for {p}");
        }
    }
}
