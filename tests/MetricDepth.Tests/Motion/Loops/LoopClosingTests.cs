using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Motion;
using MetricDepth.Motion.Loops;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Motion.Loops;

public sealed class LoopClosingTests(ITestOutputHelper output)
{
    private static readonly Lazy<WalkAlongWall> Round = new(() => WalkAlongWall.Past([new(0, 0), new(10, 0), new(10, 10), new(0, 10), new(0, 0), new(3, 0)]));

    [Theory]
    [InlineData(true, 0.0015, 1.0)]
    [InlineData(false, 0.0005, 1.002)]
    public void A_walk_of_forty_metres_that_comes_back_ends_where_it_began(bool hasDepth, double turn, double growth)
    {
        var depth = hasDepth ? DepthTrust.Measured : DepthTrust.None;
        var walk = Round.Value;
        var map = walk.Drifted(depth, turn, growth);
        double before = ErrorOf(map, walk, depth);
        int loops = LoopClosing.Run(map, walk, null, TestContext.Current.CancellationToken);
        double after = ErrorOf(map, walk, depth);
        output.WriteLine($"{depth}: {100 * before:0.0} cm, closed {loops}: {100 * after:0.0} cm");
        Assert.Equal(1, loops);
        // 0.2 px at 260 px focal length and 3 m are 2.3 mm a point; a lap of 80 keyframes, each held to its neighbours by a hundred points,
        // may sag by that much some times over in the middle, where nothing but its neighbours holds it
        Assert.True(before > 0.15, $"drifted by {before} m: nothing to close");
        Assert.True(after < 0.015, $"{after} m off");
    }

    [Fact]
    public void Two_places_painted_alike_are_not_taken_for_one()
    {
        // the paint repeats every six metres
        var walk = WalkAlongWall.Past([new(0, 0), new(16, 0)], (p, _) => p with { X = p.X - 6 * MathF.Floor(p.X / 6) });
        foreach (var depth in new[] { DepthTrust.Measured, DepthTrust.None })
        {
            var map = walk.Drifted(depth, 0, 1);
            var poses = map.Keyframes.Select(k => k.Pose).ToArray();
            Assert.Equal(0, LoopClosing.Run(map, walk, null, TestContext.Current.CancellationToken));
            Assert.Equal(poses, map.Keyframes.Select(k => k.Pose));
        }
    }

    [Fact]
    public void A_look_alike_within_reach_of_the_drift_is_found_out_because_the_path_would_have_to_bend()
    {
        // where the walk ends, 1.5 m from where it began, the wall is painted as at the beginning
        var walk = WalkAlongWall.Past([new(0, 0), new(8, 0), new(8, 8), new(-1.5f, 8), new(-1.5f, 0), new(-0.5f, 0)],
            (p, frame) => frame >= 62 ? p + new Vector2(1.5f, 0) : p);
        var map = walk.Drifted(DepthTrust.Measured, 0, 1);
        var poses = map.Keyframes.Select(k => k.Pose).ToArray();
        var told = new Told();
        Assert.Equal(0, LoopClosing.Run(map, walk, told, TestContext.Current.CancellationToken));
        // it was seen, and refused
        Assert.Contains(told.Messages, m => m.Contains("bent", StringComparison.Ordinal));
        Assert.Equal(poses, map.Keyframes.Select(k => k.Pose));
    }

    private static double ErrorOf(GlobalMap map, WalkAlongWall walk, DepthTrust depth)
    {
        Pose[] poses = [.. map.Keyframes.Select(k => k.Pose)];
        return (depth == DepthTrust.None ? Trajectory.Compare(poses, walk.Truth) : Trajectory.CompareMetric(poses, walk.Truth)).Error;
    }

    private sealed class Told : IProgress<FrameProgress>
    {
        public List<string> Messages { get; } = [];

        public void Report(FrameProgress value)
        {
            if (value.Message is { } m) Messages.Add(m);
        }
    }
}
