using MetricDepth.Depth;
using MetricDepth.Geometry;
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
        _loader.Load(job.Depth, job.Color, job.Geometry.Camera, job.Geometry.RemoveEdges);
        job.Holes = 0;
        var renderer = Renderer(job.Geometry);
        for (int i = 0; i < _views.Length; i++)
        {
            renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
            job.Holes += _views[i].CountHoles();
        }
        for (int y = 0; y < _arrangement.EyeHeight; y++) _arrangement.Place(new EyeRows(_views, y), y, job.Picture, job.Mask);
    }

    private EyeRenderer Renderer(StereoGeometry geometry) => geometry.SourceToView == Pose.Identity && _arrangement.Projection == EyeProjection.Perspective
        && (_arrangement.EyeWidth, _arrangement.EyeHeight) == (_loader.Source.Width, _loader.Source.Height) ? _rows : _raster;
}
