using System.Numerics;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Tracking;

public sealed class StartingPointTests
{
    private const int Width = 240, Height = 180;
    private static readonly TexturedPlane Texture = new(4);

    [Fact]
    public void No_point_starts_under_the_mask_and_points_that_get_there_end()
    {
        var mask = new byte[Width * Height];
        for (int y = 0; y < Height; y++) mask.AsSpan(y * Width + 100, 60).Fill(255);
        var tracker = new PointTracker(Width, Height, new() { Every = 1 });
        var starts = new Dictionary<int, Vector2>();
        for (int f = 0; f < 12; f++)
        {
            int frame = f;
            var seen = tracker.Next(Texture.Draw(Width, Height, p => p - new Vector2(4 * frame, 0)), mask);
            for (int i = 0; i < seen.Ids.Length; i++)
            {
                starts.TryAdd(seen.Ids[i], seen.Points[i]);
                Assert.False(seen.Points[i].X is > 100 and < 159, $"point {seen.Ids[i]} at {seen.Points[i]} in frame {f}");
            }
        }
        // some started just left of the mask, and the picture moves right
        Assert.Contains(starts.Values, p => p.X is > 70 and < 96);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Points_start_only_in_the_frames_asked_for(int every)
    {
        var tracker = new PointTracker(Width, Height, new() { Every = every });
        int known = -1;
        for (int f = 0; f < 9; f++)
        {
            int frame = f;
            var seen = tracker.Next(Texture.Draw(Width, Height, p => p - new Vector2(9 * frame, 0)));
            Assert.Equal(f % every == 0, seen.IsKeyframe);
            int newest = seen.Ids[^1];
            // 9 px a frame uncover a new column of grid cells every other frame at the most
            if (f > 0 && f % every != 0) Assert.True(newest <= known, $"point {newest} starts in frame {f}");
            if (f > 0 && f % every == 0 && every > 1) Assert.True(newest > known, $"no point starts in frame {f}");
            known = Math.Max(known, newest);
        }
    }

    [Fact]
    public void A_grid_starts_at_its_nodes_and_is_renewed_where_it_has_emptied()
    {
        const int step = 16;
        var tracker = new PointTracker(Width, Height, new() { Grid = step, Every = 1 });
        var first = tracker.Next(Texture.Draw(Width, Height, p => p));
        // every node of the textured picture, up to the margin that a patch needs
        Assert.True(first.Points.Length > 0.9 * (Width - 18) * (Height - 18) / (step * step), $"{first.Points.Length} points");
        Assert.All(first.Points, p => Assert.Equal(Vector2.Zero, new Vector2((p.X - first.Points[0].X) % step, (p.Y - first.Points[0].Y) % step)));
        TrackedFrame last = first;
        for (int f = 1; f < 10; f++)
        {
            int frame = f;
            last = tracker.Next(Texture.Draw(Width, Height, p => p - new Vector2(7 * frame, 0)));
        }
        // 63 px have come in at the left: their columns hold points again, none of them old
        var fresh = last.Points.Where((p, i) => p.X < 55).ToArray();
        Assert.True(fresh.Length > 0.8 * (55 - 9) / step * (Height - 18) / step, $"{fresh.Length} new points");
        Assert.All(last.Ids.Where((id, i) => last.Points[i].X < 55), id => Assert.True(id > first.Ids[^1]));
    }

    [Fact]
    public void A_cut_starts_new_points_after_a_while()
    {
        var other = new TexturedPlane(9);
        var tracker = new PointTracker(Width, Height, new() { RestartAfter = 3, MinPoints = 1 });
        var before = tracker.Next(Texture.Draw(Width, Height, p => p));
        Assert.True(tracker.Next(other.Draw(Width, Height, p => p)).IsLost);
        Assert.True(tracker.Next(other.Draw(Width, Height, p => p)).IsLost);
        var after = tracker.Next(other.Draw(Width, Height, p => p));
        Assert.False(after.IsLost);
        Assert.True(after.Ids[0] > before.Ids[^1]);
        Assert.Equal(0, tracker.LostInARow);
    }
}
