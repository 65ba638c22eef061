using System.Numerics;
using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Tests.Motion;
using MetricDepth.Tracking;

namespace MetricDepth.Tests.Tracking;

public sealed class TrackTruthTests
{
    private const int Frames = 31;

    public static TheoryData<string> Clips => ["Room", "Floor", "Turning", "Runner"];

    [Theory]
    [MemberData(nameof(Clips))]
    public void Points_stay_on_their_surface_and_live_for_thirty_frames(string name)
    {
        var scene = name switch { "Room" => Scene.Room, "Floor" => Scene.Floor, "Runner" => Scene.Runner, _ => Scene.Turning };
        var tracker = new PointTracker(Filmed.Width, Filmed.Height, new());
        var seen = Filmed.Film(scene, Frames).Select(g => tracker.Next(g)).ToArray();
        var first = seen[0];
        Assert.True(first.Ids.Length > 150, $"{first.Ids.Length} points");
        var truth = TrackTruth.Compare(scene.Track(Frames, Filmed.Camera, first.Points),
            (f, i) => seen[f].IndexOf(first.Ids[i]) is >= 0 and int at ? seen[f].Points[at] : null);
        // the two figures that the tracker is held to; corners on silhouettes, which no surface owns, are counted in
        Assert.True(truth.MeanError <= 0.3, $"{name}: {truth}");
        Assert.True(truth.Alive >= 0.9, $"{name}: {truth}");
    }

    [Fact]
    public void A_point_lives_until_it_leaves_the_picture()
    {
        const int width = 240, height = 180;
        var texture = new TexturedPlane(6);
        var tracker = new PointTracker(width, height, new());
        var first = tracker.Next(texture.Draw(width, height, p => p));
        TrackedFrame last = first;
        for (int f = 1; f <= 20; f++)
        {
            int frame = f;
            last = tracker.Next(texture.Draw(width, height, p => p + new Vector2(1.5f * frame, 0)));
        }
        var leaving = first.Ids.Where((_, i) => first.Points[i].X is > 31.5f and < 45).ToArray();
        Assert.True(leaving.Length >= 5, $"{leaving.Length} points are near the edge");
        int alive = leaving.Count(id => last.IndexOf(id) >= 0);
        // they are 2 to 15 px from the edge by now, where half the patch hangs over
        Assert.True(alive >= 0.8 * leaving.Length, $"{alive} of {leaving.Length} alive");
        var errors = leaving.Where(id => last.IndexOf(id) >= 0)
            .Select(id => Vector2.Distance(last.Points[last.IndexOf(id)], first.Points[first.IndexOf(id)] - new Vector2(30, 0))).Order().ToArray();
        // a few frames without a look back at the anchor cost a few hundredths
        Assert.True(errors[errors.Length / 2] < 0.15, $"median {errors[errors.Length / 2]} px");
    }
}
