using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Scenes;
using MetricDepth.Scenes.Clips;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Scenes;

/// <summary>Views rendered from exact depth against what a camera there really sees.</summary>
public class ViewTruthTests(ITestOutputHelper output)
{
    private const int Width = 480, Height = 270;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 63, null);

    [Theory]
    [InlineData("Room")]
    [InlineData("Poles")]
    [InlineData("Floor")]
    public void Ten_centimetres_to_the_side_it_looks_as_it_would_there(string name)
    {
        var scene = name switch { "Room" => Scene.Room, "Poles" => Scene.Poles, _ => Scene.Floor };
        using var folder = new TempFolder();
        var depth = Film(folder, scene, 1);
        var options = new ViewRenderOptions { Depth = depth, Position = new(0.1, 0, 0), Target = new(0.1, 0, 2) };
        var picture = RawVideo.Read(Run(options with { DestinationPath = folder["filled.mkv"] }))[0];
        var open = RawVideo.Read(Run(options with { DestinationPath = folder["open.mkv"], HoleFill = HoleFill.None, BackgroundColor = new(255, 0, 255) }))[0];
        var truth = scene.Render(0, Camera, 0.1);
        var score = new PsnrSum();
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                if (open[y * Width + x] != 0xFF00FF && Picture.IsInside(truth.Depth, x, y))
                    score.Add(Picture.Channels(picture[y * Width + x]), Picture.Channels(truth.Color[x, y]));
        output.WriteLine($"{name}: {score.Psnr:F1} dB over {(double)score.Pixels / (Width * Height):P0} of the pixels");
        Assert.True(score.Pixels > 0.7 * Width * Height);
        // The issue asks for 35 dB at 1280x720; what is lost is the finest texture, by sampling between pixels.
        Assert.True(score.Psnr >= 35, $"{score.Psnr:F1} dB");
    }

    [Fact]
    public void A_locked_camera_sees_every_frame_from_the_place_of_one()
    {
        const int frames = 4, locked = 1;
        using var folder = new TempFolder();
        var depth = Film(folder, Scene.Floor, frames);
        Scene.Floor.Path(frames).Save(folder["path.json"]);
        var pictures = RawVideo.Read(Run(new()
        {
            Depth = depth,
            CameraPath = folder["path.json"],
            LockFrame = locked,
            HoleFill = HoleFill.None,
            BackgroundColor = new(255, 0, 255),
            DestinationPath = folder["still.mkv"],
        }));
        var truth = Scene.Floor.Render(locked, Camera);
        for (int frame = 0; frame < frames; frame++)
        {
            var score = new PsnrSum();
            for (int y = 0; y < Height; y++)
                for (int x = 0; x < Width; x++)
                    if (pictures[frame][y * Width + x] != 0xFF00FF && Picture.IsInside(truth.Depth, x, y))
                        score.Add(Picture.Channels(pictures[frame][y * Width + x]), Picture.Channels(truth.Color[x, y]));
            output.WriteLine($"frame {frame}: {score.Psnr:F1} dB over {(double)score.Pixels / (Width * Height):P0}");
            Assert.True(score.Pixels > 0.8 * Width * Height);
            Assert.True(score.Psnr >= 35, $"frame {frame}: {score.Psnr:F1} dB");
        }
    }

    private static DepthVideo Film(TempFolder folder, Scene scene, int frames)
    {
        SceneClip.Run(new() { Scene = scene, Destination = folder["color.mkv"], Camera = Camera, Frames = frames, DepthPath = folder["depth.mkv"] },
            null, TestContext.Current.CancellationToken);
        return DepthVideoReader.Probe(folder["depth.mkv"], TestContext.Current.CancellationToken);
    }

    private static string Run(ViewRenderOptions options) => ViewRender.Run(options, null, TestContext.Current.CancellationToken).Path;
}
