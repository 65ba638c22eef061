using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Rendering.Filling;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Renders stereo frames: source, eyes, arrangement. One instance per worker.</summary>
internal sealed class StereoFrameRenderer
{
    private readonly StereoArrangement _arrangement;
    private readonly SourceLoader _loader;
    private readonly RowEyeRenderer _rows;
    private readonly RasterEyeRenderer _raster;
    private readonly ViewImage[] _views;
    private byte[]? _holes;
    // Arrangements write the mask along with the picture; where a job wants none, it goes here.
    private byte[]? _unwantedMask;

    /// <summary>Makes the scratch pictures.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="color">Size of the colour video.</param>
    /// <param name="arrangement">Which eyes there are, and where they go.</param>
    public StereoFrameRenderer(DepthVideo depth, VideoClip color, StereoArrangement arrangement)
    {
        _arrangement = arrangement;
        _loader = new(depth, color.Width, color.Height);
        _rows = new(color.Width);
        _raster = new(arrangement.Projection);
        _views = [.. arrangement.Eyes.Select(_ => new ViewImage(arrangement.EyeWidth, arrangement.EyeHeight))];
    }

    /// <summary>Renders one frame.</summary>
    public void Render(StereoJob job)
    {
        var edges = Edges(job.Geometry);
        _loader.Load(job.Depth, job.Color, job.Geometry.Camera, edges);
        job.Holes = 0;
        var renderer = Renderer(job.Geometry);
        for (int i = 0; i < _views.Length; i++)
        {
            renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
            job.Holes += _views[i].CountHoles();
        }
        if (edges.HidesHoles) StretchOver(job, renderer);
        else if (edges.Fill == HoleFill.Background)
            foreach (var view in _views) HoleFiller.Fill(view, BeyondPicture);
        if (edges.Fill != HoleFill.Stretch)
            for (int i = 0; i < _views.Length; i++) renderer.SmoothEdges(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
        byte[] mask = job.Mask.Length > 0 ? job.Mask : _unwantedMask ??= new byte[job.Picture.Length];
        for (int y = 0; y < _arrangement.EyeHeight; y++) _arrangement.Place(new EyeRows(_views, y), y, job.Picture, mask);
    }

    private EyeRenderer Renderer(StereoGeometry geometry) => geometry.SourceToView == Pose.Identity && _arrangement.Projection == EyeProjection.Perspective
        && (_arrangement.EyeWidth, _arrangement.EyeHeight) == (_loader.Source.Width, _loader.Source.Height) ? _rows : _raster;

    // A hemisphere is much larger than the picture: what lies around that stays black.
    private int BeyondPicture => _arrangement.Projection == EyeProjection.Perspective ? _arrangement.EyeWidth : 0;

    // Where every eye sees the source camera's own picture, nothing is to be torn or separated in it.
    private EdgeTreatment Edges(StereoGeometry geometry) =>
        geometry.SourceToView == Pose.Identity && _arrangement.Eyes.All(eye => eye == Eye.Middle) ? new(HoleFill.Stretch, false) : geometry.Edges;

    // Draws the whole surface, and keeps the holes of the torn one.
    private void StretchOver(StereoJob job, EyeRenderer renderer)
    {
        SurfaceTears.MarkNone(_loader.Source);
        for (int i = 0; i < _views.Length; i++)
        {
            _holes ??= new byte[_views[i].Holes.Length];
            _views[i].Holes.CopyTo(_holes, 0);
            renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
            _holes.CopyTo(_views[i].Holes, 0);
        }
    }
}
