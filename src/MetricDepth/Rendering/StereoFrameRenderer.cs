using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Infill;
using MetricDepth.Rendering.Filling;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Renders stereo frames: source, eyes, arrangement. One instance per worker.</summary>
internal sealed class StereoFrameRenderer
{
    // Of one eye: colour, inverse depth and holes of both then take 300 KB.
    private const int BandPixels = 16384;

    private readonly StereoArrangement _arrangement;
    private readonly SourceLoader _loader;
    private readonly RowEyeRenderer _rows;
    private readonly RasterEyeRenderer _raster;
    private readonly ViewImage[] _views;
    private readonly BackgroundPainter? _background;
    private byte[]? _holes;
    // Arrangements write the mask along with the picture; where a job wants none, it goes here.
    private byte[]? _unwantedMask;
    private readonly double _maxDepth;
    private float[]? _inverseDepth;

    /// <summary>Makes the scratch pictures.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="color">Size of the colour video.</param>
    /// <param name="arrangement">Which eyes there are, and where they go.</param>
    /// <param name="viewerMoves">Whether the viewer may be elsewhere than the source camera.</param>
    /// <param name="background">What is behind the foreground; null if it is not known.</param>
    public StereoFrameRenderer(DepthVideo depth, VideoClip color, StereoArrangement arrangement, bool viewerMoves = false, BackgroundClusters? background = null)
    {
        _background = background is null ? null : new(background, arrangement.EyeWidth, arrangement.EyeHeight);
        _arrangement = arrangement;
        _maxDepth = depth.MaxDepth;
        _loader = new(depth, color.Width, color.Height);
        _rows = new(color.Width);
        _raster = new(arrangement.Projection);
        // A background is held against whole holes.
        int height = !viewerMoves && background is null && StaysInRows ? BandHeight : arrangement.EyeHeight;
        _views = [.. arrangement.Eyes.Select(_ => new ViewImage(arrangement.EyeWidth, height))];
    }

    /// <summary>Renders one frame.</summary>
    public void Render(StereoJob job)
    {
        var edges = Edges(job.Geometry) with { AlongRows = Renderer(job.Geometry) == _rows };
        _loader.Load(job.Depth, job.Color, job.Geometry.Camera, edges);
        job.Holes = 0;
        int band = _views[0].Height;
        for (int y = 0; y < _arrangement.EyeHeight; y += band)
        {
            foreach (var view in _views) view.Height = Math.Min(band, _arrangement.EyeHeight - y);
            RenderRows(job, edges, y);
        }
        foreach (var view in _views) view.Height = band;
        if (job.Codes is not null) StereoDepth.Encode(_inverseDepth, job.Codes, _maxDepth);
    }

    private void RenderRows(StereoJob job, EdgeTreatment edges, int firstRow)
    {
        var renderer = Renderer(job.Geometry);
        _rows.FirstRow = firstRow;
        for (int i = 0; i < _views.Length; i++) renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
        if (edges.HidesHoles) StretchOver(job, renderer);
        for (int i = 0; i < _views.Length; i++)
        {
            PaintBackground(job.Geometry, _arrangement.Eyes[i], _views[i]);
            job.Holes += _views[i].CountHoles();
        }
        if (!edges.HidesHoles && edges.Fill == HoleFill.Background)
            foreach (var view in _views)
                if (renderer == _rows) HoleFiller.FillRows(view, BeyondPicture);
                else HoleFiller.Fill(view, BeyondPicture, Beside(job.Geometry));
        if (edges.Fill != HoleFill.Stretch)
            for (int i = 0; i < _views.Length; i++) renderer.SmoothEdges(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
        byte[] mask = job.Mask.Length > 0 ? job.Mask : _unwantedMask ??= new byte[job.Picture.Length];
        for (int y = 0; y < _views[0].Height; y++) _arrangement.Place(new EyeRows(_views, y), firstRow + y, job.Picture, mask);
        if (job.Codes is null) return;
        _inverseDepth ??= new float[job.Codes.Length];
        for (int y = 0; y < _views[0].Height; y++) _arrangement.PlaceDepth(new EyeRows(_views, y), firstRow + y, _inverseDepth);
    }

    // Where rows stay in their rows they are drawn a few at a time, which stay in the processor's cache from stage to stage.
    private bool StaysInRows => _arrangement.Projection == EyeProjection.Perspective
        && (_arrangement.EyeWidth, _arrangement.EyeHeight) == (_loader.Source.Width, _loader.Source.Height);

    // Even, because halved layouts take rows by twos.
    private int BandHeight => Math.Clamp(BandPixels / _arrangement.EyeWidth / 2 * 2, 2, Math.Max(2, _arrangement.EyeHeight));

    private EyeRenderer Renderer(StereoGeometry geometry) => geometry.SourceToView == Pose.Identity && geometry.ViewCamera == geometry.Camera && StaysInRows ? _rows : _raster;

    // The eyes' distance sideways counts as much as the viewer's own way.
    private static Pose Beside(StereoGeometry geometry) => new Pose(Rotation.Identity, new(geometry.Baseline / 2, 0, 0)) * geometry.SourceToView;

    // A hemisphere is much larger than the picture: what lies around that stays black.
    private int BeyondPicture => _arrangement.Projection == EyeProjection.Perspective ? _arrangement.EyeWidth : 0;

    // What another frame has seen is no hole: these are true pixels.
    private void PaintBackground(StereoGeometry geometry, Eye eye, ViewImage view) => _background?.Fill(
        view, EyeCamera.Projection(_arrangement.Projection, geometry, eye, view),
        EyeCamera.Beside(geometry, eye) * geometry.SourceToView * geometry.SourceToReference.Inverse,
        _loader.Source, geometry.Camera, geometry.SourceToReference.Inverse);

    // Where every eye sees the source camera's own picture, nothing is to be torn or separated in it.
    private EdgeTreatment Edges(StereoGeometry geometry) =>
        geometry.SourceToView == Pose.Identity && _arrangement.Eyes.All(eye => eye == Eye.Middle) ? new(HoleFill.Stretch, false) : geometry.Edges;

    // Draws the whole surface, and keeps the holes of the torn one.
    private void StretchOver(StereoJob job, EyeRenderer renderer)
    {
        // Rows that follow need the tears; the rasteriser draws all at once.
        if (renderer == _rows) _rows.IgnoresTears = true;
        else SurfaceTears.MarkNone(_loader.Source);
        for (int i = 0; i < _views.Length; i++)
        {
            _holes ??= new byte[_views[i].Holes.Length];
            _views[i].Holes.CopyTo(_holes, 0);
            renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
            _holes.CopyTo(_views[i].Holes, 0);
        }
        _rows.IgnoresTears = false;
    }
}
