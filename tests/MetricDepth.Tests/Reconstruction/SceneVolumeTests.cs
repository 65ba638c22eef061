using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using Xunit;

namespace MetricDepth.Tests.Reconstruction;

public sealed class SceneVolumeTests
{
    private const double Voxel = 0.03;
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(240, 180, 70, null);

    [Fact]
    public void A_filmed_place_comes_out_where_it_is_and_in_its_colours()
    {
        var token = TestContext.Current.CancellationToken;
        var volume = BallViews.Volume(Voxel, hasColor: true);
        var frames = Enumerable.Range(0, 12).Select(i => Scene.Floor.Render(i * 10, Camera)).ToArray();
        foreach (var f in frames) volume.Integrate(f.Depth.Data, f.Color.Data, Camera, f.Pose, token);
        var mesh = volume.ExtractSurface(new(), null, token);

        // what one frame of the truth sees exactly where each vertex appears in it
        const int frame = 50;
        var truth = Scene.Floor.Render(frame, Camera);
        List<(int Vertex, double Depth, Vector2 Place)> inSight = [];
        foreach (var (vertex, i) in mesh.Vertices().Select((v, i) => (v, i)))
        {
            var p = truth.Pose.Inverse * vertex;
            double u = p.X / p.Z * Camera.Fx + Camera.Cx, v = p.Y / p.Z * Camera.Fy + Camera.Cy;
            if (p.Z > 0 && u >= 0 && v >= 0 && u < Camera.Width - 1 && v < Camera.Height - 1) inSight.Add((i, p.Z, new((float)u, (float)v)));
        }
        var sights = Scene.Floor.Look(frame, Camera, inSight.Select(s => s.Place).ToArray());
        List<double> distances = [], colors = [];
        foreach (var ((vertex, depth, place), sight) in inSight.Zip(sights))
        {
            if (!(sight.Depth > 0 && depth < sight.Depth + 2 * Voxel)) continue; // hidden from this frame
            distances.Add(Math.Abs(depth - sight.Depth));
            colors.Add(Difference(mesh.Colors[vertex], truth.Color[(int)Math.Round(place.X), (int)Math.Round(place.Y)]));
        }
        distances.Sort();
        colors.Sort();
        Assert.True(distances.Count > 10000, $"{distances.Count} vertices in sight");
        Assert.True(distances[distances.Count / 2] < 0.1 * Voxel, $"median {distances[distances.Count / 2]}");
        // where balls stand on the floor and at their outlines, cells hold more than one surface
        Assert.True(distances[distances.Count * 95 / 100] < Voxel, $"95 % {distances[distances.Count * 95 / 100]}");
        // the floor has texture finer than a voxel; in levels of 255
        Assert.True(colors[colors.Count / 2] < 6, $"median of colours {colors[colors.Count / 2]}");
    }

    private static double Difference(uint a, uint b) =>
        Enumerable.Range(0, 3).Average(c => Math.Abs((double)(a >> 8 * c & 0xFF) - (b >> 8 * c & 0xFF)));
}
