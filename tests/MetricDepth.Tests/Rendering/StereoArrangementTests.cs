using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

public class StereoArrangementTests
{
    [Fact]
    public void Side_by_side_puts_the_left_eye_left()
    {
        var (picture, mask) = Arrange(StereoLayout.SideBySide, 3, 2, [1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16], [2], [0]);
        Assert.Equal([1u, 2, 0, 0, 12, 13, 4, 5, 6, 14, 15, 16], picture);
        Assert.Equal([0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0], mask);
    }

    [Fact]
    public void Top_and_bottom_puts_the_left_eye_above()
    {
        var (picture, mask) = Arrange(StereoLayout.TopBottom, 2, 2, [1, 2, 3, 4], [11, 12, 13, 14], [3], []);
        Assert.Equal([1u, 2, 3, 0, 11, 12, 13, 14], picture);
        Assert.Equal([0, 0, 0, 255, 0, 0, 0, 0], mask);
    }

    [Fact]
    public void Half_width_takes_the_mean_of_what_was_seen()
    {
        var (picture, mask) = Arrange(StereoLayout.HalfSideBySide, 6, 1,
            [0x102030, 0x304050, 10, 20, 30, 40], [2, 4, 6, 8, 0xFFFFFF, 0], [3, 4, 5], []);
        Assert.Equal([0x203040u, 10, 0, 3, 7, 0x808080], picture);
        Assert.Equal([0, 0, 255, 0, 0, 0], mask);
    }

    [Fact]
    public void Half_height_takes_the_mean_of_what_was_seen()
    {
        var (picture, mask) = Arrange(StereoLayout.HalfTopBottom, 2, 4, [10, 20, 30, 40, 50, 60, 70, 80], [1, 1, 3, 3, 5, 5, 7, 7], [2, 5, 7], [0]);
        Assert.Equal([10u, 30, 60, 0, 3, 2, 6, 6], picture);
        Assert.Equal([0, 0, 0, 255, 0, 0, 0, 0], mask);
    }

    [Theory]
    [InlineData(StereoLayout.HalfSideBySide, 3, 1, 4, 1)]
    [InlineData(StereoLayout.HalfTopBottom, 1, 3, 1, 4)]
    [InlineData(StereoLayout.HalfSideBySide, 1, 1, 2, 1)]
    [InlineData(StereoLayout.HalfTopBottom, 1, 1, 1, 2)]
    public void Of_an_odd_number_the_last_stands_alone(StereoLayout layout, int width, int height, int pictureWidth, int pictureHeight)
    {
        var arrangement = StereoArrangement.For(layout, width, height);
        Assert.Equal((pictureWidth, pictureHeight), (arrangement.Width, arrangement.Height));
        uint[] left = [10, 20, 50], right = [30, 40, 70];
        int n = width * height;
        var (picture, _) = Arrange(layout, width, height, left[..n], right[..n], [], []);
        Assert.Equal(n == 1 ? [10u, 30] : [15u, 50, 35, 70], picture);
    }

    [Fact]
    public void An_anaglyph_of_equal_grey_eyes_is_that_grey()
    {
        for (uint value = 0; value < 256; value++)
        {
            uint grey = value * 0x010101;
            uint pixel = Arrange(StereoLayout.Anaglyph, 1, 1, [grey], [grey], [], []).Picture[0];
            // The rows of Dubois' matrices add up to 1 within 1e-4.
            for (int shift = 0; shift < 24; shift += 8) Assert.InRange((int)(pixel >> shift & 255) - (int)value, -1, 1);
        }
    }

    [Fact]
    public void An_anaglyph_shows_the_left_eye_in_red_and_the_right_in_cyan()
    {
        var (picture, mask) = Arrange(StereoLayout.Anaglyph, 3, 1, [0xFFFFFF, 0, 0x808080], [0, 0xFFFFFF, 0x808080], [], [2]);
        Assert.Equal(0xFF0000u, picture[0]);
        Assert.Equal(0x00FFFFu, picture[1]);
        // One eye is missing in the last: only the other's colour is there, and the mask says so.
        Assert.InRange(picture[2] >> 16, 0x70u, 0x90u);
        Assert.InRange(picture[2] & 0xFFFF, 0u, 0u);
        Assert.Equal([0, 0, 255], mask);
    }

    [Fact]
    public void Every_layout_has_an_arrangement()
    {
        foreach (var layout in Enum.GetValues<StereoLayout>()) Assert.True(StereoArrangement.For(layout, 4, 4).Width >= 4);
        Assert.Equal("StereoLayoutUnknown", Assert.Throws<MetricDepthException>(() => StereoArrangement.For((StereoLayout)99, 4, 4)).ErrorId);
    }

    private static (uint[] Picture, byte[] Mask) Arrange(
        StereoLayout layout, int width, int height, uint[] left, uint[] right, int[] leftHoles, int[] rightHoles)
    {
        var arrangement = StereoArrangement.For(layout, width, height);
        var (picture, mask) = (new uint[arrangement.Width * arrangement.Height], new byte[arrangement.Width * arrangement.Height]);
        Array.Fill(picture, 0xDEADBEEF);
        Array.Fill(mask, (byte)77);
        ViewImage[] views = [View(width, height, left, leftHoles), View(width, height, right, rightHoles)];
        for (int y = 0; y < height; y++) arrangement.Place(new EyeRows(views, y), y, picture, mask);
        return (picture, mask);
    }

    // Where nothing was seen the picture is black.
    private static ViewImage View(int width, int height, uint[] pixels, int[] holes)
    {
        var view = new ViewImage(width, height);
        for (int y = 0; y < height; y++) pixels.AsSpan(y * width, width).CopyTo(view.Color.AsSpan(view.Row(y)));
        foreach (int i in holes)
        {
            int at = i / width * view.Stride + i % width;
            (view.Color[at], view.Holes[at]) = (0, 255);
        }
        return view;
    }
}
