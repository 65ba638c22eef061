using MetricDepth.Geometry;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Poses;

namespace MetricDepth.Tests.Scenes;

/// <summary>The scenes that camera solvers are measured on are what they are said to be.</summary>
public class WalkSceneTests(ITestOutputHelper output)
{
    [Fact]
    public void The_loop_ends_where_it_began_and_looks_the_same_way_again()
    {
        var path = FilmedScene.Loop.Truth;
        double length = Length(path);
        Assert.InRange(length, 12, 20);
        Assert.InRange(path.Count, 300, 450);
        // a hand does not come to rest in the same place to the millimetre
        Assert.True(path[^1].Translation.Length < 0.05, $"ends {path[^1].Translation.Length} m off");
        Assert.True(path[^1].Rotation.Angle < 3 * Math.PI / 180, $"ends turned by {path[^1].Rotation.Angle} rad");
        // and goes away in between: nothing that the start sees is seen half way round
        Assert.True(path[path.Count / 2].Translation.Length > 3);
        Assert.True(path[path.Count / 2].Rotation.Angle > 2);
        Assert.Empty(FilmedScene.Loop.Frames[0].Seen.Ids.Intersect(FilmedScene.Loop.Frames[path.Count / 2].Seen.Ids));
    }

    [Fact]
    public void The_tripod_turns_all_round_and_its_centre_stays()
    {
        var path = FilmedScene.Spin.Truth;
        double turned = Enumerable.Range(1, path.Count - 1).Sum(i => (path[i - 1].Rotation.Transposed * path[i].Rotation).Angle) * 180 / Math.PI;
        Assert.InRange(turned, 355, 380); // nodding adds a few degrees
        Assert.All(path, p => Assert.True(p.Translation.Length < 1e-12));
        double sway = FilmedScene.SwayingSpin.Truth.Max(p => (p.Translation - FilmedScene.SwayingSpin.Truth[0].Translation).Length);
        Assert.InRange(sway, 0.02, 0.2);
    }

    [Fact]
    public void The_street_is_walked_straight_on()
    {
        var path = FilmedScene.Walk.Truth;
        Assert.True(path[^1].Translation.Z > 8, $"{path[^1].Translation}");
        Assert.Equal(path, FilmedScene.Crowd.Truth);
    }

    [Fact]
    public void A_third_of_the_crowd_moves_by_itself()
    {
        var film = FilmedScene.Crowd;
        var shares = Enumerable.Range(0, 8).Select(i => i * 24).Select(f =>
        {
            var pixels = Enumerable.Range(0, 80 * 60).Select(p => new System.Numerics.Vector2(p % 80 * 4, p / 80 * 4)).ToArray();
            return film.Scene.Look(f, film.Camera, pixels).Average(s => s.Moves ? 1.0 : 0);
        }).ToArray();
        output.WriteLine(string.Join(", ", shares.Select(s => s.ToString("P0", System.Globalization.CultureInfo.InvariantCulture))));
        Assert.InRange(shares.Average(), 0.3, 0.37);
        Assert.All(shares, s => Assert.InRange(s, 0.2, 0.45));
        // the tracker finds points there as elsewhere
        Assert.InRange(film.Frames.Average(f => f.On.Average(s => s.Moves ? 1.0 : 0)), 0.2, 0.45);
    }

    [Fact]
    public void A_look_between_pixels_agrees_with_the_picture()
    {
        var frame = Scene.Crowd.Render(40, FilmedScene.Crowd.Camera);
        var pixels = Enumerable.Range(0, 40 * 30).Select(p => new System.Numerics.Vector2(p % 40 * 8 + 3, p / 40 * 8 + 5)).ToArray();
        var sights = Scene.Crowd.Look(40, frame.Camera, pixels);
        for (int i = 0; i < pixels.Length; i++)
        {
            Assert.Equal(frame.Depth[(int)pixels[i].X, (int)pixels[i].Y], sights[i].Depth, 1e-4f * sights[i].Depth);
            Assert.Equal(frame.Objects[(int)pixels[i].X, (int)pixels[i].Y], sights[i].Object);
            Assert.Equal(Scene.Crowd.Objects[sights[i].Object] is "tram" || Scene.Crowd.Objects[sights[i].Object].StartsWith("walker", StringComparison.Ordinal), sights[i].Moves);
        }
    }

    [Fact]
    public void Wavering_depth_is_wrong_by_what_it_says()
    {
        var film = FilmedScene.Walk;
        var network = new WaveringDepth(7);
        var scales = new List<double>();
        var noise = new List<double>();
        foreach (var (seen, on) in film.Frames.Take(174)) // two whole waves
        {
            var ratios = on.Select((s, i) => (double)network.At(seen.Index, seen.Points[i].X, seen.Points[i].Y, s.Depth) / s.Depth).ToArray();
            double scale = ratios.Average();
            scales.Add(scale);
            noise.AddRange(ratios.Select(r => r / scale - 1));
        }
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"scale {scales.Min():F3}..{scales.Max():F3}, mean {scales.Average():F4}; noise {Deviation(noise):P2}, neighbouring frames {scales.Zip(scales.Skip(1), (a, b) => b - a).Average(Math.Abs):P2}"));
        Assert.InRange(Deviation(noise), 0.025, 0.033); // 3 %, less what the frame's own scale takes of the patches
        Assert.InRange(scales.Average(), 0.99, 1.01);
        Assert.InRange(scales.Max(), 1.04, 1.08);
        Assert.InRange(scales.Min(), 0.92, 0.96);
        Assert.Equal(0, network.At(3, 4, 5, 0));
        int known = 0, all = 0;
        foreach (var f in SceneProblem.Of(film, DepthSupply.WithHoles).Read(TestContext.Current.CancellationToken)) (known, all) = (known + f.Depths.Count(d => d > 0), all + f.Depths.Length);
        Assert.InRange((double)known / all, 0.7, 0.8);
    }

    private static double Length(IReadOnlyList<Pose> path) => Enumerable.Range(1, path.Count - 1).Sum(i => (path[i].Translation - path[i - 1].Translation).Length);

    private static double Deviation(List<double> x)
    {
        double mean = x.Average();
        return Math.Sqrt(x.Average(v => (v - mean) * (v - mean)));
    }
}
