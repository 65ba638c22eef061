using MetricDepth.Imaging;
using MetricDepth.Motion.Measurement;

namespace MetricDepth.Tests.Motion.Measurement;

/// <summary>Depth between pixels.</summary>
public sealed class DepthSamplingTests
{
    private const int Width = 60, Height = 40;

    [Theory]
    [InlineData(60, 40)]
    [InlineData(30, 20)]
    [InlineData(120, 80)]
    public void On_a_plane_it_is_exact_whatever_the_depth_videos_size(int width, int height)
    {
        double Plane(double x, double y) => 1 / (0.2 + 0.004 * x + 0.003 * y);
        var depth = Fill(width, height, Plane);
        var sampling = new DepthSampling(Width, Height, width, height);
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            float x = 3 + random.NextSingle() * (Width - 7), y = 3 + random.NextSingle() * (Height - 7);
            // single precision
            Assert.Equal(Plane(x, y), sampling.At(depth, new(x, y)), 1e-4);
        }
    }

    [Fact]
    public void At_a_depth_edge_it_is_not_known_and_beside_it_it_is_that_of_one_side()
    {
        var depth = Fill(Width, Height, (x, _) => x < 30 ? 1 : 3);
        var sampling = new DepthSampling(Width, Height, Width, Height);
        for (float x = 5; x < 55; x += 0.125f)
        {
            float d = sampling.At(depth, new(x, 20.3f));
            // half way between pixels either may be taken
            if (x is 28.5f or 30.5f) continue;
            if (x is > 28.5f and < 30.5f) Assert.Equal(0, d);
            else Assert.Equal(x < 29 ? 1 : 3, d, 1e-4f);
        }
    }

    [Fact]
    public void Noise_of_a_sensor_is_no_edge_and_a_thin_pole_is()
    {
        var random = new Random(5);
        var sampling = new DepthSampling(Width, Height, Width, Height);
        // a Kinect at 2 m: steps of 0.6 % either way
        var noisy = Fill(Width, Height, (_, _) => 2 * (1 + 0.006 * random.Next(-1, 2)));
        Assert.All(Enumerable.Range(5, 50), x => Assert.InRange(sampling.At(noisy, new(x + 0.4f, 20)), 1.95f, 2.05f));
        var pole = Fill(Width, Height, (x, _) => (int)x == 30 ? 1 : 3);
        Assert.Equal(0, sampling.At(pole, new(30, 20)));
        Assert.Equal(0, sampling.At(pole, new(31, 20)));
        Assert.Equal(3, sampling.At(pole, new(33, 20)), 1e-4f);
    }

    [Fact]
    public void A_hole_is_not_known_nor_is_what_holes_surround()
    {
        var sampling = new DepthSampling(Width, Height, Width, Height);
        var depth = Fill(Width, Height, (x, y) => (int)x == 20 && (int)y == 20 ? 0 : 2);
        Assert.Equal(0, sampling.At(depth, new(20.2f, 19.8f)));
        Assert.Equal(2, sampling.At(depth, new(22, 20)), 1e-4f);
        Assert.Equal(2, sampling.At(depth, new(21, 20)), 1e-4f);
        var island = Fill(Width, Height, (x, y) => x is >= 20 and < 22 && y is >= 20 and < 22 ? 2 : 0);
        Assert.Equal(0, sampling.At(island, new(20, 20)));
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(10, 40)]
    [InlineData(float.NaN, 10)]
    [InlineData(10, float.PositiveInfinity)]
    [InlineData(1e30f, 10)]
    public void Outside_the_picture_it_is_not_known(float x, float y) =>
        Assert.Equal(0, new DepthSampling(Width, Height, Width, Height).At(Fill(Width, Height, (_, _) => 2), new(x, y)));

    /// <summary>Depth by the clip's coordinates.</summary>
    private static Plane<float> Fill(int width, int height, Func<double, double, double> depth)
    {
        var plane = new Plane<float>(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) plane[x, y] = (float)depth((x + 0.5) * Width / width - 0.5, (y + 0.5) * Height / height - 0.5);
        return plane;
    }
}
