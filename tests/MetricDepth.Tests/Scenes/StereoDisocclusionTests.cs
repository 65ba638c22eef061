using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Filling;
using MetricDepth.Rendering.Raster;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Scenes;

/// <summary>What the other eye sees that the camera did not: found, filled, and steady.</summary>
public class StereoDisocclusionTests(ITestOutputHelper output)
{
    private static readonly int Width = int.Parse(Environment.GetEnvironmentVariable("MD_W") ?? "640", CultureInfo.InvariantCulture);
    private static int Height => Width * 9 / 16;

    private static Intrinsics Camera => Intrinsics.FromFieldOfView(Width, Height, 63, null);

    [Theory]
    [InlineData("Room", "eye")]
    [InlineData("Poles", "eye")]
    [InlineData("Floor", "eye")]
    [InlineData("Room", "right")]
    [InlineData("Poles", "right")]
    [InlineData("Floor", "right")]
    [InlineData("Room", "beside")]
    [InlineData("Poles", "beside")]
    [InlineData("Floor", "beside")]
    [InlineData("Room", "above")]
    [InlineData("Poles", "above")]
    [InlineData("Floor", "above")]
    public void Score(string name, string place)
    {
        var scene = name switch { "Room" => Scene.Room, "Poles" => Scene.Poles, _ => Scene.Floor };
        Vector3 at = place switch { "eye" => new(0.0315, 0, 0), "right" => new(0.063, 0, 0), "beside" => new(0.1, 0, 0), _ => new(-0.06, -0.08, 0) };
        var viewer = new Pose(Rotation.Identity, at);
        var source = scene.Render(0, Camera);
        var truth = scene.Render(0, Camera, viewer);
        var hidden = scene.Disoccluded(0, Camera, viewer);
        double stretched = 0;
        foreach (var fill in (HoleFill[])[HoleFill.Stretch, HoleFill.Background])
        {
            var (picture, mask) = place is "eye" or "right" ? Right(source, at.X, fill) : View(source, viewer, fill);
            PsnrSum visible = new(), inner = new(), filled = new(), border = new();
            long both = 0, either = 0;
            for (int y = 0; y < Height; y++)
            {
                int edge = Width;
                while (edge > 0 && hidden[edge - 1, y] != 0) edge--;
                for (int x = 0; x < Width; x++)
                {
                    bool isHidden = hidden[x, y] != 0, isHole = mask[x, y] != 0;
                    if (isHidden && isHole) both++;
                    if (isHidden || isHole) either++;
                    var (a, b) = (Picture.Channels(picture[x, y]), Picture.Channels(truth.Color[x, y]));
                    if (isHidden) (x >= edge ? border : filled).Add(a, b);
                    else visible.Add(a, b);
                    if (!isHidden && Picture.IsInside(truth.Depth, x, y)) inner.Add(a, b);
                }
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name} {place} {fill}: visible {visible.Psnr:F2} (inside {inner.Psnr:F2}), filled {filled.Psnr:F2} ({filled.Pixels} px), border {border.Psnr:F2} ({border.Pixels}), IoU {(double)both / either:F3}"));
            if (fill == HoleFill.Stretch) stretched = filled.Psnr;
            else
            {
                Assert.True(filled.Psnr > stretched, $"filled {filled.Psnr:F2} dB, stretched {stretched:F2} dB");
                Assert.True(visible.Psnr >= (place == "above" ? 33 : 35), $"{visible.Psnr:F2} dB");
            }
            if (Environment.GetEnvironmentVariable("MD_OUT") is { } folder)
            {
                Save(Path.Combine(folder, $"{name}-{place}-{fill}.png"), picture);
                Save(Path.Combine(folder, $"{name}-{place}-{fill}-mask.png"), Grey(mask));
                Save(Path.Combine(folder, $"{name}-{place}-truth.png"), truth.Color);
                Save(Path.Combine(folder, $"{name}-{place}-truth-mask.png"), Grey(hidden));
            }
        }
    }

    private static (Plane<uint> Picture, Plane<byte> Mask) View(SceneFrame source, Pose viewer, HoleFill fill)
    {
        var (width, height) = (source.Color.Width, source.Color.Height);
        var facts = new DepthVideo { Path = "", Width = width, Height = height, FrameRate = new(25) };
        var loader = new SourceLoader(facts, width, height);
        var codes = new uint[width * height];
        DepthCodec.Encode(source.Depth.Span, codes, facts.MaxDepth);
        loader.Load(codes, [.. source.Color.Span], source.Camera, new(fill, RemoveEdges: false));
        var view = new ViewImage(width, height);
        new Rasterizer(2).Draw(loader.Source, source.Camera, viewer.Inverse, new PinholeProjection(source.Camera), view);
        if (fill == HoleFill.Background) HoleFiller.Fill(view, width, viewer.Inverse);
        var (picture, mask) = (new Plane<uint>(width, height), new Plane<byte>(width, height));
        for (int y = 0; y < height; y++)
        {
            view.Color.AsSpan(view.Row(y)).CopyTo(picture.Row(y));
            view.Holes.AsSpan(view.Row(y)).CopyTo(mask.Row(y));
        }
        return (picture, mask);
    }

    private static Plane<uint> Grey(Plane<byte> mask)
    {
        var grey = new Plane<uint>(mask.Width, mask.Height);
        for (int i = 0; i < grey.Data.Length; i++) grey.Data[i] = mask.Data[i] * 0x10101u;
        return grey;
    }

    private static void Save(string path, Plane<uint> picture)
    {
        using var file = File.Create(path);
        Png.Write(picture, file);
    }

    private static (Plane<uint> Picture, Plane<byte> Mask) Right(SceneFrame source, double offset, HoleFill fill)
    {
        var (width, height) = (source.Color.Width, source.Color.Height);
        var facts = new DepthVideo { Path = "", Width = width, Height = height, FrameRate = new(25) };
        var arrangement = StereoArrangement.For(StereoLayout.SideBySide, width, height);
        var job = new StereoJob(facts, facts, arrangement) { Geometry = StereoGeometry.Create(source.Camera, 2000 * offset, null, removeEdges: false) with { HoleFill = fill } };
        DepthCodec.Encode(source.Depth.Span, job.Depth, facts.MaxDepth);
        source.Color.Span.CopyTo(job.Color);
        new StereoFrameRenderer(facts, facts, arrangement).Render(job);
        var (picture, mask) = (new Plane<uint>(width, height), new Plane<byte>(width, height));
        for (int y = 0; y < height; y++)
        {
            job.Picture.AsSpan((2 * y + 1) * width, width).CopyTo(picture.Row(y));
            job.Mask.AsSpan((2 * y + 1) * width, width).CopyTo(mask.Row(y));
        }
        return (picture, mask);
    }
}
