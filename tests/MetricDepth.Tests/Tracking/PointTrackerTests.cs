using System.Numerics;
using MetricDepth.Imaging;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Tracking;

public sealed class PointTrackerTests
{
    private const int Width = 240, Height = 180;
    private static readonly TexturedPlane Texture = new(1);

    [Theory]
    [InlineData(0.3f, -0.7f, 1f, 0f)]
    [InlineData(7.25f, 3.5f, 1f, 0f)]
    [InlineData(-21.4f, 13.8f, 1f, 0f)]
    [InlineData(2.6f, -1.1f, 0.7f, 25f)] // the exposure changes
    public void A_shift_is_found_to_a_small_part_of_a_pixel(float dx, float dy, float gain, float offset)
    {
        var shift = new Vector2(dx, dy);
        const int width = 320, height = 240, margin = 70; // coarse levels must not see the picture's edge
        ImagePyramid from = new(width, height, 4), to = new(width, height, 4);
        from.Load(Texture.Draw(width, height, p => p));
        to.Load(Texture.Draw(width, height, p => p - shift, gain, offset));
        var points = new List<Vector2>();
        for (int y = margin; y < height - margin; y += 15)
            for (int x = margin; x < width - margin; x += 15) points.Add(new(x + 0.37f, y + 0.81f));
        var found = new Vector2[points.Count];
        var valid = new bool[points.Count];
        KltTracker.Track(from, to, [.. points], [.. points], found, valid, points.Count);
        var errors = found.Select((f, i) => Vector2.Distance(f, points[i] + shift)).Where((_, i) => valid[i]).Order().ToArray();
        // smooth texture: nearly every point is found; rounding to whole grey levels and bilinear sampling cost a few hundredths
        Assert.True(errors.Length >= 0.9 * points.Count, $"{errors.Length} of {points.Count} found");
        Assert.True(errors[errors.Length / 2] < 0.03, $"median {errors[errors.Length / 2]} px");
        Assert.True(errors[(int)(errors.Length * 0.95)] < 0.15, $"95th percentile {errors[(int)(errors.Length * 0.95)]} px");
    }

    [Fact]
    public void Points_do_not_drift_while_the_picture_turns_and_grows()
    {
        const int frames = 25;
        var centre = new Vector2(Width / 2f, Height / 2f);
        Vector2 Move(Vector2 p, int frame, int sign)
        {
            float angle = sign * 0.008f * frame, scale = MathF.Pow(1.006f, sign * frame);
            var (s, c) = MathF.SinCos(angle);
            var d = p - centre;
            return centre + new Vector2(c * d.X - s * d.Y, s * d.X + c * d.Y) * scale;
        }
        var tracker = new PointTracker(Width, Height, new());
        TrackedFrame? first = null, last = null;
        for (int f = 0; f < frames; f++)
        {
            int frame = f;
            last = tracker.Next(Texture.Draw(Width, Height, p => Move(p, frame, -1)));
            first ??= last;
        }
        var errors = new List<float>();
        for (int i = 0; i < first!.Ids.Length; i++)
            if (last!.IndexOf(first.Ids[i]) is >= 0 and int j)
                errors.Add(Vector2.Distance(last.Points[j], Move(first.Points[i], frames - 1, 1)));
        errors.Sort();
        Assert.True(errors.Count > 40, $"{errors.Count} points live through the clip");
        // following from frame to frame alone is off by several tenths by then
        Assert.True(errors[errors.Count / 2] < 0.12, $"median {errors[errors.Count / 2]} px");
    }

    [Fact]
    public void Points_are_found_again_after_a_flash()
    {
        var tracker = new PointTracker(Width, Height, new());
        var before = tracker.Next(Texture.Draw(Width, Height, p => p));
        var flash = new byte[Width * Height];
        Array.Fill(flash, (byte)255);
        Assert.True(tracker.Next(flash).IsLost);
        Assert.True(tracker.Next(flash).IsLost);
        Assert.Equal(2, tracker.LostInARow);
        var after = tracker.Next(Texture.Draw(Width, Height, p => p - new Vector2(3, 1)));
        Assert.Equal(0, tracker.LostInARow);
        int common = before.Ids.Count(id => after.IndexOf(id) >= 0);
        Assert.True(common > 0.8 * before.Ids.Length, $"{common} of {before.Ids.Length} found again");
    }

    [Fact]
    public void A_picture_without_detail_gives_no_points()
    {
        var random = new Random(3);
        var tracker = new PointTracker(Width, Height, new());
        var noise = new byte[Width * Height];
        for (int f = 0; f < 3; f++)
        {
            // a lens cap: black with a little camera noise
            for (int i = 0; i < noise.Length; i++) noise[i] = (byte)(16 + random.Next(3));
            Assert.True(tracker.Next(noise).IsLost);
        }
        Assert.False(tracker.HasStarted);
    }

    [Fact]
    public async Task Tracks_do_not_depend_on_the_number_of_threads()
    {
        var many = Follow();
        var one = await Task.Factory.StartNew(Follow, TestContext.Current.CancellationToken, TaskCreationOptions.None,
            new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, 1).ConcurrentScheduler);
        for (int f = 0; f < many.Length; f++)
        {
            Assert.Equal(many[f].Ids, one[f].Ids);
            Assert.Equal(many[f].Points, one[f].Points);
        }
    }

    private static TrackedFrame[] Follow()
    {
        var tracker = new PointTracker(Width, Height, new());
        return Enumerable.Range(0, 6).Select(f => tracker.Next(Texture.Draw(Width, Height, p => p - new Vector2(2.3f, 1.1f) * f))).ToArray();
    }
}
