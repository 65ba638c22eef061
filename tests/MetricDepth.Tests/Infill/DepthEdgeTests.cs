using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Infill;

/// <summary>Where surfaces are torn, and what becomes of the pixels there.</summary>
public class DepthEdgeTests
{
    private const int Width = 90, Height = 40;
    private const uint Red = 0xE02020, Blue = 0x2020E0;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 60, null);

    [Fact]
    public void A_floor_is_whole_up_to_the_horizon_and_a_wall_however_steeply_seen()
    {
        // Inverse depth is linear on planes: a floor with its horizon above the picture, and walls that run 80 px/m away.
        foreach (var (perColumn, perRow) in ((float, float)[])[(0, 0.05f), (0.08f, 0), (-0.08f, 0.03f)])
        {
            var source = Source((x, y) => 0.02f + perRow * y + (perColumn < 0 ? -perColumn * (Width - x) : perColumn * x));
            new EdgeTreatment(HoleFill.None, false).Apply(source, Camera, new(Width, Height));
            Assert.DoesNotContain(source.TornRight, t => t != 0);
            Assert.DoesNotContain(source.TornDown, t => t != 0);
        }
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0.6f)]
    [InlineData(1.2f)]
    public void An_edge_is_torn_once_be_it_sharp_or_soft(float softness)
    {
        // 1 m to the left of column 45, 3 m to the right; a ramp of up to about eight pixels between.
        var source = Source((x, _) => 1 / 3f + 2 / 3f / (1 + MathF.Exp((x - 44.5f) / softness)));
        new EdgeTreatment(HoleFill.None, false).Apply(source, Camera, new(Width, Height));
        for (int y = 0; y < Height; y++)
        {
            int[] torn = [.. Enumerable.Range(0, Width).Where(x => source.TornRight[y * Width + x] != 0)];
            Assert.Equal(44, Assert.Single(torn));
            // Nothing is left in the middle of the gap: both sides keep their depth, but for the shallow ends of the softest ramp.
            for (int x = 0; x < Width; x++)
                Assert.InRange(source.InverseDepth[y * Width + x], x <= 44 ? 0.8f : 0.33f, x <= 44 ? 1.001f : 0.53f);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.4)]
    [InlineData(0.8)]
    public void Mixed_pixels_get_the_colour_of_their_own_side_and_say_where_the_edge_is(double edge)
    {
        // The card ends this far beyond the centre of its last pixel, column 44; each pixel has the mean of what it covers.
        var source = Source((x, _) => x <= 44 ? 1 : 1 / 3f);
        double end = 44 + edge;
        for (int i = 0; i < source.Color.Length; i++)
            source.Color[i] = Mix(Math.Clamp(end + 0.5 - i % Width, 0, 1));
        new EdgeTreatment(HoleFill.None, false).Apply(source, Camera, new(Width, Height));
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++) AssertNear(x <= 44 ? Red : Blue, source.Color[y * Width + x]);
            Assert.Equal(edge, SourceImage.Place(source.TornRight[y * Width + 44]), 0.05);
        }
    }

    [Fact]
    public void Without_depth_or_at_the_borders_nothing_goes_wrong()
    {
        var random = new Random(4);
        foreach (var (width, height) in ((int, int)[])[(1, 1), (1, 9), (9, 1), (2, 2), (17, 5)])
        {
            var source = new SourceImage(width, height) { Color = new uint[width * height] };
            foreach (ref float inverse in source.InverseDepth.AsSpan()) inverse = random.Next(3) == 0 ? 0 : random.NextSingle() * 10;
            new EdgeTreatment(HoleFill.Background, false).Apply(source, Camera, new(width, height));
            for (int y = 0; y < height; y++) Assert.Equal(0, source.TornRight[y * width + width - 1]);
            for (int x = 0; x < width; x++) Assert.Equal(0, source.TornDown[(height - 1) * width + x]);
        }
    }

    private static SourceImage Source(Func<int, int, float> inverse)
    {
        var source = new SourceImage(Width, Height) { Color = new uint[Width * Height] };
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = inverse(i % Width, i / Width);
        return source;
    }

    private static uint Mix(double red) =>
        (uint)Math.Round(0x20 + 0xC0 * red) << 16 | 0x2000 | (uint)Math.Round(0xE0 - 0xC0 * red);

    // The equation is solved with a little less than full trust, and colours are whole numbers.
    private static void AssertNear(uint expected, uint actual)
    {
        for (int shift = 0; shift < 24; shift += 8)
            Assert.InRange((int)(actual >> shift & 255) - (int)(expected >> shift & 255), -8, 8);
    }
}
