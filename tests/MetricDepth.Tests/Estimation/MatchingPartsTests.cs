using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;

namespace MetricDepth.Tests.Estimation;

public class MatchingPartsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(33, 9)]
    [InlineData(70, 20)]
    public void Census_is_the_textbook_census(int width, int height)
    {
        var luma = Noise(width, height, 1);
        var census = new Plane<uint>(width, height);
        CensusCost.Transform(luma, census);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                uint expected = 0;
                int bit = 0;
                for (int dy = -3; dy <= 0; dy++)
                    for (int dx = -4; dx <= (dy < 0 ? 4 : -1); dx++, bit++)
                        if (At(x + dx, y + dy) > At(x - dx, y - dy)) expected |= 1u << bit;
                Assert.Equal(expected, census[x, y]);
            }

        byte At(int x, int y) => luma[Math.Clamp(x, 0, width - 1), Math.Clamp(y, 0, height - 1)];
    }

    [Fact]
    public void Exposure_does_not_change_the_census()
    {
        var luma = Noise(40, 30, 2);
        var darker = new Plane<byte>(40, 30);
        for (int i = 0; i < luma.Data.Length; i++) darker.Data[i] = (byte)(luma.Data[i] / 2 * 2 / 2 + 20);
        for (int i = 0; i < luma.Data.Length; i++) luma.Data[i] = (byte)(luma.Data[i] / 2 * 2);
        var (a, b) = (new Plane<uint>(40, 30), new Plane<uint>(40, 30));
        CensusCost.Transform(luma, a);
        CensusCost.Transform(darker, b);
        Assert.Equal(a.Data, b.Data);
    }

    [Fact]
    public void A_sweep_costs_nothing_where_the_depth_is_right()
    {
        // the second view is the first moved by three pixels: f b w = 3
        const int width = 64, height = 24;
        var camera = Intrinsics.FromFieldOfView(width, height, 63, null);
        var first = Noise(width, height, 3);
        var second = new Plane<byte>(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) second[x, y] = first[Math.Min(x + 3, width - 1), y];
        var (a, b) = (new Plane<uint>(width, height), new Plane<uint>(width, height));
        CensusCost.Transform(first, a);
        CensusCost.Transform(second, b);
        var planes = new DepthPlanes(0.1f, 0.1f, 32);
        double baseline = 3 / (camera.Fx * planes.InverseDepth(9));
        var warp = new PlaneWarp(Pose.Identity, new(Rotation.Identity, new(baseline, 0, 0)), camera);
        var volume = new byte[width * height * planes.Count];
        PlaneSweep.Fill(a, [b], [warp], planes, volume, TestContext.Current.CancellationToken);
        for (int y = 0; y < height; y++)
            for (int x = 12; x < width - 8; x++)
            {
                var costs = volume.AsSpan((y * width + x) * planes.Count, planes.Count);
                Assert.Equal(0, costs[9]);
                Assert.True(costs[20] > 3, $"{x},{y}: {costs[20]}");
            }
        // what lies outside the other view at every depth costs the same everywhere
        var outside = new PlaneWarp(Pose.Identity, new(Rotation.Identity, new(1000, 0, 0)), camera);
        PlaneSweep.Fill(a, [b], [outside], planes, volume, TestContext.Current.CancellationToken);
        Assert.Single(volume.Distinct());
    }

    [Fact]
    public void Warps_are_projections()
    {
        var camera = Intrinsics.FromFieldOfView(640, 480, 63, 50);
        var from = new Pose(Rotation.Exp(new(0.1, -0.2, 0.05)), new(0.3, 0.1, -0.2));
        var to = new Pose(Rotation.Exp(new(-0.1, 0.15, 0.2)), new(-0.1, 0.2, 0.1));
        var (u, v, ratio) = new PlaneWarp(from, to, camera).Project(100, 300, 1 / 2.5f);
        var point = to.Inverse * (from * new Vector3((100 - camera.Cx) / camera.Fx * 2.5, (300 - camera.Cy) / camera.Fy * 2.5, 2.5));
        Assert.Equal(camera.Fx * point.X / point.Z + camera.Cx, u, 0.01);
        Assert.Equal(camera.Fy * point.Y / point.Z + camera.Cy, v, 0.01);
        Assert.Equal(point.Z / 2.5, ratio, 1e-5);
    }

    [Fact]
    public void Aggregation_agrees_with_a_plain_one()
    {
        const int width = 19, height = 11, planes = 64;
        var settings = new MotionStereoSettings();
        var random = new Random(5);
        var volume = new byte[width * height * planes];
        for (int i = 0; i < volume.Length; i++) volume[i] = (byte)random.Next(PlaneSweep.MaxCost + 1);
        var luma = Noise(width, height, 6);
        var expected = PlainAggregation.Run(volume, width, height, planes, luma, settings);
        var depths = new DepthPlanes(1, 1, planes);
        var (depth, confidence) = (new Plane<float>(width, height), new Plane<float>(width, height));
        new SemiGlobalAggregation(width, height, planes, settings).Run(volume, planes, luma, new(depths, depth, confidence), TestContext.Current.CancellationToken);
        var (plainDepth, plainConfidence) = (new Plane<float>(width, height), new Plane<float>(width, height));
        var select = new DepthSelection(depths, plainDepth, plainConfidence);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) select.Select(expected.AsSpan((y * width + x) * planes, planes), x, y);
        Assert.Equal(plainDepth.Data, depth.Data);
        Assert.Equal(plainConfidence.Data, confidence.Data);
    }

    [Fact]
    public void A_depth_between_two_planes_is_found_between_them()
    {
        var (depth, confidence) = (new Plane<float>(1, 1), new Plane<float>(1, 1));
        var costs = new ushort[32];
        for (int d = 0; d < 32; d++) costs[d] = (ushort)(100 + 40 * Math.Abs(d - 10.25));
        new DepthSelection(new(0, 1, 32), depth, confidence).Select(costs, 0, 0);
        Assert.Equal(10.25, depth[0, 0], 0.02);
        Assert.Equal(1, confidence[0, 0]);
        // a rival as cheap elsewhere leaves no confidence, and the nearest plane of all is no answer
        costs[25] = costs.Min();
        new DepthSelection(new(0, 1, 32), depth, confidence).Select(costs, 0, 0);
        Assert.Equal(0, confidence[0, 0]);
        Array.Sort(costs, (a, b) => b.CompareTo(a));
        costs[31] = 0;
        new DepthSelection(new(0, 1, 32), depth, confidence).Select(costs, 0, 0);
        Assert.Equal(0, depth[0, 0]);
    }

    [Fact]
    public void Neighbours_come_from_both_sides_at_several_baselines_and_never_without_parallax()
    {
        var camera = Intrinsics.FromFieldOfView(512, 384, 63, null);
        var settings = new MotionStereoSettings();
        var motion = Moving(camera, 81, i => new(0.01 * i, 0, 0));
        var views = new ViewSelection(motion, camera, settings);
        int window = NeighbourSelection.Window(views, motion, camera, settings);
        var chosen = NeighbourSelection.Choose(40, views.Before(40, window), views.After(40, window), motion, camera, _ => 1, settings);
        Assert.Equal(6, chosen.Count);
        Assert.Equal(3, chosen.Count(c => c.Index < 40));
        Assert.InRange(chosen.Max(c => c.Span), settings.ParallaxSpan * 0.7, settings.ParallaxSpan * 1.3);
        Assert.InRange(chosen.Min(c => c.Span), settings.MinimumSpan, settings.ParallaxSpan * 0.6);
        Assert.All(NeighbourSelection.Choose(0, [], views.After(0, window), motion, camera, _ => 1, settings), c => Assert.True(c.Index > 0));
        var still = Moving(camera, 81, _ => default);
        Assert.Empty(NeighbourSelection.Choose(40, Frames(0, 40), Frames(41, 40), still, camera, _ => 1, settings));
    }

    [Fact]
    public void Sharper_frames_are_preferred()
    {
        var camera = Intrinsics.FromFieldOfView(512, 384, 63, null);
        var motion = Moving(camera, 41, i => new(0.02 * i, 0, 0));
        var chosen = NeighbourSelection.Choose(20, Frames(0, 20), Frames(21, 20), motion, camera, j => j % 2 == 0 ? 10 : 2, new());
        Assert.All(chosen, c => Assert.Equal(0, c.Index % 2));
    }

    [Fact]
    public void A_slow_camera_has_few_views_and_a_pause_none()
    {
        var camera = Intrinsics.FromFieldOfView(512, 384, 63, null);
        var settings = new MotionStereoSettings();
        // 10 mm a frame, then a sixth of that, then a pause, then on
        static double At(int i) => i < 100 ? 0.01 * i : i < 700 ? 1 + 0.01 / 6 * (i - 100) : i < 1000 ? 2 : 2 + 0.01 * (i - 1000);
        var motion = Moving(camera, 1100, i => new(At(i), 0, 0));
        var views = new ViewSelection(motion, camera, settings);
        Assert.False(views.IsEveryFrame);
        Assert.Equal(100, views.CountBefore(100));
        Assert.InRange(views.CountBefore(700) - 100, 100, 250);
        Assert.InRange(views.CountBefore(1000) - views.CountUpTo(700), 0, 1);
        Assert.Equal(views.CountBefore(1000) + 100, views.Count, 1.0);
        // so that everybody finds the same neighbours in metres, with the same memory
        int window = NeighbourSelection.Window(views, motion, camera, settings);
        Assert.InRange(window, 10, settings.Window);
        double Reach(int frame) => NeighbourSelection.Choose(frame, views.Before(frame, window), views.After(frame, window), motion, camera, _ => 1, settings)
            .Max(n => Math.Abs(At(n.Index) - At(frame)));
        Assert.Equal(Reach(50), Reach(400), 0.02);
        Assert.Equal(Reach(50), Reach(850), 0.02);
    }

    [Fact]
    public void A_camera_that_only_turns_still_has_views_of_what_it_turns_to()
    {
        var camera = Intrinsics.FromFieldOfView(512, 384, 63, null);
        var motion = Moving(camera, 90, _ => default) with { Poses = [.. Enumerable.Range(0, 90).Select(i => new Pose(Rotation.Exp(new(0, i * Math.PI / 180, 0)), default))] };
        var views = new ViewSelection(motion, camera, new());
        // 63 degrees wide, and overlap is measured in sevenths of it: a new view every 9 to 18 degrees
        Assert.InRange(views.Count, 6, 11);
        Assert.Equal((null, 0), (views.Beside(views[0], -1), views.Beside(views[1], -1)));
        Assert.Equal(views[2], views.Beside(views[1] + 1, 1));
        Assert.Null(views.Beside(views[views.Count - 1], 1));
    }

    private static int[] Frames(int first, int count) => [.. Enumerable.Range(first, count)];

    private static CameraMotion Moving(Intrinsics camera, int frames, Func<int, Vector3> at) => new()
    {
        Intrinsics = camera,
        FieldOfViewEstimated = false,
        Poses = [.. Enumerable.Range(0, frames).Select(i => new Pose(Rotation.Identity, at(i)))],
        SceneDepths = [.. Enumerable.Repeat(new SceneDepth(1, 2, 4, 100), frames)],
        ReprojectionError = 0,
        Parallax = 0,
        InlierShare = 1,
    };

    private static Plane<byte> Noise(int width, int height, int seed)
    {
        var p = new Plane<byte>(width, height);
        new Random(seed).NextBytes(p.Data);
        return p;
    }
}
