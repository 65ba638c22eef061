using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Rendering;
using MetricDepth.Rendering.Filling;
using MetricDepth.Rendering.Raster;
using MetricDepth.Scenes;

namespace MetricDepth.Tests.Scenes;

/// <summary>A frame of a scene as our renderers show it to somebody beside the camera.</summary>
internal sealed record SeenFrom(Plane<uint> Picture, Plane<byte> Mask)
{
    /// <summary>The right eye of a stereo pair, so far to the right of the camera, m: the fast path.</summary>
    public static SeenFrom RightEye(SceneFrame source, double offset, HoleFill fill)
    {
        var (width, height) = (source.Color.Width, source.Color.Height);
        var facts = Facts(source);
        var arrangement = StereoArrangement.For(StereoLayout.SideBySide, width, height);
        var job = new StereoJob(facts, facts, arrangement) { Geometry = StereoGeometry.Create(source.Camera, 2000 * offset, null, removeEdges: false) with { HoleFill = fill } };
        Codes(source).CopyTo(job.Depth, 0);
        source.Color.Span.CopyTo(job.Color);
        new StereoFrameRenderer(facts, facts, arrangement).Render(job);
        var seen = new SeenFrom(new(width, height), new(width, height));
        for (int y = 0; y < height; y++)
        {
            job.Picture.AsSpan((2 * y + 1) * width, width).CopyTo(seen.Picture.Row(y));
            job.Mask.AsSpan((2 * y + 1) * width, width).CopyTo(seen.Mask.Row(y));
        }
        return seen;
    }

    /// <summary>A view from anywhere: the general renderer.</summary>
    public static SeenFrom Viewpoint(SceneFrame source, Pose viewer, HoleFill fill)
    {
        var (width, height) = (source.Color.Width, source.Color.Height);
        var loader = new SourceLoader(Facts(source), width, height);
        loader.Load(Codes(source), [.. source.Color.Span], source.Camera, new(fill, RemoveEdges: false));
        var view = new ViewImage(width, height);
        new Rasterizer(1).Draw(loader.Source, source.Camera, viewer.Inverse, new PinholeProjection(source.Camera), view);
        if (fill == HoleFill.Background) HoleFiller.Fill(view, width, viewer.Inverse);
        var seen = new SeenFrom(new(width, height), new(width, height));
        for (int y = 0; y < height; y++)
        {
            view.Color.AsSpan(view.Row(y)).CopyTo(seen.Picture.Row(y));
            view.Holes.AsSpan(view.Row(y)).CopyTo(seen.Mask.Row(y));
        }
        return seen;
    }

    private static DepthVideo Facts(SceneFrame source) => new() { Path = "", Width = source.Color.Width, Height = source.Color.Height, FrameRate = new(25) };

    private static uint[] Codes(SceneFrame source)
    {
        var codes = new uint[source.Depth.Data.Length];
        DepthCodec.Encode(source.Depth.Span, codes, Facts(source).MaxDepth);
        return codes;
    }
}
