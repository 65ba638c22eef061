using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

public class CameraFrustumTests
{
    private const int Side = 120;
    private const uint Line = 0xFF7A00;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Side, Side, 60, null);

    // Half a metre long, seen from 2 m to its left, so that it is 1.5 m to 2.5 m away.
    private static readonly Pose SourceToView = Pose.LookAt(new(-2, 0, 0.25), new(0, 0, 0.25)).Inverse;

    [Fact]
    public void The_camera_is_drawn_where_it_stands()
    {
        var view = Draw(inverseDepth: 0);
        // Its centre is 25 cm beside the middle of the picture: seen from the left its front points to the left.
        double apex = Camera.Cx + Camera.Fx * 0.25 / 2, front = Camera.Cx - Camera.Fx * 0.25 / 2;
        int[] columns = [.. Enumerable.Range(0, Side).Where(x => Enumerable.Range(0, Side).Any(y => view.Color[y * view.Stride + x] != 0))];
        Assert.Equal(apex, columns[^1], 2.0);
        // The front's corners are 29 cm nearer or further than its middle.
        Assert.InRange(columns[0], Camera.Cx - Camera.Fx * 0.25 / 1.7 - 2, front);
        // A thin line: most of the picture is as it was, and depth and holes are.
        Assert.InRange(Enumerable.Range(0, Side * Side).Count(i => view.Color[i / Side * view.Stride + i % Side] != 0), Side, Side * Side / 8);
        Assert.All(view.InverseDepth, d => Assert.Equal(0f, d));
    }

    [Fact]
    public void What_is_in_front_of_it_hides_it()
    {
        var open = Draw(inverseDepth: 1 / 4f);
        Assert.Contains(Line, open.Color);
        // A wall at 1 m hides all of it, a wall at 2 m its further half.
        Assert.All(Draw(inverseDepth: 1).Color, p => Assert.Equal(0u, p));
        int all = open.Color.Count(p => p != 0), half = Draw(inverseDepth: 0.5f).Color.Count(p => p != 0);
        Assert.InRange(half, 0.3 * all, 0.8 * all);
    }

    [Fact]
    public void From_the_camera_itself_only_its_picture_is_drawn()
    {
        // All edges that start at the eye end at it; what remains is the rectangle at the border of the picture.
        var view = new ViewImage(Side, Side);
        new CameraFrustum(Camera, 0.5).Draw(view, Camera, Pose.Identity);
        Assert.NotEqual(0u, view.Color[Side / 2]);
        for (int y = 10; y < Side - 10; y++)
            for (int x = 20; x < Side - 20; x++)
                if (Math.Abs(x - y) > 4 && Math.Abs(Side - 1 - x - y) > 4) Assert.Equal(0u, view.Color[y * view.Stride + x]);
    }

    private static ViewImage Draw(float inverseDepth)
    {
        var view = new ViewImage(Side, Side);
        Array.Fill(view.InverseDepth, inverseDepth);
        new CameraFrustum(Camera, 0.5).Draw(view, Camera, SourceToView);
        return view;
    }
}
