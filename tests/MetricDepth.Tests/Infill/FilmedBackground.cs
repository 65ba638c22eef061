using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Infill;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Filling;
using MetricDepth.Rendering.Raster;
using MetricDepth.Scenes;
using MetricDepth.Tests.Scenes;

namespace MetricDepth.Tests.Infill;

/// <summary>A scene filmed exactly: frames as renderers take them, the background gathered from them, and what an eye really sees.</summary>
internal sealed class FilmedBackground(Scene scene, Intrinsics camera)
{
    private readonly BackgroundSelection _selection = new(camera.Width, camera.Height);

    private readonly RowEyeRenderer _rows = new(camera.Width);

    public Intrinsics Camera => camera;

    /// <summary>A frame, its edges treated as the given filling needs.</summary>
    public SourceImage Source(int frame, HoleFill fill = HoleFill.Background, double gain = 1)
    {
        var source = Source(scene.Render(frame, camera), gain);
        new EdgeTreatment(fill, RemoveEdges: false).Apply(source, camera, new(camera.Width, camera.Height));
        return source;
    }

    private SourceImage Source(SceneFrame picture, double gain)
    {
        var source = new SourceImage(camera.Width, camera.Height) { Color = Array.ConvertAll(picture.Color.Data, p => Brighter(p, gain)) };
        for (int i = 0; i < source.InverseDepth.Length; i++) source.InverseDepth[i] = picture.Depth.Data[i] > 0 ? 1 / picture.Depth.Data[i] : 0;
        return source;
    }

    /// <summary>Gathers the background of some frames, without the masked object.</summary>
    public BackgroundPlate Gather(IEnumerable<int> frames, string? masked = null, int? maxCells = null)
    {
        var collector = maxCells is { } cells ? new BackgroundCollector(camera, cells) : new BackgroundCollector(camera);
        foreach (int frame in frames)
        {
            var picture = scene.Render(frame, camera);
            var source = Source(picture, gain: 1);
            SurfaceTears.MarkSteep(source, camera);
            var mask = masked is null ? [] : Array.ConvertAll(picture.Objects.Data, o => scene.Objects[o] == masked ? (byte)255 : (byte)0);
            var background = new byte[mask.Length == 0 ? source.Color.Length : mask.Length];
            _selection.Select(source, mask, null, background);
            collector.Add(source, background, camera, scene.PoseOf(frame), TestContext.Current.CancellationToken);
        }
        return collector.ToPlate();
    }

    /// <summary>What an eye sees of a frame, its holes empty.</summary>
    public ViewImage Draw(SourceImage source, double offset)
    {
        var view = new ViewImage(camera.Width, camera.Height);
        _rows.Render(source, Geometry(offset), EyeAt(offset), view);
        return view;
    }

    /// <summary>Fills the holes of such a view from a plate.</summary>
    public void Fill(ViewImage view, BackgroundClusters plate, int frame, SourceImage source, double offset) =>
        new BackgroundPainter(plate, camera.Width, camera.Height).Fill(view, new PinholeProjection(camera),
            EyeCamera.Beside(Geometry(offset), EyeAt(offset)) * scene.PoseOf(frame).Inverse, source, camera, scene.PoseOf(frame).Inverse);

    /// <summary>Fills what is left from the surface around it, as the renderer does.</summary>
    public void Finish(ViewImage view, SourceImage source, double offset)
    {
        HoleFiller.FillRows(view, camera.Width);
        _rows.SmoothEdges(source, Geometry(offset), EyeAt(offset), view);
    }

    /// <summary>
    /// Where the eye really sees what this frame does not, but some other frame does, and not as a part of the masked object: 255
    /// there, else 0. Pixels at depth edges, which see two things, are left out.
    /// </summary>
    public Plane<byte> SeenElsewhere(int frame, double offset, IEnumerable<int> frames, string? masked)
    {
        var truth = Truth(frame, offset);
        var hidden = scene.Disoccluded(frame, camera, new(Rotation.Identity, new(offset, 0, 0)));
        var seen = new Plane<byte>(camera.Width, camera.Height);
        foreach (int other in frames)
        {
            var picture = scene.Render(other, camera);
            var toOther = scene.PoseOf(other).Inverse * truth.Pose;
            for (int y = 0; y < camera.Height; y++)
                for (int x = 0; x < camera.Width; x++)
                {
                    if (hidden[x, y] == 0 || truth.Depth[x, y] <= 0 || scene.Objects[truth.Objects[x, y]] == masked || !Picture.IsInside(truth.Depth, x, y)) continue;
                    double z = truth.Depth[x, y];
                    var p = toOther * new Vector3((x - camera.Cx) / camera.Fx * z, (y - camera.Cy) / camera.Fy * z, z);
                    double u = p.X / p.Z * camera.Fx + camera.Cx, v = p.Y / p.Z * camera.Fy + camera.Cy;
                    // three pixels from any edge of a depth or of the mask: the plate keeps clear of both
                    bool clear = p.Z > 0 && u > 3 && v > 3 && u < camera.Width - 4 && v < camera.Height - 4;
                    for (int j = -3; j <= 3 && clear; j++)
                        for (int i = -3; i <= 3 && clear; i++)
                        {
                            int cx = (int)Math.Round(u) + i, cy = (int)Math.Round(v) + j;
                            clear = Math.Abs(picture.Depth[cx, cy] / p.Z - 1) < 0.06 && scene.Objects[picture.Objects[cx, cy]] != masked;
                        }
                    if (clear) seen[x, y] = 255;
                }
        }
        return seen;
    }

    /// <summary>What the eye really sees.</summary>
    public SceneFrame Truth(int frame, double offset) => scene.Render(frame, camera, offset);

    private StereoGeometry Geometry(double offset) => StereoGeometry.Create(camera, Math.Abs(offset) * 2000, null, removeEdges: false);

    private static Eye EyeAt(double offset) => offset < 0 ? Eye.Left : Eye.Right;

    private static uint Brighter(uint p, double gain)
    {
        uint Level(uint c) => (uint)Math.Clamp((c & 255) * gain + 0.5, 0, 255);
        return Level(p >> 16) << 16 | Level(p >> 8) << 8 | Level(p);
    }
}
