using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Scenes;

/// <summary>Stereo rendered from one exact depth video against what two eyes there really see.</summary>
public class StereoTruthTests(ITestOutputHelper output)
{
    private const int Width = 480, Height = 270, Frames = 2;
    private const double HalfBaseline = 0.0315;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 63, null);

    [Theory]
    [InlineData("Floor", 42)]
    [InlineData("Poles", 37)]
    public void Both_eyes_see_what_they_would_see_there(string name, double atLeast)
    {
        var scene = name == "Floor" ? Scene.Floor : Scene.Poles;
        using var folder = new TempFolder();
        SceneClip.Run(new() { Scene = scene, Destination = folder["color.mkv"], Camera = Camera, Frames = Frames, DepthPath = folder["depth.mkv"] },
            null, TestContext.Current.CancellationToken);
        var stereo = StereoRender.Run(new()
        {
            Depth = DepthVideoReader.Probe(folder["depth.mkv"], TestContext.Current.CancellationToken) with { ColorPath = folder["color.mkv"] },
            RemoveEdges = true,
            InfillMask = true,
        }, null, TestContext.Current.CancellationToken);
        var pictures = RawVideo.Read(stereo.Path);
        var masks = RawVideo.Read(stereo.InfillMaskPath!);
        Assert.Equal(Frames, pictures.Count);
        for (int eye = 0; eye < 2; eye++)
        {
            var score = new PsnrSum();
            for (int frame = 0; frame < Frames; frame++)
            {
                var truth = scene.Render(frame, Camera, eye == 0 ? -HalfBaseline : HalfBaseline);
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                    {
                        int i = y * 2 * Width + eye * Width + x;
                        if (masks[frame][i] == 0 && Picture.IsInside(truth.Depth, x, y))
                            score.Add(Picture.Channels(pictures[frame][i]), Picture.Channels(truth.Color[x, y]));
                    }
            }
            double covered = (double)score.Pixels / (Frames * Width * Height);
            output.WriteLine($"{name}, eye {eye}: {score.Psnr:F1} dB over {covered:P0} of the pixels");
            Assert.True(covered > 0.7, $"only {covered:P0} compared");
            // what is lost is the finest texture, by sampling between pixels; depth edges, where colours of both sides mix, are left out
            Assert.True(score.Psnr > atLeast, $"eye {eye}: {score.Psnr:F1} dB");
        }
    }

    [Fact]
    public void Holes_are_where_the_other_eye_sees_what_the_camera_did_not()
    {
        using var folder = new TempFolder();
        SceneClip.Run(new() { Scene = Scene.Floor, Destination = folder["color.mkv"], Camera = Camera, Frames = 1, DepthPath = folder["depth.mkv"] },
            null, TestContext.Current.CancellationToken);
        var stereo = StereoRender.Run(new()
        {
            Depth = DepthVideoReader.Probe(folder["depth.mkv"], TestContext.Current.CancellationToken) with { ColorPath = folder["color.mkv"] },
            RemoveEdges = true,
            InfillMask = true,
            PupillaryDistance = 200, // wide, so that holes are wide
        }, null, TestContext.Current.CancellationToken);
        var mask = RawVideo.Read(stereo.InfillMaskPath!)[0];
        var center = Scene.Floor.Render(0, Camera);
        var right = Scene.Floor.Render(0, Camera, 0.1);
        int hidden = 0, found = 0, seen = 0, wrong = 0;
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                if (!Picture.IsInside(right.Depth, x, y)) continue;
                float z = right.Depth[x, y];
                double u = x + Camera.Fx * 0.1 / z;
                bool inCenter = u >= 0 && u <= Width - 1 && Math.Abs(center.Depth[(int)Math.Round(u), y] - z) < 0.03 * z;
                bool hole = mask[y * 2 * Width + Width + x] != 0;
                if (inCenter) (seen, wrong) = (seen + 1, wrong + (hole ? 1 : 0));
                else (hidden, found) = (hidden + 1, found + (hole ? 1 : 0));
            }
        output.WriteLine($"{found} of {hidden} hidden pixels are holes, {wrong} of {seen} seen ones");
        Assert.True(hidden > 1000);
        Assert.True(found > 0.95 * hidden, $"{found} of {hidden} hidden pixels are holes");
        Assert.True(wrong < 0.01 * seen, $"{wrong} of {seen} seen pixels are holes");
    }
}
