using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;

namespace MetricDepth.Tests.Rendering;

/// <summary>Pictures of every size and layout are drawn, a few rows at a time as they are drawn whole.</summary>
public class StereoBandTests
{
    private static readonly StereoLayout[] Flat =
        [.. Enum.GetValues<StereoLayout>().Where(layout => StereoArrangement.For(layout, 8, 8).Projection == EyeProjection.Perspective)];

    // One pixel; less than a vector; more than a band, ending within one; rows of 8K, of which two make a band.
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 3, 5 }, { 5, 3 }, { 257, 161 }, { 7680, 7 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_picture_drawn_in_bands_is_the_one_drawn_whole(int width, int height)
    {
        var depth = new DepthVideo { Path = "", Width = width, Height = height, FrameRate = new(25) };
        var (codes, color) = Frame(width, height);
        foreach (var layout in Flat)
            foreach (var (fill, removeEdges) in ((HoleFill, bool)[])[(HoleFill.Background, false), (HoleFill.Stretch, true), (HoleFill.None, true)])
            {
                var arrangement = StereoArrangement.For(layout, width, height);
                StereoJob Draw(bool viewerMoves)
                {
                    var geometry = StereoGeometry.Create(Intrinsics.FromFieldOfView(width, height, 60, null), 63, 3, removeEdges) with { HoleFill = fill };
                    var job = new StereoJob(depth, depth, arrangement) { Geometry = geometry };
                    codes.CopyTo(job.Depth, 0);
                    color.CopyTo(job.Color, 0);
                    new StereoFrameRenderer(depth, depth, arrangement, viewerMoves).Render(job);
                    return job;
                }
                var (bands, whole) = (Draw(viewerMoves: false), Draw(viewerMoves: true));
                string what = $"{layout} {width}x{height} {fill} {removeEdges}";
                Assert.True(whole.Picture.AsSpan().SequenceEqual(bands.Picture), what);
                Assert.True(whole.Mask.AsSpan().SequenceEqual(bands.Mask), what);
                Assert.True(whole.Holes == bands.Holes, what);
                Assert.Contains(bands.Picture, p => (p & 0xFFFFFF) != 0);
            }
    }

    // The middle pixel looks along the axis, so that even a strip is seen; a source of one pixel has no surface.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Pictures_of_180_degrees_are_drawn_from_sources_of_every_size(int width, int height)
    {
        var depth = new DepthVideo { Path = "", Width = width, Height = height, FrameRate = new(25) };
        var (codes, color) = Frame(width, height);
        foreach (var layout in Enum.GetValues<StereoLayout>().Except(Flat))
        {
            var arrangement = StereoArrangement.For(layout, 65, 65);
            var geometry = StereoGeometry.Create(Intrinsics.FromFieldOfView(width, height, 90, null), 63, null, removeEdges: false);
            var job = new StereoJob(depth, depth, arrangement) { Geometry = geometry };
            codes.CopyTo(job.Depth, 0);
            color.CopyTo(job.Color, 0);
            new StereoFrameRenderer(depth, depth, arrangement).Render(job);
            Assert.True(width == 1 || job.Mask.Contains((byte)0), $"{layout} {width}x{height}: nothing is seen");
        }
    }

    // A wall 5 m away with cards before it and a spot without depth, under noise.
    private static (uint[] Codes, uint[] Color) Frame(int width, int height)
    {
        var random = new Random(7);
        var metres = new float[width * height];
        var color = new uint[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                bool isCard = (x / 24 + y / 20) % 3 == 1, isUnknown = x % 97 == 50 && y % 5 == 1;
                metres[y * width + x] = isUnknown ? 0 : isCard ? 1.5f + 0.001f * x : 5;
                color[y * width + x] = (isCard ? 0x4080C0u : 0x908070u) + (uint)random.Next(32) * 0x010101u;
            }
        var codes = new uint[metres.Length];
        DepthCodec.Encode(metres, codes, DepthVideo.DefaultMaxDepth);
        return (codes, color);
    }
}
