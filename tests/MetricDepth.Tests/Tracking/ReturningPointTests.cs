using System.Numerics;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Tracking;

public sealed class ReturningPointTests
{
    private const int Width = 320, Height = 240, Bar = 70;
    private static readonly TexturedPlane Wall = new(1), Passer = new(12), Other = new(17);
    private static readonly Vector2 Pan = new(1.3f, 0.4f);

    [Fact]
    public void Points_behind_a_passer_by_come_back_under_their_own_numbers()
    {
        const int frames = 40;
        var seen = Film(frames, Wall, null);
        var first = seen[0];
        // the bar has passed over this stretch of the wall in the meantime
        var hidden = Enumerable.Range(0, first.Ids.Length)
            .Where(i => first.Points[i].X is > 60 and < 150 && seen.Any(s => s.IndexOf(first.Ids[i]) < 0)).ToArray();
        Assert.True(hidden.Length > 20, $"{hidden.Length} points were hidden");
        var errors = new List<float>();
        foreach (int i in hidden)
            if (seen[^1].IndexOf(first.Ids[i]) is >= 0 and int at) errors.Add(Vector2.Distance(seen[^1].Points[at], first.Points[i] + Pan * (frames - 1)));
        errors.Sort();
        Assert.True(errors.Count >= 0.7 * hidden.Length, $"{errors.Count} of {hidden.Length} are back");
        // back on the same spot, not on a neighbour that looks alike
        Assert.True(errors[errors.Count / 2] < 0.1, $"median {errors[errors.Count / 2]} px");
        Assert.True(errors[^1] < 1, $"worst {errors[^1]} px");
    }

    [Fact]
    public void A_point_does_not_come_back_where_something_else_is_now()
    {
        var seen = Film(40, Wall, Other);
        var first = seen[0];
        var before = Enumerable.Range(0, first.Ids.Length).Where(i => first.Points[i].X is > 60 and < 150).Select(i => first.Ids[i]).ToArray();
        Assert.True(before.Length > 20, $"{before.Length} points");
        // the wall behind the passer-by has been papered anew: none of the old points is there
        int back = before.Count(id => seen[^1].IndexOf(id) >= 0);
        Assert.True(back == 0, $"{back} of {before.Length} points are said to be back");
    }

    [Fact]
    public void Tracks_go_on_after_a_few_black_frames_while_the_camera_pans()
    {
        var tracker = new PointTracker(Width, Height, new() { Memory = 75 });
        var black = new byte[Width * Height];
        var step = new Vector2(6, 2);
        TrackedFrame before = tracker.Next(Wall.Draw(Width, Height, p => p)), after = before;
        for (int f = 1; f < 16; f++)
        {
            int frame = f;
            after = tracker.Next(f is >= 6 and < 11 ? black : Wall.Draw(Width, Height, p => p - step * frame));
            Assert.Equal(f is >= 6 and < 11, after.IsLost);
        }
        // 90 px to the right: the rest has left the picture
        var inside = Enumerable.Range(0, before.Ids.Length).Where(i => before.Points[i].X < Width - 100 && before.Points[i].Y < Height - 40).ToArray();
        int common = inside.Count(i => after.IndexOf(before.Ids[i]) is >= 0 and int at && Vector2.Distance(after.Points[at], before.Points[i] + step * 15) < 0.5f);
        Assert.True(common > 0.8 * inside.Length, $"{common} of {inside.Length} go on");
    }

    [Fact]
    public void Tracks_go_on_after_a_blurred_stretch()
    {
        var tracker = new PointTracker(Width, Height, new() { Memory = 75 });
        var step = new Vector2(2, 1);
        TrackedFrame before = tracker.Next(Wall.Draw(Width, Height, p => p)), after = before;
        for (int f = 1; f < 16; f++)
        {
            int frame = f;
            var sharp = Wall.Draw(Width, Height, p => p - step * frame);
            after = tracker.Next(f is >= 6 and < 11 ? Blur(sharp, 11) : sharp);
        }
        var inside = Enumerable.Range(0, before.Ids.Length).Where(i => before.Points[i].X < Width - 40 && before.Points[i].Y < Height - 25).ToArray();
        int common = inside.Count(i => after.IndexOf(before.Ids[i]) is >= 0 and int at && Vector2.Distance(after.Points[at], before.Points[i] + step * 15) < 0.5f);
        Assert.True(common > 0.8 * inside.Length, $"{common} of {inside.Length} go on");
    }

    // a bar with its own texture passes from left to right over the panning wall; behind it there may be another wall
    private static TrackedFrame[] Film(int frames, TexturedPlane wall, TexturedPlane? behind)
    {
        var tracker = new PointTracker(Width, Height, new() { Memory = 75 });
        return Enumerable.Range(0, frames).Select(f =>
        {
            float left = -Bar + 9f * f;
            var picture = wall.Draw(Width, Height, p => p - Pan * f);
            var bar = Passer.Draw(Width, Height, p => p - new Vector2(left, 0));
            var after = behind?.Draw(Width, Height, p => p - Pan * f);
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width && x < left + Bar; x++)
                {
                    if (x >= left) picture[y * Width + x] = bar[y * Width + x];
                    else if (after is not null) picture[y * Width + x] = after[y * Width + x];
                }
            return tracker.Next(picture);
        }).ToArray();
    }

    // the camera swings sideways during the exposure
    private static byte[] Blur(byte[] picture, int length)
    {
        var blurred = new byte[picture.Length];
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                int sum = 0;
                for (int i = -length / 2; i <= length / 2; i++) sum += picture[y * Width + Math.Clamp(x + i, 0, Width - 1)];
                blurred[y * Width + x] = (byte)(sum / length);
            }
        return blurred;
    }
}
