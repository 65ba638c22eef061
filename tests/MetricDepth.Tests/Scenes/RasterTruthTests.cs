using MetricDepth.Geometry;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using MetricDepth.Scenes;
using MetricDepth.Tests.Rendering;

namespace MetricDepth.Tests.Scenes;

/// <summary>What the general renderer draws of one exact frame, against what a camera there really sees.</summary>
public class RasterTruthTests(ITestOutputHelper output)
{
    private const int Width = 640, Height = 360;

    [Theory]
    [InlineData("Room")]
    [InlineData("Poles")]
    [InlineData("Floor")]
    public void A_camera_ten_centimetres_beside_sees_what_is_drawn(string name)
    {
        var scene = name switch { "Room" => Scene.Room, "Poles" => Scene.Poles, _ => Scene.Floor };
        var camera = RasterScene.Camera(Width, Height);
        var (here, there) = (scene.Render(0, camera), scene.Render(0, camera, 0.1));
        var source = RasterScene.Source(Width, Height, (x, y) => here.Depth[x, y], (x, y) => here.Color[x, y]);
        new EdgeTreatment(HoleFill.None, false).Apply(source, camera, new(Width, Height));
        var view = RasterScene.Draw(source, new(Rotation.Identity, new(-0.1, 0, 0)));
        var (inside, all) = (new PsnrSum(), new PsnrSum());
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
            {
                int at = y * view.Stride + x;
                if (view.Holes[at] != 0) continue;
                var (ours, truth) = (Picture.Channels(view.Color[at]), Picture.Channels(there.Color[x, y]));
                all.Add(ours, truth);
                if (Picture.IsInside(there.Depth, x, y)) inside.Add(ours, truth);
            }
        output.WriteLine($"{name}: {inside.Psnr:F1} dB on surfaces, {all.Psnr:F1} dB over all of {(double)all.Pixels / (Width * Height):P1} drawn");
        // To look at: both pictures go to the folder that RASTER_PICTURES names, if it names one.
        string? folder = Environment.GetEnvironmentVariable("RASTER_PICTURES");
        if (folder is not null)
        {
            RawVideo.Write(Path.Combine(folder, name + "-truth.mkv"), Width, Height, [there.Color.Data]);
            RawVideo.Write(Path.Combine(folder, name + "-ours.mkv"), Width, Height, [RasterScene.Pixels(view, view.Color)]);
        }
        Assert.True(all.Pixels > 0.9 * Width * Height, $"only {all.Pixels} pixels drawn");
        Assert.True(inside.Psnr >= 35, $"{inside.Psnr:F1} dB");
    }
}
