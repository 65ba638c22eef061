using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Raster;
using MetricDepth.Video;
using Vector3 = MetricDepth.Geometry.Vector3;

namespace MetricDepth.Tests.Rendering;

/// <summary>
/// Against the Python toolbox's own pictures of the same depth. Its grid is scaled by (w+1)/w and (h+1)/h about the corner, which a
/// source camera with other intrinsics says exactly; what is left then is its interpolation of colours within triangles.
/// </summary>
public class RasterReferenceTests(ITestOutputHelper output)
{
    private const int Width = 640, Height = 480;

    private static readonly Intrinsics Camera = Intrinsics.FromFieldOfView(Width, Height, 63, null);

    private static readonly Intrinsics ToolboxGrid = Camera with
    {
        Fx = Camera.Fx * Width / (Width + 1),
        Fy = Camera.Fy * Height / (Height + 1),
        Cx = Width / 2.0 * Width / (Width + 1),
        Cy = Height / 2.0 * Height / (Height + 1),
    };

    // The matrix that the toolbox's look-at gives to the viewer: the rotation is the inverse of the one that looks at the target
    // and the translation is the position, not what the position becomes in the viewer's axes.
    private static Pose ToolboxView(Vector3 position, Vector3 target) =>
        new(Pose.LookAt(position, target).Rotation, new(position.X, position.Y, -position.Z));

    [Fact]
    public void A_new_viewpoint_looks_as_in_the_toolbox()
    {
        var theirs = RawVideo.Read(DataFile.Require("reference/view.mkv"));
        var frames = Frames(theirs.Count);
        var sourceToView = ToolboxView(new(0.3, 0, -0.2), new(0, 0, 2));
        for (int frame = 0; frame < theirs.Count; frame++)
        {
            double own = Compare(Camera), modelled = Compare(ToolboxGrid);
            output.WriteLine($"frame {frame}: {own:F2} dB; with the toolbox's grid {modelled:F2} dB");
            Assert.True(own >= 30, $"frame {frame}: {own:F2} dB");
            Assert.True(modelled >= own + 3, "the scaled grid explains most of the difference");

            double Compare(Intrinsics grid)
            {
                var view = new ViewImage(Width, Height);
                new Rasterizer().Draw(frames[frame], grid, sourceToView, new PinholeProjection(Camera), view);
                Save($"view-{frame}{(grid == Camera ? "" : "-grid")}", view, theirs[frame]);
                double error = 0;
                long both = 0, either = 0;
                for (int y = 0; y < Height; y++)
                    for (int x = 0; x < Width; x++)
                    {
                        uint a = view.Color[y * view.Stride + x], b = theirs[frame][y * Width + x];
                        bool seen = view.Holes[y * view.Stride + x] == 0, expected = b != 0xFFFFFF;
                        if (seen || expected) either++;
                        if (!seen || !expected) continue;
                        both++;
                        error += SquaredError(a, b);
                    }
                Assert.True(both > 0.98 * either, $"drawn areas agree in {(double)both / either:P2}");
                return Psnr(error, both);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_middle_of_a_180_degree_eye_is_as_in_the_toolbox(int eye)
    {
        var theirs = RawVideo.Read(DataFile.Require("reference/vr180.mkv"), maxFrames: 1);
        var frames = Frames(theirs.Count);
        const int Side = 1920;
        for (int frame = 0; frame < theirs.Count; frame++)
        {
            var view = new ViewImage(Side, Side);
            var geometry = StereoGeometry.Create(Camera, 63, null, removeEdges: false);
            new RasterEyeRenderer(EyeProjection.Equirectangular180).Render(frames[frame], geometry, eye == 0 ? Eye.Left : Eye.Right, view);
            double error = 0;
            long count = 0;
            for (int y = 0; y < Side; y++)
                for (int x = 0; x < Side; x++)
                {
                    double longitude = ((x + 0.5) / Side - 0.5) * Math.PI, latitude = ((y + 0.5) / Side - 0.5) * Math.PI;
                    if (Math.Cos(longitude) * Math.Cos(latitude) < Math.Cos(10 * Math.PI / 180)) continue;
                    Assert.Equal(0, view.Holes[y * view.Stride + x]);
                    error += SquaredError(view.Color[y * view.Stride + x], theirs[frame][(y * 2 + eye) * Side + x]);
                    count++;
                }
            double psnr = Psnr(error, count);
            output.WriteLine($"frame {frame}, eye {eye}: {psnr:F2} dB");
            Save($"vr180-{frame}-{eye}", view, [.. Enumerable.Range(0, Side).SelectMany(y => theirs[frame].AsSpan((y * 2 + eye) * Side, Side).ToArray())]);
            Assert.True(psnr >= 30, $"frame {frame}, eye {eye}: {psnr:F2} dB");
        }
    }

    // To look at: both pictures go to the folder that RASTER_PICTURES names, if it names one.
    private static void Save(string name, ViewImage view, uint[] theirs)
    {
        string? folder = Environment.GetEnvironmentVariable("RASTER_PICTURES");
        if (folder is null) return;
        RawVideo.Write(Path.Combine(folder, name + "-ours.mkv"), view.Width, view.Height, RasterScene.Pixels(view, view.Color));
        RawVideo.Write(Path.Combine(folder, name + "-theirs.mkv"), view.Width, view.Height, theirs);
    }

    private static double SquaredError(uint a, uint b)
    {
        double error = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            double d = (int)(a >> shift & 255) - (int)(b >> shift & 255);
            error += d * d;
        }
        return error;
    }

    private static double Psnr(double error, long pixels) => 10 * Math.Log10(255 * 255 * 3 * pixels / error);

    private static List<SourceImage> Frames(int count)
    {
        var colors = RawVideo.Read(DataFile.Require("reference/color.mkv"), count);
        using var reader = DepthVideoReader.Open(DepthVideoReader.Probe(DataFile.Require("reference/depth.mkv")), TestContext.Current.CancellationToken);
        var depth = new Plane<float>(Width, Height);
        var frames = new List<SourceImage>();
        for (int i = 0; i < count; i++)
        {
            Assert.True(reader.Read(depth));
            frames.Add(RasterScene.Source(Width, Height, (x, y) => depth[x, y], (x, y) => colors[i][y * Width + x]));
        }
        return frames;
    }
}
