using System.Globalization;
using MetricDepth.Export;
using MetricDepth.Export.DepthVideos;
using MetricDepth.Imaging;
using MetricDepth.Tests.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Tests.Export;

public class DepthPreviewTests
{
    /// <summary>What H.264 at the usual quality and a quarter of the colour resolution change, in areas of one colour.</summary>
    private const int H264Levels = 14;

    [Theory]
    [InlineData(ColormapName.Turbo)]
    [InlineData(ColormapName.Viridis)]
    [InlineData(ColormapName.Inferno)]
    public void Near_is_bright_far_is_dark_and_no_depth_is_grey(ColormapName map)
    {
        using var folder = new TempFolder();
        // columns of 16 px: no depth, nearer than the near end, near end, in the middle in 1/m, far end, farther
        double[] metres = [0, 0.5, 1, 1.5, 3, 9];
        var depth = DepthClip.Write(folder["d.mkv"], 96, 32, 2, (x, _, _) => metres[x / 16]);
        var picture = Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview, MinDepth = 1, MaxDepth = 3, Colormap = map }, out var clip);
        Assert.Equal(("yuv420p", 96, 2L), (clip.Source.PixelFormat, clip.Width, clip.FrameCount));
        var table = Colormap.Table(map);
        uint[] expected = [PreviewLegend.NoDepth, table[^1], table[^1], table[Colormap.Steps / 2], table[0], table[0]];
        for (int i = 0; i < 6; i++) AssertNear(expected[i], picture[16 * clip.Width + i * 16 + 8]);
    }

    [Theory]
    [InlineData(DepthSpacing.Inverse, 1.5)]
    [InlineData(DepthSpacing.Linear, 2)]
    public void Colours_are_spread_as_asked(DepthSpacing spacing, double middle)
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 32, 32, 1, (_, _, _) => middle);
        var picture = Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview, MinDepth = 1, MaxDepth = 3, Spacing = spacing }, out _);
        AssertNear(Colormap.Turbo(0.5), picture[16 * 32 + 16]);
    }

    [Fact]
    public void The_range_is_one_for_the_whole_clip_and_single_pixels_do_not_spoil_it()
    {
        using var folder = new TempFolder();
        // a room of 2 to 4 m that recedes by 1 m; in two corners 16 of its 2400 pixels are at 19 m, 16 at 0.1 m
        var depth = DepthClip.Write(folder["d.mkv"], 60, 40, 12, (x, y, frame) => x < 4 && y < 4 ? 19 : x > 55 && y < 4 ? 0.1 : 2 + x / 30.0 + frame / 11.0);
        var (near, far) = DepthRangeSample.Find(new DepthVideoExportOptions { Depth = depth, Format = DepthVideoFormat.Preview }, Enumerable.Range(0, 12).Select(i => (long)i), TestContext.Current.CancellationToken)!.Value;
        Assert.InRange(near, 2, 2.3); // a hundredth lies nearer
        Assert.InRange(far, 4.5, 5); // a fiftieth lies farther
        // 3 m is half-way across the first frame, and at the left of the last
        Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview }, out var clip);
        var frames = RawVideo.Read(clip.Path);
        AssertNear(frames[0][20 * 60 + 30], frames[11][20 * 60 + 1]);
    }

    [Fact]
    public void A_clip_without_any_depth_still_has_a_preview()
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], 32, 32, 2, (_, _, _) => 0);
        AssertNear(PreviewLegend.NoDepth, Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview }, out _)[16 * 32 + 16]);
    }

    [Fact]
    public void Colours_stand_to_the_left_of_their_depth()
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["c.mkv"], 48, 32, Enumerable.Repeat(0xD08020u, 48 * 32).ToArray());
        var depth = DepthClip.Write(folder["c.mkv_depth.mkv"], 48, 32, 1, (_, _, _) => 2, color);
        var picture = Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview, SideBySide = true, MinDepth = 1, MaxDepth = 2 }, out var clip);
        Assert.Equal(96, clip.Width);
        AssertNear(0xD08020, picture[16 * 96 + 24]);
        AssertNear(Colormap.Turbo(0), picture[16 * 96 + 72]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 48)]
    [InlineData(65, 37)]
    [InlineData(31, 200)]
    public void Small_and_odd_sizes_have_a_preview_too(int width, int height)
    {
        using var folder = new TempFolder();
        var depth = DepthClip.Write(folder["d.mkv"], width, height, 2, (x, y, _) => 1 + x + y);
        Preview(new() { Depth = depth, Format = DepthVideoFormat.Preview }, out var clip);
        Assert.True(clip.Width % 2 == 0 && clip.Height % 2 == 0 && clip.Width - width is 0 or 1 && clip.Height > height);
    }

    [Theory]
    [InlineData(0.8, 4.2, 640)]
    [InlineData(1.9, 2.3, 320)]
    [InlineData(0.3, 100, 1920)]
    [InlineData(5, 300, 3840)]
    [InlineData(1, 20, 64)]
    public void The_scale_has_round_numbers_in_order_that_do_not_touch(double near, double far, int width)
    {
        foreach (var spacing in Enum.GetValues<DepthSpacing>())
        {
            var range = new DepthScaleRange(near, far, spacing);
            int scale = width < 160 ? 1 : Math.Max(2, (int)Math.Round(width / 240.0)), left = 3 * scale;
            var labels = PreviewLegend.Labels(range, left, width - 2 * left, width, scale).OrderBy(l => l.Depth).ToList();
            Assert.True(labels.Count >= (width > 100 ? 3 : 1), $"{spacing}: {labels.Count} numbers");
            for (int i = 0; i < labels.Count; i++)
            {
                Assert.InRange(labels[i].Depth, near * 0.999, far * 1.001);
                Assert.Equal(labels[i].Depth, double.Parse(labels[i].Text[..^2], CultureInfo.InvariantCulture), 1e-9);
                Assert.True(labels[i].Text.Count(char.IsAsciiDigit) <= 4, labels[i].Text);
                Assert.InRange(labels[i].Start, 0, width - SmallText.Width(labels[i].Text, scale));
                if (i > 0) Assert.True(labels[i].Start > labels[i - 1].Start + SmallText.Width(labels[i - 1].Text, scale), $"{labels[i - 1].Text} | {labels[i].Text}");
            }
        }
    }

    [Fact]
    public void The_bar_has_the_colours_of_the_numbers_below_it()
    {
        var range = new DepthScaleRange(1, 4, DepthSpacing.Inverse);
        uint[] colors = Colormap.Table(ColormapName.Turbo).ToArray();
        Array.Reverse(colors);
        var legend = PreviewLegend.Draw(640, 640, range, colors);
        // 2 m is two thirds of the way from 1/1 to 1/4; the bar spans the width but for 9 px at either end
        int at = 9 + (int)Math.Round(2 / 3.0 * (640 - 18 - 1));
        uint color = legend[at + 2, 6 + 6];
        Assert.Equal(colors[(int)((at + 2 - 9) * 1023L / 621)], color);
        Assert.Contains(PreviewLegend.Labels(range, 9, 622, 640, 3), l => l.Text == "2 m");
    }

    private static uint[] Preview(DepthVideoExportOptions options, out VideoClip clip)
    {
        string path = Assert.IsType<FileInfo>(DepthVideoExport.Run(options, null, TestContext.Current.CancellationToken)).FullName;
        Assert.Equal(Path.GetFileName(options.Depth.Path) + "_preview.mp4", Path.GetFileName(path));
        clip = VideoProbe.Probe(path, TestContext.Current.CancellationToken);
        return RawVideo.Read(path)[0];
    }

    private static void AssertNear(uint expected, uint actual)
    {
        for (int shift = 0; shift < 24; shift += 8)
            Assert.True(Math.Abs((int)(expected >> shift & 255) - (int)(actual >> shift & 255)) <= H264Levels, $"{expected:X6} became {actual:X6}");
    }
}
