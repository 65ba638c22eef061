using MetricDepth.CommandLine;
using MetricDepth.Rendering;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Infill;

/// <summary>What <c>-HoleFill</c> and <c>-RemoveEdges</c> give together, in the picture and in the mask.</summary>
public class HoleFillOptionTests
{
    private const int Width = 160, Height = 12, CardFrom = 60, CardTo = 100;
    private const uint Red = 0xE02020, Blue = 0x2020E0;

    // 160 px at 60 degrees: fx = 138.6 px. With 200 mm between the eyes the card at 1 m opens 9.24 px before the wall at 3 m.
    private const double Gap = 160 / 1.1547005 * 0.1 * (1 - 1 / 3.0);

    [Theory]
    [InlineData("Background", false)]
    [InlineData("Background", true)]
    [InlineData("Stretch", false)]
    [InlineData("Stretch", true)]
    [InlineData("None", false)]
    [InlineData("None", true)]
    public void The_mask_is_white_where_nothing_was_seen_and_the_picture_shows_what_was_asked_for(string fill, bool removeEdges)
    {
        using var folder = new TempFolder();
        string depth = Card(folder);
        List<string> arguments = ["Invoke-StereoRender", depth, "-HoleFill", fill, "-PupillaryDistance", "200", "-InfillMask"];
        if (removeEdges) arguments.Add("-RemoveEdges");
        var result = PipelineRunner.Run(new(), [.. arguments]);
        Assert.Empty(result.Errors);
        var video = Assert.IsType<StereoVideo>(Assert.Single(result.Output));

        // The right eye sees the wall uncovered right of the card.
        var picture = RawVideo.Read(video.Path)[0].AsSpan((2 * (Height / 2) + 1) * Width, Width);
        var mask = RawVideo.Read(video.InfillMaskPath!)[0].AsSpan((2 * (Height / 2) + 1) * Width, Width);
        int from = (int)(CardTo - 13.9), to = CardTo;
        int white = mask[from..to].Count(0xFFFFFFu), red = 0, blue = 0, black = 0;
        for (int x = from; x < to; x++)
        {
            if (mask[x] == 0) continue;
            if (picture[x] == 0) black++;
            else if (picture[x] == Blue) blue++;
            else red++;
        }
        bool marked = fill != "Stretch" || removeEdges;
        // The toolbox's holes reach to the centres of the last pixels: one pixel more.
        Assert.InRange(white, marked ? Gap - 1 : 0, marked ? Gap + (removeEdges ? 2 : 1) : 0);
        Assert.Equal(fill == "None" ? white : 0, black);
        // A pixel on the card's rim may have its share of red.
        if (fill == "Background") Assert.InRange(blue, white - 1, white);
        if (fill == "Stretch" && removeEdges) Assert.InRange(red, white - 1, white);
    }

    private static string Card(TempFolder folder)
    {
        var color = new uint[Width * Height];
        for (int i = 0; i < color.Length; i++) color[i] = i % Width is >= CardFrom and < CardTo ? Red : Blue;
        string path = RawVideo.Write(folder["card.mkv"], Width, Height, color);
        return DepthClip.Write(path + "_depth.mkv", Width, Height, 1, (x, _, _) => x is >= CardFrom and < CardTo ? 1 : 3, path).Path;
    }
}
