using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Scenes;
using MetricDepth.Tests.Scenes;

namespace MetricDepth.Tests.Rendering;

/// <summary>
/// Where the fast path and the general renderer both apply they draw the same picture. What is allowed for is rounding: the fast
/// path places colours in 1/256 px, the general one also corners, and a pixel's centre so close to an edge may fall to either side.
/// </summary>
public class RasterAgreementTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Room", HoleFill.None, false)]
    [InlineData("Poles", HoleFill.None, true)]
    [InlineData("Sensor", HoleFill.Stretch, false)]
    [InlineData("Sensor", HoleFill.None, true)]
    public void Both_renderers_draw_the_same_eyes(string name, HoleFill fill, bool removeEdges)
    {
        var (source, camera) = name == "Sensor" ? Sensor() : Scene(name);
        new EdgeTreatment(fill, removeEdges).Apply(source, camera, new(source.Width, source.Height));
        var geometry = StereoGeometry.Create(camera, 63, 2.5, removeEdges);
        foreach (var eye in (Eye[])[Eye.Left, Eye.Right])
        {
            var (rows, raster) = (new ViewImage(source.Width, source.Height), new ViewImage(source.Width, source.Height));
            new RowEyeRenderer(source.Width).Render(source, geometry, eye, rows);
            new RasterEyeRenderer(EyeProjection.Perspective).Render(source, geometry, eye, raster);
            var score = new PsnrSum();
            int pixels = source.Width * source.Height, same = 0, near = 0;
            for (int y = 0; y < source.Height; y++)
                for (int x = 0; x < source.Width; x++)
                {
                    int i = y * rows.Stride + x;
                    if (rows.Holes[i] == raster.Holes[i]) same++;
                    if (rows.Holes[i] != 0 || raster.Holes[i] != 0) continue;
                    score.Add(Picture.Channels(rows.Color[i]), Picture.Channels(raster.Color[i]));
                    if (Math.Abs(rows.InverseDepth[i] - raster.InverseDepth[i]) < 0.01f * rows.InverseDepth[i]) near++;
                }
            output.WriteLine($"{name}, {fill}{(removeEdges ? ", edges removed" : "")}, eye {eye.Position}: {score.Psnr:F1} dB, holes agree in {(double)same / pixels:P3}, depth in {(double)near / score.Pixels:P3}; {(double)rows.CountHoles() / pixels:P1} holes");
            Assert.True(score.Psnr >= 45, $"eye {eye.Position}: {score.Psnr:F1} dB");
            Assert.True(same >= 0.995 * pixels, $"eye {eye.Position}: holes agree in {(double)same / pixels:P2}");
            Assert.True(near >= 0.995 * score.Pixels, $"eye {eye.Position}: depth agrees in {(double)near / score.Pixels:P2}");
        }
    }

    private static (SourceImage Source, Intrinsics Camera) Scene(string name)
    {
        var scene = name switch { "Room" => MetricDepth.Scenes.Scene.Room, "Poles" => MetricDepth.Scenes.Scene.Poles, _ => MetricDepth.Scenes.Scene.Floor };
        var camera = RasterScene.Camera(480, 270);
        var frame = scene.Render(3, camera);
        return (RasterScene.Source(480, 270, (x, y) => frame.Depth[x, y], (x, y) => frame.Color[x, y]), camera);
    }

    // Real depth, with steps and noise, and a patch knocked out of it.
    private static (SourceImage Source, Intrinsics Camera) Sensor()
    {
        var color = RawVideo.Read(DataFile.Require("reference/color.mkv"), 1)[0];
        using var reader = DepthVideoReader.Open(DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv")), TestContext.Current.CancellationToken);
        var depth = new Plane<float>(640, 480);
        Assert.True(reader.Read(depth));
        return (RasterScene.Source(640, 480, (x, y) => x is > 200 and < 240 && y is > 300 and < 350 ? 0 : depth[x, y], (x, y) => color[y * 640 + x]),
            RasterScene.Camera(640, 480));
    }
}
