using MetricDepth.Export.Meshes;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Reconstruction.Preview;

namespace MetricDepth.Tests.Reconstruction;

/// <summary>The preview of a scene: what is drawn where, what hides what, which way up it stands, and from where it is looked at.</summary>
public sealed class PreviewTests
{
    private const uint Red = 0xC00000, Green = 0x00C000;
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(160, 120, 60, null);

    [Fact]
    public void A_surface_is_where_the_camera_sees_it_and_as_large()
    {
        var mesh = new TriangleMesh();
        AddWall(mesh, depth: 2, half: 0.5, Red);
        var picture = Draw(mesh);
        double half = Camera.Fx * 0.5 / 2;
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < picture.Width; x++)
            {
                double inside = half - Math.Max(Math.Abs(x - Camera.Cx), Math.Abs(y - Camera.Cy));
                // a pixel on the rim is part wall, part background
                if (Math.Abs(inside) > 1) Assert.Equal(inside > 0, IsRed(picture[x, y]));
            }
        // facing the viewer it is lit in full, up to the angle at which he sees its rim (15 degrees)
        Assert.InRange(picture[80, 60] >> 16, 0xB8u, 0xC0u);
    }

    [Fact]
    public void Triangles_that_share_an_edge_leave_no_gap()
    {
        // a fan of slivers that meet in one point, over a background that shows through any gap
        var mesh = new TriangleMesh();
        int middle = Add(mesh, 0.013f, 0.007f, 2, Red);
        int[] rim = [.. Enumerable.Range(0, 97).Select(i => Add(mesh, MathF.Cos(i * MathF.Tau / 97) * 0.8f, MathF.Sin(i * MathF.Tau / 97) * 0.8f, 2 + 0.1f * (i % 3), Red))];
        for (int i = 0; i < rim.Length; i++) mesh.AddTriangle(middle, rim[(i + 1) % rim.Length], rim[i]);
        var picture = Draw(mesh);
        double radius = Camera.Fx * 0.8 / 2.2 - 2;
        int inside = 0;
        for (int y = 0; y < picture.Height; y++)
            for (int x = 0; x < picture.Width; x++)
                if (Math.Pow(x - Camera.Cx, 2) + Math.Pow(y - Camera.Cy, 2) < radius * radius)
                {
                    inside++;
                    Assert.Equal(0u, picture[x, y] & 0xFFFF); // red only: nothing of the background
                }
        Assert.InRange(inside, 5000, 10000);
    }

    [Fact]
    public void A_wall_seen_from_behind_gives_way_to_the_room_in_it_and_is_dark_where_there_is_nothing()
    {
        var mesh = new TriangleMesh();
        AddWall(mesh, depth: 1, half: 0.4, Green, back: true);
        AddWall(mesh, depth: 2, half: 0.2, Red);
        var picture = Draw(mesh);
        Assert.True(IsRed(picture[80, 60]));
        uint behind = picture[80 + 40, 60];
        Assert.InRange(behind >> 8 & 255, 0x30u, 0x60u);
        Assert.Equal(0u, behind & 0xFF00FF);
    }

    [Fact]
    public void Of_two_surfaces_the_nearer_one_is_seen_whichever_comes_first()
    {
        foreach (bool nearFirst in (bool[])[true, false])
        {
            var mesh = new TriangleMesh();
            if (nearFirst) AddWall(mesh, depth: 1, half: 0.1, Green);
            AddWall(mesh, depth: 2, half: 0.5, Red);
            if (!nearFirst) AddWall(mesh, depth: 1, half: 0.1, Green);
            Assert.InRange(Draw(mesh)[80, 60], 0x00B000u, Green);
        }
    }

    [Fact]
    public void A_floor_that_runs_under_the_viewer_ends_at_his_feet_and_does_not_come_back_from_above()
    {
        var mesh = new TriangleMesh();
        int a = Add(mesh, -50, 1, -60, Red), b = Add(mesh, 50, 1, -60, Red), c = Add(mesh, 50, 1, 60, Red), d = Add(mesh, -50, 1, 60, Red);
        mesh.AddTriangle(a, b, c);
        mesh.AddTriangle(a, c, d);
        var picture = Draw(mesh);
        // the far rim, 60 m ahead and 1 m down, is 2.3 px below the horizon
        int horizon = (int)Math.Ceiling(Camera.Cy + Camera.Fy / 60);
        for (int x = 0; x < picture.Width; x++)
            for (int y = 0; y < picture.Height; y++)
                if (Math.Abs(y - horizon) > 1) Assert.Equal(y > horizon, IsRed(picture[x, y]));
    }

    [Fact]
    public void A_scene_stands_upright_on_its_floor_though_the_camera_looked_down()
    {
        // the floor in the axes of a camera that looks 25 degrees down, its head held askew by 10
        var tilt = Rotation.Exp(new(0, 0, 10 * Math.PI / 180)) * Rotation.Exp(new(25 * Math.PI / 180, 0, 0));
        var mesh = new TriangleMesh();
        for (int z = 0; z < 40; z++)
            for (int x = 0; x < 40; x++)
            {
                var p = tilt * new Vector3(0.05 * x - 1, 1 + 0.002 * ((x * 7 + z * 3) % 5), 1 + 0.05 * z);
                int v = Add(mesh, (float)p.X, (float)p.Y, (float)p.Z, Red);
                if (x == 0 || z == 0) continue;
                mesh.AddTriangle(v - 41, v - 40, v);
                mesh.AddTriangle(v - 41, v, v - 1);
            }
        var box = UprightBox.Of(new PreviewSurface(mesh), Ahead(), TestContext.Current.CancellationToken);
        var down = box.Axes.Transposed * new Vector3(0, 1, 0);
        var truth = tilt * new Vector3(0, 1, 0);
        // the floor's bumps are 0.008 m in 0.05 and even out
        Assert.InRange(Math.Acos(Math.Min(1, Vector3.Dot(down, truth))) * 180 / Math.PI, 0, 1);
        // 1 % at either end of each axis does not count: of 1.95 m of floor that is one row
        Assert.InRange(box.Most.Y - box.Least.Y, 0.004, 0.05);
        Assert.True(box.Holds(box.Axes * (tilt * new Vector3(0, 1.004, 2))));
    }

    [Fact]
    public void The_viewer_sees_everything_from_everywhere_and_comes_round_to_where_he_began()
    {
        var mesh = new TriangleMesh();
        AddWall(mesh, depth: 2, half: 0.5, Red);
        AddWall(mesh, depth: 4, half: 1.5, Green);
        var surface = new PreviewSurface(mesh);
        var box = UprightBox.Of(surface, Ahead(), TestContext.Current.CancellationToken);
        var turn = new TurnTrajectory(surface, box, Camera);
        Assert.Equal(turn.At(0).Translation.X, turn.At(1).Translation.X, 9);
        Assert.True(turn.At(0).Translation.Z < 2, "he begins on the camera's side");
        double widest = 0;
        for (int i = 0; i < 100; i++)
        {
            var viewer = turn.At(i / 100.0).Inverse;
            for (int v = 0; v < mesh.VertexCount; v++)
            {
                var p = viewer * new Vector3(mesh.Positions[3 * v], mesh.Positions[3 * v + 1], mesh.Positions[3 * v + 2]);
                double x = Math.Abs(p.X / p.Z * Camera.Fx) / (Camera.Width / 2.0), y = Math.Abs(p.Y / p.Z * Camera.Fy) / (Camera.Height / 2.0);
                Assert.True(p.Z > turn.Near && x < 1 && y < 1);
                widest = Math.Max(widest, Math.Max(x, y));
            }
        }
        Assert.InRange(widest, 0.9, 1); // as near as that allows
    }

    private static Plane<uint> Draw(TriangleMesh mesh)
    {
        var picture = new Plane<uint>(Camera.Width, Camera.Height);
        new MeshRenderer(new(mesh), Camera, near: 0.05f).Render(Pose.Identity, picture, TestContext.Current.CancellationToken);
        return picture;
    }

    private static MeanGaze Ahead()
    {
        var gaze = new MeanGaze();
        gaze.Add(Pose.Identity);
        return gaze;
    }

    private static bool IsRed(uint color) => (color >> 16 & 255) > 2 * (color >> 8 & 255) + 20;

    private static int Add(TriangleMesh mesh, float x, float y, float z, uint color)
    {
        int vertex = mesh.AddVertex(x, y, z);
        mesh.AddColor(color);
        return vertex;
    }

    // a square that faces a viewer at the origin, or shows him its back
    private static void AddWall(TriangleMesh mesh, float depth, double half, uint color, bool back = false)
    {
        float h = (float)half;
        int a = Add(mesh, -h, -h, depth, color), b = Add(mesh, -h, h, depth, color), c = Add(mesh, h, h, depth, color), d = Add(mesh, h, -h, depth, color);
        if (back) (b, d) = (d, b);
        mesh.AddTriangle(a, b, c);
        mesh.AddTriangle(a, c, d);
    }
}
