using System.Diagnostics;
using MetricDepth.Estimation.MotionStereo;
using MetricDepth.Geometry;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Estimation;

public class DenseReconstructionTests(ITestOutputHelper output)
{
    private static readonly Scene Sparse = Scene.Floor.WithFrameRate(new(4));

    [Fact]
    public void Slanted_floor_and_round_balls_come_out_within_a_few_percent()
    {
        var sequence = new DenseSequence(Sparse, 13);
        var depth = sequence.Match();
        Assert.Equal(13, depth.Length);
        // a sixth of a pixel at this size is 1 % of the middle depth; outlines and the border, which few frames see, cost the rest
        Assert.InRange(sequence.AbsRel(depth[6], 6), 0, 0.035);
        Assert.InRange(sequence.AbsRel(depth[6], 6, (x, y) => x is > 16 and < 144 && y is > 16 and < 104), 0, 0.025);
        Assert.InRange(sequence.AbsRel(depth[0], 0), 0, 0.05);
    }

    [Fact]
    public void A_wall_seen_head_on_is_flat()
    {
        var wall = Scene.Poles.WithCamera("Wall", t => new(Rotation.Identity, new(1.8 + 1.2 * t, -1.6, 1.5))).WithFrameRate(new(10));
        var sequence = new DenseSequence(wall, 9);
        var depth = sequence.Match();
        bool OnWall(int x, int y) => MathF.Abs(sequence[4].Depth[x, y] - 4.5f) < 0.01f && x is > 12 and < 148;
        Assert.InRange(sequence.AbsRel(depth[4], 4, OnWall), 0, 0.02);
    }

    [Fact]
    public void Depth_edges_lie_on_the_edges_of_things()
    {
        var sequence = new DenseSequence(Sparse, 13, 240, 180);
        var depth = sequence.Match()[6];
        var truth = sequence[6].Depth;
        int w = truth.Width, edges = 0, near = 0;
        for (int y = 4; y < truth.Height - 4; y++)
            for (int x = 12; x < w - 12; x++)
            {
                float a = truth[x, y], b = truth[x + 1, y];
                if (Math.Max(a, b) < 1.25f * Math.Min(a, b)) continue;
                edges++;
                float middle = MathF.Sqrt(a * b);
                // the step from one side's depth to the other's, looked for up to two pixels away
                for (int o = -2; o <= 2; o++)
                    if (depth[y * w + x + o] < middle != depth[y * w + x + o + 1] < middle)
                    {
                        near++;
                        break;
                    }
            }
        Assert.True(edges > 100, $"the scene has only {edges} edges");
        Assert.True(near > 0.8 * edges, $"{near} of {edges} edges are within two pixels");
    }

    [Fact]
    public void The_result_is_the_same_to_the_bit_for_any_number_of_threads()
    {
        var sequence = new DenseSequence(Sparse, 12, 96, 72);
        var one = sequence.Match(new() { Threads = 1 });
        var two = sequence.Match(new() { Threads = 2 });
        var five = sequence.Match(new() { Threads = 5 });
        for (int i = 0; i < one.Length; i++)
        {
            Assert.Equal(one[i], two[i]);
            Assert.Equal(one[i], five[i]);
        }
    }

    [Fact]
    public void Frames_go_out_while_others_still_come_in()
    {
        var settings = new MotionStereoSettings { Window = 4, Threads = 1, ViewSpacing = 0 };
        var sequence = new DenseSequence(Sparse, 40, 48, 32);
        int ahead = 0;
        sequence.Matcher(settings).Run(sequence.Read, sequence.ReadAgain, (i, _, _, _) => ahead = Math.Max(ahead, sequence.FramesRead - i), null, TestContext.Current.CancellationToken);
        Assert.Equal(40, sequence.FramesRead);
        // one batch of four, the window of four before and after it, and the reach of the check
        Assert.InRange(ahead, 1, 20);
    }

    [Fact]
    public void The_surer_depth_is_the_more_often_it_is_right()
    {
        var sequence = new DenseSequence(Scene.Room.WithFrameRate(new(8)), 13, 160, 120);
        long[] pixels = new long[3], right = new long[3];
        sequence.Matcher().Run(sequence.Read, sequence.ReadAgain, (frame, _, inverse, confidence) =>
        {
            var truth = sequence[frame].Depth;
            for (int i = 0; i < truth.Data.Length; i++)
            {
                int bin = confidence.Data[i] < 0.4f ? 0 : confidence.Data[i] < 0.85f ? 1 : 2;
                pixels[bin]++;
                // confidence is about the chance to be within 5 %
                if (Math.Abs(1 / inverse.Data[i] - truth.Data[i]) < 0.05 * truth.Data[i]) right[bin]++;
            }
        }, null, TestContext.Current.CancellationToken);
        double[] share = [.. right.Zip(pixels, (r, n) => (double)r / n)];
        output.WriteLine(string.Join(", ", share.Zip(pixels, (s, n) => $"{s:P0} of {n}")));
        Assert.True(pixels.Min() > 2000, string.Join(" ", pixels));
        // 5 % is less than half a pixel in so small a picture, so even the surest miss it at times (29, 52 and 77 % were measured; at twice
        // the size it is what confidence says); each step of confidence is to be worth at least half of what it was
        Assert.InRange(share[0], 0, 0.4);
        Assert.InRange(share[1] - share[0], 0.12, 1);
        Assert.InRange(share[2] - share[1], 0.12, 1);
        Assert.InRange(share[2], 0.7, 1);
    }

