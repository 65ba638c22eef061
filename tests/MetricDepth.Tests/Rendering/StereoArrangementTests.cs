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
    public void Crossed_eyes_get_the_right_eye_on_the_left()
    {
        foreach (var layout in (StereoLayout[])[StereoLayout.CrossEyed, StereoLayout.HalfCrossEyed])
            Assert.Equal([Eye.Right, Eye.Left], StereoArrangement.For(layout, 4, 4).Eyes);
        var (picture, mask) = Arrange(StereoLayout.CrossEyed, 2, 1, [1, 2], [11, 12], [], [1]);
        Assert.Equal([11u, 0, 1, 2], picture);
        Assert.Equal([0, 255, 0, 0], mask);
        Assert.Equal([12u, 13, 2, 3], Arrange(StereoLayout.HalfCrossEyed, 3, 1, [1, 2, 3], [11, 12, 13], [], []).Picture);
    }

    [Fact]
    public void Interlacing_takes_each_pixel_from_its_own_place()
    {
        uint[] left = [1, 2, 3, 4, 5, 6, 7, 8, 9], right = [11, 12, 13, 14, 15, 16, 17, 18, 19];
        var rows = Arrange(StereoLayout.Interlaced, 3, 3, left, right, [1, 3], [0, 5]);
        Assert.Equal([1u, 0, 3, 14, 15, 0, 7, 8, 9], rows.Picture);
        Assert.Equal([0, 255, 0, 0, 0, 255, 0, 0, 0], rows.Mask);
        var columns = Arrange(StereoLayout.ColumnInterlaced, 3, 3, left, right, [3], [4]);
        Assert.Equal([1u, 12, 3, 0, 0, 6, 7, 18, 9], columns.Picture);
        Assert.Equal([0, 0, 0, 255, 255, 0, 0, 0, 0], columns.Mask);
        Assert.Equal([1u, 12, 3, 14, 5, 16, 7, 18, 9], Arrange(StereoLayout.Checkerboard, 3, 3, left, right, [], []).Picture);
    }

    [Fact]
    public void One_eye_alone_is_that_eye()
    {
        Assert.Equal([Eye.Left], StereoArrangement.For(StereoLayout.LeftEye, 2, 2).Eyes);
        Assert.Equal([Eye.Right], StereoArrangement.For(StereoLayout.RightEye, 2, 2).Eyes);
        Assert.Equal([1u, 2, 3, 0], Arrange(StereoLayout.LeftEye, 2, 2, [1, 2, 3, 4], [11, 12, 13, 14], [3], []).Picture);
        Assert.Equal([11u, 12, 13, 14], Arrange(StereoLayout.RightEye, 2, 2, [1, 2, 3, 4], [11, 12, 13, 14], [3], []).Picture);
    }

    [Fact]
    public void Touchlys_depth_is_bright_when_near_and_black_where_there_is_none()
    {
        // 255 − rint(min(d, 5) · 255 / 5); no depth in the third
        var depth = new float[] { 1, 5, 0, 2.4f, 9, 1e-3f };
        var (picture, mask) = Arrange(StereoLayout.Touchly1, 3, 2, [1, 2, 3, 4, 5, 6], [], [], [], depth);
        Assert.Equal([1u, 2, 3, 4, 5, 6, 204 * 0x010101, 0, 0, 133 * 0x010101, 0, 0xFFFFFF], picture);
        Assert.All(mask, m => Assert.Equal(0, m));
        var wide = Arrange(StereoLayout.Touchly0, 3, 1, [1, 2, 3], [11, 12, 13], [1], [2], depth[..3]);
        Assert.Equal([1u, 0, 3, 11, 12, 0, 204 * 0x010101, 0, 0], wide.Picture);
        Assert.Equal([0, 255, 0, 0, 0, 255, 0, 0, 0], wide.Mask);
        // 255 − rint((d − 2) · 255 / 2)
        var nearer = Arrange(StereoLayout.Touchly1, 3, 1, [1, 2, 3], [], [], [], [1, 2.5f, 3.2f], new(2, 4));
        Assert.Equal([255u, 255 - 64, 255 - 153], nearer.Picture[3..].Select(p => p & 255));
    }

    [Fact]
    public void Touchlys_depth_is_the_same_wherever_it_stands_in_a_row()
    {
        var inverse = Enumerable.Range(0, 37).Select(i => i % 5 == 0 ? 0f : 1 / (0.17f * i)).ToArray();
        var pixels = new uint[37];
        new TouchlyDepth(0.5, 4).Draw(inverse, pixels);
        for (int x = 0; x < 37; x++)
        {
            double depth = Math.Clamp(0.17 * x, 0.5, 4);
            uint grey = x % 5 == 0 ? 0 : 255 - (uint)Math.Round((depth - 0.5) * 255 / 3.5);
            Assert.Equal(grey * 0x010101, pixels[x]);
        }
    }

    [Fact]
    public void What_has_been_filled_takes_part_in_the_mean_and_stays_a_hole_in_the_mask()
    {
        foreach (var (layout, width, height) in ((StereoLayout, int, int)[])[(StereoLayout.HalfSideBySide, 4, 1), (StereoLayout.HalfTopBottom, 1, 4)])
        {
            var arrangement = StereoArrangement.For(layout, width, height);
            var (picture, mask) = (new uint[4], new byte[4]);
            ViewImage[] views = [View(width, height, [10, 20, 30, 40], [1, 2, 3]), View(width, height, [10, 20, 30, 40], [])];
            foreach (int i in (int[])[1, 2, 3])
            {
                int at = i / width * views[0].Stride + i % width;
                (views[0].Color[at], views[0].InverseDepth[at]) = ((uint)(10 * i + 10), 0.5f);
            }
            for (int y = 0; y < height; y++) arrangement.Place(new EyeRows(views, y), y, picture, mask);
            Assert.Equal([15u, 35, 15, 35], picture);
            Assert.Equal([0, 255, 0, 0], mask);
        }
    }

    [Theory]
    [InlineData(StereoLayout.SideBySide, new[] { 1f, 2, 4, 5, 3, 0, 6, 7 })]
    [InlineData(StereoLayout.CrossEyed, new[] { 4f, 5, 1, 2, 6, 7, 3, 0 })]
    [InlineData(StereoLayout.TopBottom, new[] { 1f, 2, 3, 0, 4, 5, 6, 7 })]
    [InlineData(StereoLayout.Interlaced, new[] { 1f, 2, 6, 7 })]
    [InlineData(StereoLayout.ColumnInterlaced, new[] { 1f, 5, 3, 7 })]
    [InlineData(StereoLayout.Checkerboard, new[] { 1f, 5, 6, 0 })]
    [InlineData(StereoLayout.LeftEye, new[] { 1f, 2, 3, 0 })]
    [InlineData(StereoLayout.RightEye, new[] { 4f, 5, 6, 7 })]
    [InlineData(StereoLayout.HalfSideBySide, new[] { 1f, 4, 3, 6 })] // the nearer of two surfaces
    [InlineData(StereoLayout.HalfTopBottom, new[] { 1f, 2, 4, 5 })]
    [InlineData(StereoLayout.Vr180, new[] { 1f, 2, 4, 5, 3, 0, 6, 7 })]
    public void Depth_lies_where_its_colour_lies(StereoLayout layout, float[] expected)
    {
        var arrangement = StereoArrangement.For(layout, 2, 2);
        float[][] eyes = [[1, 2, 3, 0], [4, 5, 6, 7]];
        var views = arrangement.Eyes.Select(e => View(2, 2, [1, 1, 1, 1], [], eyes[e == Eye.Right ? 1 : 0])).ToArray();
        var inverse = new float[arrangement.Width * arrangement.Height];
        for (int y = 0; y < 2; y++) arrangement.PlaceDepth(new EyeRows(views, y), y, inverse);
        Assert.Equal(expected, inverse.Select(i => i > 0 ? MathF.Round(1 / i) : 0));
    }

    [Fact]
    public void Half_width_depth_is_the_mean_of_one_surface()
    {
        float[] squeezed = new float[2];
        AreaSqueeze.DepthRow([0.50f, 0.51f, 0.5f], squeezed);
        Assert.Equal([0.505f, 0.5f], squeezed);
        AreaSqueeze.DepthRows([0.50f, 0], [0.51f, 0.2f], squeezed);
        Assert.Equal([0.505f, 0.2f], squeezed);
    }

    [Fact]
    public void Every_layout_has_an_arrangement()
    {
        foreach (var layout in Enum.GetValues<StereoLayout>()) Assert.True(StereoArrangement.For(layout, 4, 4).Width >= 4);
        Assert.Equal("StereoLayoutUnknown", Assert.Throws<MetricDepthException>(() => StereoArrangement.For((StereoLayout)99, 4, 4)).ErrorId);
    }

    private static (uint[] Picture, byte[] Mask) Arrange(
        StereoLayout layout, int width, int height, uint[] left, uint[] right, int[] leftHoles, int[] rightHoles, float[]? depth = null, TouchlyDepth? touchly = null)
    {
        var arrangement = StereoArrangement.For(layout, width, height, touchly);
        var (picture, mask) = (new uint[arrangement.Width * arrangement.Height], new byte[arrangement.Width * arrangement.Height]);
        Array.Fill(picture, 0xDEADBEEF);
        Array.Fill(mask, (byte)77);
        var views = arrangement.Eyes.Select(e => e == Eye.Right ? View(width, height, right, rightHoles) : View(width, height, left, leftHoles, depth)).ToArray();
        for (int y = 0; y < height; y++) arrangement.Place(new EyeRows(views, y), y, picture, mask);
        return (picture, mask);
    }

    // Where nothing was seen the picture is black.
    private static ViewImage View(int width, int height, uint[] pixels, int[] holes, float[]? depth = null)
    {
        var view = new ViewImage(width, height);
        for (int y = 0; y < height; y++)
        {
            pixels.AsSpan(y * width, width).CopyTo(view.Color.AsSpan(view.Row(y)));
            for (int x = 0; depth is not null && x < width; x++)
                view.InverseDepth[y * view.Stride + x] = depth[y * width + x] is > 0 and var d ? 1 / d : 0;
        }
        foreach (int i in holes)
        {
            int at = i / width * view.Stride + i % width;
            (view.Color[at], view.Holes[at]) = (0, 255);
        }
        return view;
    }
}
