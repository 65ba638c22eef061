using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Imaging;
using MetricDepth.Tests.Fixtures;

namespace MetricDepth.Tests.Estimation.DepthAnything;

/// <summary>Frames on their way into the Depth-Anything networks, and maps on their way out, against what the original code made.</summary>
public sealed class PicturesTests
{
    // float32 rounding of values up to 2.7 is 2e-7 a step; a wrong cubic coefficient, centre or border moves pixels by 1e-2 and more
    private const float Tolerance = 1e-4f;

    [Fact]
    public void A_video_frame_becomes_the_very_numbers_that_the_original_feeds()
    {
        var (rgb, shape) = ModelFixture.Pixels("vda_tiny_video_frames_u8.npy");
        var (expected, wanted) = ModelFixture.Floats("vda_tiny_video_netinput_frame0.npy");
        var frame = Picture(rgb.AsSpan(0, shape[1] * shape[2] * 3), shape[2], shape[1], redFirst: true);
        var size = PictureSize.ForVideo(frame.Width, frame.Height, 42);
        Assert.Equal((wanted[2], wanted[1]), size);
        Same(expected, Fill(frame, size));
    }

    [Fact]
    public void A_single_picture_becomes_the_very_numbers_that_the_original_feeds()
    {
        var (bgr, shape) = ModelFixture.Pixels("dav2_metric_tiny_image_bgr_u8.npy");
        var (expected, wanted) = ModelFixture.Floats("dav2_metric_tiny_image_nettensor.npy");
        var picture = Picture(bgr, shape[1], shape[0], redFirst: false);
        var size = PictureSize.ForImage(picture.Width, picture.Height, 42);
        Assert.Equal((wanted[3], wanted[2]), size);
        Same(expected, Fill(picture, size));
    }

    [Theory]
    [InlineData(1920, 1080, 924, 518)]
    [InlineData(640, 480, 686, 518)]
    [InlineData(1080, 1920, 518, 924)]
    [InlineData(1920, 804, 938, 392)]
    [InlineData(854, 480, 924, 518)] // 1.779 is still 16:9
    [InlineData(518, 518, 518, 518)]
    [InlineData(10000, 100, 1400, 14)] // so long that only one patch is left
    public void A_clip_is_looked_at_in_the_size_that_the_makers_chose(int width, int height, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), PictureSize.ForVideo(width, height));

    [Theory]
    [InlineData(1920, 804, 518, 1232, 518)] // no limit for single pictures
    [InlineData(100, 100, 30, 42, 42)] // 28 would be below 30
    [InlineData(107, 60, 42, 70, 42)]
    [InlineData(3, 2, 500, 756, 504)]
    public void A_picture_is_never_looked_at_in_less_than_was_asked_for(int width, int height, int shorter, int expectedWidth, int expectedHeight) =>
        Assert.Equal((expectedWidth, expectedHeight), PictureSize.ForImage(width, height, shorter));

    [Theory]
    [InlineData(61, 33, 98, 56)]   // larger
    [InlineData(131, 77, 70, 42)]  // smaller, odd ends of rows
    [InlineData(1, 1, 14, 14)]
    [InlineData(2, 3, 28, 42)]
    public void Every_pixel_is_the_cubic_sum_written_down_plainly(int width, int height, int toWidth, int toHeight)
    {
        var picture = Noise(width, height);
        float[] got = Fill(picture, (toWidth, toHeight));
        double[] mean = [0.485, 0.456, 0.406], deviation = [0.229, 0.224, 0.225];
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < toHeight; y++)
                for (int x = 0; x < toWidth; x++)
                {
                    double u = (x + 0.5) * width / toWidth - 0.5, v = (y + 0.5) * height / toHeight - 0.5, sum = 0;
                    for (int j = (int)Math.Floor(v) - 1; j <= Math.Floor(v) + 2; j++)
                        for (int i = (int)Math.Floor(u) - 1; i <= Math.Floor(u) + 2; i++)
                        {
                            uint pixel = picture[Math.Clamp(i, 0, width - 1), Math.Clamp(j, 0, height - 1)];
                            sum += Keys(u - i) * Keys(v - j) * (byte)(pixel >> (16 - 8 * c)) / 255.0;
                        }
                    Assert.Equal((sum - mean[c]) / deviation[c], got[(c * toHeight + y) * toWidth + x], 1e-5);
                }

        static double Keys(double t) => Math.Abs(t) switch
        {
            <= 1 and var d => 1.25 * d * d * d - 2.25 * d * d + 1,
            < 2 and var d => -0.75 * (d * d * d - 5 * d * d + 8 * d - 4),
            _ => 0,
        };
    }

    [Theory]
    [InlineData(7, 5, 31, 17)]
    [InlineData(31, 17, 7, 5)]
    [InlineData(1, 1, 9, 4)]
    [InlineData(9, 4, 1, 1)]
    [InlineData(42, 70, 42, 70)]
    public void A_map_reaches_the_frame_with_its_corners_on_the_frames_corners(int width, int height, int toWidth, int toHeight)
    {
        // a + bx + cy + dxy is what bilinear interpolation keeps exactly
        var map = new float[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) map[y * width + x] = Value(x, y);
        var result = new float[toWidth * toHeight];
        new AlignedResize(width, height, toWidth, toHeight).Run(map, result);
        for (int y = 0; y < toHeight; y++)
            for (int x = 0; x < toWidth; x++)
                Assert.Equal(Value(At(x, width, toWidth), At(y, height, toHeight)), result[y * toWidth + x], 1e-3f); // values up to 900

        static float Value(double x, double y) => (float)(3 + 0.5 * x - 0.25 * y + 0.3 * x * y);

        static double At(int i, int from, int to) => to > 1 ? i * (from - 1.0) / (to - 1) : 0;
    }

    private static float[] Fill(Plane<uint> picture, (int Width, int Height) size)
    {
        var input = new PictureInput(picture.Width, picture.Height, size.Width, size.Height);
        var tensor = new float[input.Length];
        input.Fill(picture, tensor);
        return tensor;
    }

    private static void Same(float[] expected, float[] got)
    {
        Assert.Equal(expected.Length, got.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], got[i], Tolerance);
    }

    private static Plane<uint> Noise(int width, int height)
    {
        var random = new Random(5);
        var picture = new Plane<uint>(width, height);
        random.NextBytes(picture.Bytes); // the fourth byte too: it must not matter
        return picture;
    }

    private static Plane<uint> Picture(ReadOnlySpan<byte> pixels, int width, int height, bool redFirst)
    {
        var picture = new Plane<uint>(width, height);
        for (int i = 0; i < width * height; i++)
        {
            var (first, green, last) = (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]);
            picture.Data[i] = (uint)(redFirst ? first << 16 | green << 8 | last : last << 16 | green << 8 | first);
        }
        return picture;
    }
}
