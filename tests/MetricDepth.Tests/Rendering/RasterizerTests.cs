using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using static MetricDepth.Tests.Rendering.RasterScene;

namespace MetricDepth.Tests.Rendering;

public class RasterizerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(67, 41)]
    [InlineData(640, 131)]
    public void From_where_it_was_filmed_the_picture_is_the_one_that_was_filmed(int width, int height)
    {
        var source = Random(new(width), width, height);
        var view = Draw(source, Pose.Identity);
        for (int i = 0; i < source.Color.Length; i++)
        {
            int at = i / width * view.Stride + i % width;
            bool seen = source.InverseDepth[i] > 0;
            Assert.Equal(seen ? 0 : 255, view.Holes[at]);
            Assert.Equal(seen ? source.Color[i] : 0, view.Color[at]);
            Assert.Equal(source.InverseDepth[i], view.InverseDepth[at], source.InverseDepth[i] * 1e-6);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Texture_too_fine_for_a_small_picture_turns_grey(int times)
    {
        // Black and white lines, one pixel each, in a picture of a fraction of the size: sampled without care they would stay lines.
        var source = Source(160, 120, (_, _) => 2, (x, _) => x % 2 == 0 ? 0 : 0xFFFFFFu);
        var view = Draw(source, Pose.Identity, new PinholeProjection(Camera(160, 120).Resized(160 / times, 120 / times)));
        Assert.All(Pixels(view, view.Color), pixel => Assert.InRange((int)(pixel & 255), 120, 135));
        // Wide stripes stay where they are: the mean of what each pixel of the small picture covers.
        source = Source(160, 120, (_, _) => 2, (x, _) => x / 16 % 2 == 0 ? 0 : 0xFFFFFFu);
        view = Draw(source, Pose.Identity, new PinholeProjection(Camera(160, 120).Resized(160 / times, 120 / times)));
        for (int x = 0; x < view.Width; x++) Assert.Equal(x * times / 16 % 2 * 255.0, view.Color[50 / times * view.Stride + x] & 255, 1.0);
    }

    [Fact]
    public void What_is_drawn_does_not_depend_on_the_number_of_threads()
    {
        var source = Random(new(5), 700, 300);
        var pose = Pose.LookAt(new(0.4, -0.1, 0.5), new(0, 0, 3)).Inverse;
        var (one, three) = (Draw(source, pose), Draw(source, pose, threads: 3));
        Assert.Equal(one.Color, three.Color);
        Assert.Equal(one.InverseDepth, three.InverseDepth);
        Assert.Equal(one.Holes, three.Holes);
    }

    [Fact]
    public void What_is_behind_the_viewer_is_not_drawn()
    {
        var source = Source(90, 60, (_, _) => 2);
        var beyond = new Pose(Rotation.Identity, new(0, 0, -2.5));
        var turned = new Pose(Rotation.Exp(new(0, Math.PI, 0)), default);
        Assert.Equal(90 * 60, Draw(source, beyond).CountHoles());
        Assert.Equal(90 * 60, Draw(source, turned).CountHoles());
        Assert.Equal(80 * 80, Draw(source, turned, new Equirectangular180Projection(80, 80)).CountHoles());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Wild_depth_does_no_harm(bool halfSphere)
    {
        float[] wild = [0, 1, 1e-30f, 1e30f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1, 3e4f, float.Epsilon];
        var random = new Random(9);
        var source = Source(97, 61, (_, _) => 1);
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = wild[random.Next(wild.Length)];
        Pose[] viewers =
        [
            Pose.Identity,
            new(Rotation.Identity, new(0.3, 0, -1)), // exactly where many of the points are
            new(Rotation.Exp(new(1, 2, 0.5)), new(1e-6, 1e6, -1e9)),
        ];
        foreach (var viewer in viewers)
        {
            var view = Draw(source, viewer, halfSphere ? new Equirectangular180Projection(83, 59) : null);
            for (int y = 0; y < view.Height; y++)
                foreach (int i in Enumerable.Range(y * view.Stride, view.Width))
                {
                    Assert.True(view.InverseDepth[i] >= 0 && float.IsFinite(view.InverseDepth[i]));
                    Assert.Equal(view.InverseDepth[i] > 0 ? 0 : 255, view.Holes[i]);
                }
        }
    }

    [Fact]
    public void A_viewer_that_looks_at_something_sees_it_in_the_middle_and_upright()
    {
        var pose = Pose.LookAt(new(0.4, -0.3, -0.2), new(-0.5, 0.2, 3));
        var target = pose.Inverse * new Vector3(-0.5, 0.2, 3);
        Assert.Equal(0, target.X, 12);
        Assert.Equal(0, target.Y, 12);
        Assert.Equal((new Vector3(-0.5, 0.2, 3) - new Vector3(0.4, -0.3, -0.2)).Length, target.Z, 12);
        Assert.True((pose.Inverse.Rotation * new Vector3(0, 1, 0)).Y > 0.9, "down is down");
        Assert.Equal(0, pose.Rotation.M10, 12); // its x axis is level
        Assert.Equal(new(0.4, -0.3, -0.2), pose.Translation);
        foreach (var straight in (Vector3[])[new(0, -1, 0), new(0, 1, 0), new(0, 0, 0)])
        {
            var r = Pose.LookAt(default, straight).Rotation;
            var unit = r * r.Transposed;
            Assert.Equal(3, unit.M00 + unit.M11 + unit.M22, 12);
        }
    }
}
