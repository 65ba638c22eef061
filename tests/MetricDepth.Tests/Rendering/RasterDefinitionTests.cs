using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;

namespace MetricDepth.Tests.Rendering;

/// <summary>Pixel by pixel against the definition: of all triangles and footprints that hold a pixel's centre, the nearest.</summary>
public class RasterDefinitionTests
{
    private static readonly Pose[] Viewers =
    [
        new(Rotation.Identity, new(-0.1, 0, 0)),
        new(Rotation.Identity, new(0.05, 0.2, -0.4)),
        new(Rotation.Exp(new(0.1, -0.4, 0.7)), new(0.8, 0.1, 0.3)),
        new(Rotation.Exp(new(0.2, 0.1, 0)), new(0.1, 0.3, -1.2)), // closer than some of it
        new(Rotation.Exp(new(0, 1.2, 0)), new(-1, 0, 1.5)), // from the side: some of it is seen from behind
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_pixel_agrees_with_the_definition(bool halfSphere)
    {
        var random = new Random(11);
        // Not much smaller than the source, or colours would be those of a halved one.
        var (across, down) = halfSphere ? (121, 97) : (61, 47);
        int wrong = 0, pixels = 0, seen = 0;
        foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 5), (33, 18), (70, 11)])
            foreach (var viewer in Viewers)
            {
                var source = RasterScene.Random(random, width, height);
                // Few colours, so that a place off by 1/256 px does not tell.
                for (int i = 0; i < source.Color.Length; i++)
                {
                    source.Color[i] &= 0x1F1F1F;
                    source.TornRight[i] = Tear(random);
                    source.TornDown[i] = Tear(random);
                }
                Projection projection = halfSphere ? new Equirectangular180Projection(across, down) : new PinholeProjection(RasterScene.Camera(across, down));
                var view = RasterScene.Draw(source, viewer, projection);
                var plain = new PlainRasterizer(source, viewer, halfSphere, across, down);
                for (int y = 0; y < down; y++)
                    for (int x = 0; x < across; x++, pixels++)
                    {
                        int at = y * view.Stride + x;
                        bool drawn = view.Holes[at] == 0;
                        Assert.Equal(drawn, view.InverseDepth[at] > 0);
                        Assert.True(float.IsFinite(view.InverseDepth[at]));
                        if (drawn) seen++;
                        if (!plain.Agrees(x, y, drawn, view.InverseDepth[at], view.Color[at])) wrong++;
                    }
            }
        Assert.True(seen > pixels / 16, $"only {seen} of {pixels} drawn");
        // Corners are placed in steps of 1/256 px: a centre that close to an edge may fall to the other side.
        Assert.InRange(wrong, 0, pixels / 200);
    }

    private static byte Tear(Random random) =>
        random.Next(8) switch { 0 => SourceImage.TornAtCentres, 1 => SourceImage.Torn(random.NextSingle()), _ => 0 };
}
