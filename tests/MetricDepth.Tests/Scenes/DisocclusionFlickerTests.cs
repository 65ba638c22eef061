using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Sets;

namespace MetricDepth.Tests.Scenes;

/// <summary>Filled holes must not swim or sparkle where the picture around them stands still.</summary>
public class DisocclusionFlickerTests(ITestOutputHelper output)
{
    // At a hundred frames a second the hole beside the runner overlaps its next; by then it is in the middle of the picture.
    private const int Frames = 5, FirstFrame = 120;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(640, 360, 63, null);

    [Theory]
    [InlineData("still")]
    [InlineData("runner")]
    public void What_fills_holes_changes_little_more_than_the_picture_does(string clip)
    {
        // The noise of a sensor: 2 grey levels; 1.5 mm at 1 m, growing with the square of the distance.
        var random = new Random(11);
        var scene = clip == "still" ? Scene.Still : Scene.Runner.WithCamera("Runner, camera still", _ => FloorSet.Camera(0)).WithFrameRate(new(100));
        SceneFrame? before = null;
        SeenFrom? seenBefore = null;
        double filled = 0, picture = 0;
        long pixels = 0;
        for (int frame = 0; frame < Frames; frame++)
        {
            var source = scene.Render(FirstFrame + frame, Camera);
            Shake(source, random);
            var seen = SeenFrom.RightEye(source, 0.063, HoleFill.Background);
            if (before is not null && seenBefore is not null)
                for (int y = 0; y < Camera.Height; y++)
                    for (int x = 0; x < Camera.Width; x++)
                    {
                        if (seen.Mask[x, y] == 0 || seenBefore.Mask[x, y] == 0) continue;
                        filled += Change(seen.Picture[x, y], seenBefore.Picture[x, y]);
                        picture += Change(source.Color[x, y], before.Color[x, y]);
                        pixels++;
                    }
            (before, seenBefore) = (source, seen);
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{clip}: {filled / pixels:F2} levels a frame in filled holes, {picture / pixels:F2} in the picture there; {pixels / (Frames - 1)} pixels"));
        Assert.True(pixels > 1000);
        Assert.True(filled <= 2 * picture, $"{filled / pixels:F2} against {picture / pixels:F2}");
    }

    private static double Change(uint a, uint b)
    {
        var (p, q) = (Picture.Channels(a), Picture.Channels(b));
        return (Math.Abs(p.B - q.B) + Math.Abs(p.G - q.G) + Math.Abs(p.R - q.R)) / 3;
    }

    private static void Shake(SceneFrame frame, Random random)
    {
        foreach (ref uint pixel in frame.Color.Span)
            pixel = Byte(pixel, 0, random) | Byte(pixel, 8, random) | Byte(pixel, 16, random);
        foreach (ref float depth in frame.Depth.Span) depth += (float)(0.0015 * depth * depth * Normal(random));
    }

    private static uint Byte(uint pixel, int shift, Random random) =>
        (uint)Math.Clamp(Math.Round((pixel >> shift & 255) + 2 * Normal(random)), 0, 255) << shift;

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
