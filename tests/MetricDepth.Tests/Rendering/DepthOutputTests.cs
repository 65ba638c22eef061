using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

public class DepthOutputTests
{
    private const int Width = 64, Height = 12;

    [Theory]
    [InlineData(StereoLayout.SideBySide)]
    [InlineData(StereoLayout.TopBottom)]
    [InlineData(StereoLayout.RightEye)]
    [InlineData(StereoLayout.Interlaced)]
    [InlineData(StereoLayout.HalfSideBySide)]
    [InlineData(StereoLayout.HalfTopBottom)]
    public void The_depth_of_the_picture_is_the_depth_of_what_it_shows(StereoLayout layout)
    {
        using var folder = new TempFolder();
        // a bright card at 1 m before a dark wall at 3 m: what is bright is near, whatever the layout does with it
        static bool OnCard(int x) => x is >= 24 and < 40;
        var picture = Enumerable.Range(0, Width * Height).Select(i => OnCard(i % Width) ? 0xE0E0E0u : 0x202020u).ToArray();
        string color = RawVideo.Write(folder["clip.mkv"], Width, Height, picture);
        var source = DepthClip.Write(folder["clip.mkv_depth.mkv"], Width, Height, 1, (x, _, _) => OnCard(x) ? 1 : 3, color);
        var video = StereoRender.Run(new() { Depth = source, Layout = layout, DepthOutput = true, HoleFill = HoleFill.None, PupillaryDistance = 150 },
            null, TestContext.Current.CancellationToken);
        Assert.Equal(video.Path + "_depth.mkv", video.DepthOutputPath);

        var depth = DepthVideoReader.Probe(video.DepthOutputPath!, TestContext.Current.CancellationToken);
        Assert.Equal((video.Width, video.Height, 1L, video.Path, source.MaxDepth), (depth.Width, depth.Height, depth.FrameCount, depth.ColorPath, depth.MaxDepth));
        Assert.Equal(layout == StereoLayout.RightEye ? 60 : 0, depth.HorizontalFov ?? 0, 1e-6);
        using var reader = DepthVideoReader.Open(depth, TestContext.Current.CancellationToken);
        var metres = new Plane<float>(depth.Width, depth.Height);
        Assert.True(reader.Read(metres));
        var shown = RawVideo.Read(video.Path)[0];
        int near = 0, far = 0, none = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            uint grey = shown[i] & 255;
            // pixels that mix the two sides may have the depth of either
            if (grey is > 0x28 and < 0xD8 or > 0 and < 0x18) continue;
            double expected = grey == 0 ? 0 : grey > 0x80 ? 1 : 3;
            // one step of 20 m is 0.31 mm
            Assert.Equal(expected, metres.Span[i], 4e-4);
            if (expected == 0) none++;
            else if (expected < 2) near++;
            else far++;
        }
        Assert.True(near > 100 && far > 200 && none > 5, $"{near} near, {far} far, {none} without depth");
    }

    [Theory]
    [InlineData(StereoLayout.Anaglyph)]
    [InlineData(StereoLayout.Touchly0)]
    [InlineData(StereoLayout.Touchly1)]
    public void A_layout_without_one_depth_a_pixel_is_refused(StereoLayout layout)
    {
        using var folder = new TempFolder();
        string color = RawVideo.Write(folder["clip.mkv"], 4, 4, new uint[16]);
        var source = DepthClip.Write(folder["clip.mkv_depth.mkv"], 4, 4, 1, (_, _, _) => 2, color);
        Assert.Equal("DepthOutputUnsuitable", Assert.Throws<MetricDepthException>(() =>
            StereoRender.Run(new() { Depth = source, Layout = layout, DepthOutput = true }, null, TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_code_survives_the_way_through_inverse_depth()
    {
        var codes = Enumerable.Range(0, DepthCodec.MaxCode + 1).Select(c => (uint)(c >> 8 << 16 | c >> 8 << 8 | (c & 255))).ToArray();
        var depth = new float[codes.Length];
        DepthCodec.Decode(codes, depth, 20);
        for (int i = 0; i < depth.Length; i++) depth[i] = depth[i] > 0 ? 1 / depth[i] : 0;
        var again = new uint[codes.Length];
        StereoDepth.Encode(depth, again, 20);
        Assert.True(MemoryExtensions.SequenceEqual<uint>(codes, again));
    }
}
