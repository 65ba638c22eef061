using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Tests.Estimation;

public class CompletionTests
{
    private const int Width = 80, Height = 60;
    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 63, null);

    [Fact]
    public void Sparse_depth_fills_each_colour_and_does_not_bleed_into_the_next()
    {
        var (color, depth, trust) = TwoHalves();
        var random = new Random(4);
        for (int i = 0; i < 60; i++)
        {
            int x = random.Next(Width), y = random.Next(Height);
            depth[x, y] = x < Width / 2 ? 1f : 0.25f;
            trust[x, y] = 1;
        }
        new DepthCompletion(Width, Height, new()).Complete(color, depth, trust);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                Assert.Equal(x < Width / 2 ? 1 : 0.25, depth[x, y], x < Width / 2 ? 0.05 : 0.02);
    }

    [Fact]
    public void Unsure_depth_gives_way_to_sure_depth_of_the_same_colour()
    {
        var (color, depth, trust) = TwoHalves();
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                bool wrong = (x / 5 + y / 5) % 3 == 0;
                depth[x, y] = wrong ? 3 : 0.5f;
                trust[x, y] = wrong ? 0.0005f : 0.8f;
            }
        new DepthCompletion(Width, Height, new()).Complete(color, depth, trust);
        Assert.All(depth.Data, d => Assert.Equal(0.5, d, 0.02));
    }

    [Fact]
    public void A_near_thing_grown_fat_shrinks_to_its_colour()
    {
        // the picture shows a bar from 35 to 45; matching made it three pixels wider on both sides
        var color = new Plane<uint>(Width, Height);
        var depth = new Plane<float>(Width, Height);
        var trust = new Plane<float>(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                color[x, y] = x is >= 35 and < 45 ? 0xA06030u : 0x3060A0u;
                depth[x, y] = x is >= 32 and < 48 ? 1 : 0.4f;
                trust[x, y] = 0.9f;
            }
        ForegroundFattening.Doubt(depth, trust, 3, new(Width, Height));
        Assert.Equal((0.9f, 0.9f), (trust[20, 30], trust[40, 30]));
        new DepthCompletion(Width, Height, new()).Complete(color, depth, trust);
        for (int x = 0; x < Width; x++) Assert.Equal(x is >= 35 and < 45 ? 1 : 0.4, depth[x, 30], 0.05);
    }

    [Fact]
    public void A_slope_stays_a_slope()
    {
        var color = new Plane<uint>(Width, Height);
        var depth = new Plane<float>(Width, Height);
        var trust = new Plane<float>(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                depth[x, y] = 0.3f + 0.005f * y;
                trust[x, y] = 1;
            }
        new DepthCompletion(Width, Height, new()).Complete(color, depth, trust);
        for (int y = 8; y < Height - 8; y++) Assert.Equal(0.3 + 0.005 * y, depth[Width / 2, y], 0.015);
    }

    [Fact]
    public void Enlarged_depth_steps_where_the_large_picture_does()
    {
        // the small picture's step lies between its columns 9 and 10; in the large one it lies two pixels off the fourfold place
        var small = new Plane<float>(20, 4);
        var smallColor = new Plane<uint>(20, 4);
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 20; x++) (small[x, y], smallColor[x, y]) = x < 10 ? (1f, 0x202020u) : (0.4f, 0xE0E0E0u);
        var color = new Plane<uint>(80, 16);
        var large = new Plane<float>(80, 16);
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 80; x++) color[x, y] = x < 41 ? 0x202020u : 0xE0E0E0u;
        GuidedUpsampling.Run(small, smallColor, color, large, 2, TestContext.Current.CancellationToken);
        for (int y = 0; y < 16; y++)
            for (int x = 0; x < 80; x++) Assert.Equal(x < 41 ? 1f : 0.4f, large[x, y], 1e-6);
    }

    [Fact]
    public void Views_that_agree_make_sure_and_views_that_do_not_leave_doubt()
    {
        var own = Matched(0, 0.5f);
        var same = Matched(1, 0.51f);
        var other = Matched(2, 0.9f);
        var (depth, trust) = (new Plane<float>(Width, Height), new Plane<float>(Width, Height));
        var here = new PlaneWarp(Pose.Identity, Pose.Identity, Camera);
        double share = CrossViewCheck.Run(own, [same, same], [here, here], 0.04f, depth, trust);
        Assert.Equal(1, share);
        Assert.Equal(0.506, depth[40, 30], 0.002);
        Assert.True(trust[40, 30] > 0.8);
        share = CrossViewCheck.Run(own, [other, other], [here, here], 0.04f, depth, trust);
        Assert.Equal(0, share);
        Assert.Equal(0.5f, depth[40, 30]);
        Assert.True(trust[40, 30] < 0.01);
    }

    [Fact]
    public void Time_calms_noise_but_lets_steps_stand()
    {
        var previous = Key((_, _) => 0.5f, 0.9f);
        var now = Key((x, _) => x < 40 ? 0.505f : 0.8f, 0.9f);
        Blend(now, previous, new(Pose.Identity, Pose.Identity, Camera));
        Assert.InRange(now.InverseDepth[20, 30], 0.5f, 0.503f);
        Assert.Equal(0.8f, now.InverseDepth[60, 30]);
    }

    [Fact]
    public void Time_follows_the_camera()
    {
        // a wall at 2 m; the camera steps 10 cm towards it: the earlier frame's depth must not pull the new one back
        var previous = Key((_, _) => 1 / 2f, 0.9f);
        var now = Key((_, _) => 1 / 1.9f, 0.9f);
        Blend(now, previous, new(new(Rotation.Identity, new(0, 0, 0.1)), Pose.Identity, Camera));
        Assert.All(now.InverseDepth.Data, d => Assert.Equal(1 / 1.9, d, 1e-5));
    }

    [Fact]
    public void A_guess_follows_what_was_measured_before_of_the_same_thing()
    {
        var previous = Key((_, _) => 0.5f, 0.9f);
        var now = Key((_, _) => 0.8f, 0.1f);
        // the right half shows something else now
        for (int y = 0; y < Height; y++)
            for (int x = Width / 2; x < Width; x++) now.Color[x, y] = 0xFF8040;
        Blend(now, previous, new(Pose.Identity, Pose.Identity, Camera));
        Assert.InRange(now.InverseDepth[20, 30], 0.5f, 0.65f);
        Assert.InRange(now.Confidence[20, 30], 0.3f, 0.9f);
        Assert.Equal((0.8f, 0.1f), (now.InverseDepth[60, 30], now.Confidence[60, 30]));
        // what was guessed before is no better than the guess now
        var guessed = Key((_, _) => 0.5f, 0.1f);
        var again = Key((_, _) => 0.8f, 0.1f);
        Blend(again, guessed, new(Pose.Identity, Pose.Identity, Camera));
        Assert.InRange(again.InverseDepth[20, 30], 0.6f, 0.75f);
        Assert.Equal(0.1f, again.Confidence[20, 30], 1e-3);
    }

    [Fact]
    public void Carried_depth_turns_with_the_camera()
    {
        // a wall at 2 m on the left, 4 m on the right of the middle; the camera turns by 10 pixels
        var known = Key((x, _) => x < 40 ? 0.5f : 0.25f, 0);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++) known.Confidence[x, y] = x < 40 ? 0.9f : 0.2f;
        var turned = new Pose(Rotation.Exp(new(0, Math.Atan(10 / Camera.Fx), 0)), default);
        var (carried, sure) = (new Plane<float>(Width, Height), new Plane<float>(Width, Height));
        TemporalFilter.Carry(carried, sure, known, new(turned, Pose.Identity, Camera));
        Assert.Equal(0.5, carried[26, 30], 0.06);
        Assert.Equal(0.25, carried[34, 30], 0.03);
        Assert.Equal((0.9f, 0.2f), (sure[26, 30], sure[34, 30]));
    }

    [Fact]
    public void Depth_that_other_frames_measured_alike_is_sure_and_a_guess_is_not()
    {
        var own = Matched(0, 0.5f);
        MatchedDepth[] others = [Matched(1, 0.5f), Matched(2, 0.5f), Matched(3, 0.5f)];
        var warps = others.Select(_ => new PlaneWarp(Pose.Identity, Pose.Identity, Camera)).ToArray();
        var (depth, sure) = (new Plane<float>(Width, Height), new Plane<float>(Width, Height));
        // the completion kept the match on the left, made something up in the middle, and left a hole on the right
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++) depth[x, y] = x < 30 ? 0.5f : x < 60 ? 0.7f : 0;
        DepthConfirmation.Rate(depth, own, others, warps, 0.04f, sure);
        Assert.InRange(sure[10, 30], 0.9f, 1);
        Assert.InRange(sure[45, 30], 0, 0.25f);
        Assert.Equal(0, sure[70, 30]);
        // nobody else to ask: neither sure nor refuted
        DepthConfirmation.Rate(depth, own, [], [], 0.04f, sure);
        Assert.InRange(sure[10, 30], 0.5f, 0.85f);
    }

    private static KeyDepth Key(Func<int, int, float> depth, float confidence)
    {
        var key = new KeyDepth(0, Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++) key.InverseDepth[x, y] = depth(x, y);
        key.Confidence.Span.Fill(confidence);
        key.Color.Span.Fill(0x203040);
        return key;
    }

    private static void Blend(KeyDepth now, KeyDepth previous, PlaneWarp warp) =>
        TemporalFilter.Blend(now.InverseDepth, now.Confidence, now.Color, previous, warp, new(), TestContext.Current.CancellationToken);

    [Fact]
    public void Texture_is_the_mean_difference_in_the_window()
    {
        var luma = new Plane<byte>(13, 9);
        new Random(3).NextBytes(luma.Data);
        var texture = new Plane<float>(13, 9);
        ImageFilters.Texture(luma, 2, texture);
        for (int y = 0; y < 9; y++)
            for (int x = 0; x < 13; x++)
            {
                double sum = 0;
                int count = 0;
                for (int v = Math.Max(0, y - 2); v <= Math.Min(8, y + 2); v++)
                    for (int u = Math.Max(0, x - 2); u <= Math.Min(12, x + 2); u++, count++)
                        sum += Math.Abs(luma[u, v] - luma[Math.Min(u + 1, 12), v]) + Math.Abs(luma[u, v] - luma[u, Math.Min(v + 1, 8)]);
                Assert.Equal(sum / count, texture[x, y], 1e-3);
            }
    }

    private static (Plane<uint> Color, Plane<float> Depth, Plane<float> Trust) TwoHalves()
    {
        var color = new Plane<uint>(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++) color[x, y] = x < Width / 2 ? 0x3060A0u : 0xA06030u;
        return (color, new(Width, Height), new(Width, Height));
    }

    private static MatchedDepth Matched(int index, float inverseDepth)
    {
        var m = new MatchedDepth(Width, Height) { Index = index, IsMatched = true };
        m.InverseDepth.Span.Fill(inverseDepth);
        m.Confidence.Span.Fill(0.8f);
        return m;
    }
}