    [Fact]
    public void A_slow_camera_needs_no_more_memory_than_a_quick_one()
    {
        int Held(int rate)
        {
            var sequence = new DenseSequence(Scene.Floor.WithFrameRate(new(rate)), 4 * rate, 96, 72);
            var settings = new MotionStereoSettings { Threads = 1 };
            var buffers = new MatchingBuffers(96, 72, settings);
            var dense = new DenseReconstruction(sequence.Motion, settings, buffers);
            int frames = 0;
            dense.Run(sequence.Read, sequence.ReadAgain, (i, _, _, _) => frames = i + 1, null, TestContext.Current.CancellationToken);
            Assert.Equal(4 * rate, frames);
            return buffers.FramesMade;
        }
        int quick = Held(10), slow = Held(50);
        // with every frame held it would be five times as much
        Assert.InRange(slow, 1, 1.5 * quick);
    }

    [Fact]
    public void The_same_place_is_seen_as_well_in_slow_motion()
    {
        double AbsRel(int rate, int frame)
        {
            // a window of frames would not reach far enough: 6 frames at 96 frames a second is an eighth of that at 12
            var sequence = new DenseSequence(Scene.Floor.WithFrameRate(new(rate)), rate + 1, 128, 96);
            return sequence.AbsRel(sequence.Match(new() { Window = 12 })[frame], frame);
        }
        double quick = AbsRel(12, 6), slow = AbsRel(96, 48);
        output.WriteLine($"{quick:F4} at 12 frames a second, {slow:F4} at 96");
        Assert.InRange(slow, 0, 1.15 * quick);
    }

    [Fact]
    public void A_clip_that_begins_and_ends_with_a_still_camera_has_depth_throughout()
    {
        // still for 12 frames, moves for 10, still for 12; the window is too short to see over the still stretches
        var scene = Scene.Floor.WithCamera("Pause", t => new Pose(Rotation.Exp(new(-0.4, 0, 0)), new(0.5 * Math.Clamp(t - 1.2, 0, 1), -1.35, 0))).WithFrameRate(new(10));
        var sequence = new DenseSequence(scene, 34, 128, 96);
        var settings = new MotionStereoSettings { Window = 6 };
        var (_, seed) = sequence.Matcher(settings).Survey(sequence.Read, 4, TestContext.Current.CancellationToken);
        var depth = sequence.Match(settings, seed);
        var errors = new[] { 0, 5, 17, 28, 33 }.Select(i => sequence.AbsRel(depth[i], i)).ToArray();
        Assert.True(errors.Max() < 0.12, string.Join(" ", errors));
    }

    [Fact]
    public void A_survey_tells_the_range_and_the_median()
    {
        var sequence = new DenseSequence(Sparse, 15);
        var (range, _) = sequence.Matcher().Survey(sequence.Read, 4, TestContext.Current.CancellationToken);
        var all = Enumerable.Range(0, 15).SelectMany(i => sequence[i].Depth.Data.Where((_, k) => k % 5 == 0)).Order().ToArray();
        Assert.InRange(range.Median, all[all.Length / 2] * 0.95, all[all.Length / 2] * 1.05);
        Assert.InRange(range.Near, all[0] * 0.8, all[all.Length / 10]);
        Assert.InRange(range.Far, all[all.Length * 9 / 10], all[^1] * 1.2);
    }

    [Fact]
    public void A_camera_that_never_moves_is_reported_as_such()
    {
        var sequence = new DenseSequence(Scene.Still, 6, 64, 48);
        var e = Assert.Throws<MetricDepthException>(() => sequence.Matcher().Survey(sequence.Read, 4, TestContext.Current.CancellationToken));
        Assert.Equal("InsufficientParallax", e.ErrorId);
    }

    [Fact]
    public void Cancelling_stops_within_a_second()
    {
        var sequence = new DenseSequence(Sparse, 14, 320, 240);
        using var stop = new CancellationTokenSource();
        var watch = new Stopwatch();
        Assert.ThrowsAny<OperationCanceledException>(() => sequence.Matcher().Run(color =>
        {
            bool more = sequence.Read(color);
            if (sequence.FramesRead == sequence.Count)
            {
                watch.Start();
                stop.CancelAfter(50);
            }
            return more;
        }, sequence.ReadAgain, (_, _, _, _) => { }, null, stop.Token));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1.5);
    }
}
