using System.Runtime.InteropServices;
using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Reconstruction;
using Xunit;

namespace MetricDepth.Tests.Reconstruction;

public sealed class SignedDistanceVolumeTests
{
    private const double Voxel = 0.02;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_ball_seen_from_all_sides_becomes_one_closed_surface_in_its_place()
    {
        var volume = BallViews.Volume(Voxel, hasColor: true);
        foreach (var pose in BallViews.AllRound(1.5))
            volume.Integrate(BallViews.Ball(BallViews.Camera, pose, default, 0.3), BallViews.Painted(BallViews.Camera, 0x204080), BallViews.Camera, pose, Token);
        var mesh = volume.ExtractSurface(new(), null, Token);

        Assert.InRange(mesh.TriangleCount, 4000, 12000); // 4π 0.09 m² in cells of 0.0004 m² with two to four triangles each
        Assert.All(EdgeUses(mesh), uses => Assert.Equal(2, uses));
        var errors = Vertices(mesh).Select(v => Math.Abs(v.Length - 0.3)).Order().ToArray();
        Assert.True(errors[errors.Length / 2] < 0.1 * Voxel, $"median {errors[errors.Length / 2]}");
        Assert.True(errors[^1] < 0.5 * Voxel, $"worst {errors[^1]}");
        foreach (var (v, n) in Vertices(mesh).Zip(Normals(mesh)))
        {
            Assert.Equal(1, n.Length, 3);
            Assert.True(Vector3.Dot(v.Normalized, n) > 0.9);
        }
        for (int t = 0; t < mesh.TriangleCount; t++) Assert.True(Vector3.Dot(Facing(mesh, t), Corner(mesh, 3 * t)) >= 0);
        Assert.All(mesh.Colors.ToArray(), c => Assert.Equal(0x204080u, c));
    }

    private static List<int> EdgeUses(TriangleMesh mesh)
    {
        var uses = new Dictionary<(int, int), int>();
        var t = mesh.Triangles;
        for (int i = 0; i < t.Length; i++)
        {
            int a = t[i], b = t[i % 3 == 2 ? i - 2 : i + 1];
            CollectionsMarshal.GetValueRefOrAddDefault(uses, (Math.Min(a, b), Math.Max(a, b)), out _)++;
        }
        return [.. uses.Values];
    }

    private static Vector3 Facing(TriangleMesh mesh, int triangle)
    {
        Vector3 a = Corner(mesh, 3 * triangle), b = Corner(mesh, 3 * triangle + 1), c = Corner(mesh, 3 * triangle + 2);
        return Vector3.Cross(b - a, c - a);
    }

    private static Vector3 Corner(TriangleMesh mesh, int corner) => At(mesh.Positions, mesh.Triangles[corner]);

    private static IEnumerable<Vector3> Vertices(TriangleMesh mesh) => Enumerable.Range(0, mesh.VertexCount).Select(v => At(mesh.Positions, v));

    private static IEnumerable<Vector3> Normals(TriangleMesh mesh) => Enumerable.Range(0, mesh.VertexCount).Select(v => At(mesh.Normals, v));

    private static Vector3 At(ReadOnlySpan<float> of, int v) => new(of[3 * v], of[3 * v + 1], of[3 * v + 2]);
}
