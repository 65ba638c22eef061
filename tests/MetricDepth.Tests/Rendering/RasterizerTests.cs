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
}
