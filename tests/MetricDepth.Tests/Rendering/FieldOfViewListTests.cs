using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

public class FieldOfViewListTests
{
    [Fact]
    public void Each_frame_is_drawn_with_its_own_field_of_view()
    {
        using var folder = new TempFolder();
        var (depth, _) = Line(folder, frames: 2);
        File.WriteAllText(folder["fov.json"], "[60, 30.5]");
        var video = StereoRender.Run(new() { Depth = depth, FieldOfViewPath = folder["fov.json"], PupillaryDistance = 100 }, null, TestContext.Current.CancellationToken);
        var frames = RawVideo.Read(video.Path);
        for (int i = 0; i < 2; i++)
        {
            // fx · 50 mm / 2 m, with fx from the frame's own angle
            double shift = 200 / Math.Tan((i == 0 ? 60 : 30.5) * Math.PI / 360) * 0.05 / 2;
            var row = frames[i].AsSpan(0, 400).ToArray();
            double weight = row.Sum(p => Math.Max(0.0, (p & 255) - 0x20)), centre = row.Select((p, x) => x * Math.Max(0.0, (p & 255) - 0x20)).Sum() / weight;
            Assert.Equal(200 + shift, centre, 0.02);
        }
    }

    [Theory]
    [InlineData("", "FieldOfViewListMalformed")]
    [InlineData("{}", "FieldOfViewListMalformed")]
    [InlineData("[]", "FieldOfViewListMalformed")]
    [InlineData("[60", "FieldOfViewListMalformed")]
    [InlineData("[60, \"61\"]", "FieldOfViewListMalformed")]
    [InlineData("[60, [61]]", "FieldOfViewListMalformed")]
    [InlineData("[60, null]", "FieldOfViewListMalformed")]
    [InlineData("[60, 1e999]", "FieldOfViewListMalformed")]
    [InlineData("[60, -1]", "FieldOfViewListMalformed")]
    [InlineData("[60, 180]", "FieldOfViewListMalformed")]
    [InlineData("[60] [61]", "FieldOfViewListMalformed")]
    [InlineData("[60, 60]", "FieldOfViewListTooShort")]
    public void A_list_that_cannot_be_used_is_named_and_leaves_nothing(string json, string errorId)
    {
        using var folder = new TempFolder();
        var (depth, files) = Line(folder, frames: 3);
        File.WriteAllText(folder["fov.json"], json);
        Assert.Equal(errorId, Assert.Throws<MetricDepthException>(() =>
            StereoRender.Run(new() { Depth = depth, FieldOfViewPath = folder["fov.json"] }, null, TestContext.Current.CancellationToken)).ErrorId);
        Assert.Equal(files + 1, Directory.GetFiles(folder.Path).Length);
        if (json.Length == 0)
            Assert.Equal("FieldOfViewContradiction", Assert.Throws<MetricDepthException>(() =>
                StereoRender.Run(new() { Depth = depth, FieldOfViewPath = folder["fov.json"], VerticalFov = 40 }, null, TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_byte_order_mark_and_spare_entries_do_no_harm()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["fov.json"], "[ 60, 61.25, 62 ]\n", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal([60, 61.25, 62], FieldOfViewList.Load(folder["fov.json"]));
        Assert.Equal("FileNotFound", Assert.Throws<MetricDepthException>(() => FieldOfViewList.Load(folder["none.json"])).ErrorId);
    }

    private static (DepthVideo Depth, int Files) Line(TempFolder folder, int frames)
    {
        var line = new uint[400 * 4];
        Array.Fill(line, 0x202020u);
        for (int y = 0; y < 4; y++) line[y * 400 + 200] = 0xFFFFFF;
        string color = RawVideo.Write(folder["line.mkv"], 400, 4, Enumerable.Repeat(line, frames));
        var depth = DepthClip.Write(folder["line.mkv_depth.mkv"], 400, 4, frames, (_, _, _) => 2, color);
        return (depth, Directory.GetFiles(folder.Path).Length);
    }
}
