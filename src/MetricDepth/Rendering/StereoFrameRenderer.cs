using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Renders stereo frames: source, eyes, arrangement. One instance per worker.</summary>
internal sealed class StereoFrameRenderer
{
    private readonly StereoArrangement _arrangement;
    private readonly SourceLoader _loader;
    private readonly EyeRenderer _renderer;
    private readonly ViewImage[] _views;

    /// <summary>Makes the scratch pictures.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="color">Size of the colour video.</param>
    /// <param name="arrangement">Which eyes there are, and where they go.</param>
    public StereoFrameRenderer(DepthVideo depth, VideoClip color, StereoArrangement arrangement)
    {
        _arrangement = arrangement;
        _loader = new(depth, color.Width, color.Height);
        _renderer = new RowEyeRenderer(color.Width);
        _views = [.. arrangement.Eyes.Select(_ => new ViewImage(arrangement.EyeWidth, arrangement.EyeHeight))];
    }

    /// <summary>Renders one frame.</summary>
    public void Render(StereoJob job)
    {
        _loader.Load(job.Depth, job.Color, job.Geometry.Camera, job.Geometry.RemoveEdges);
        job.Holes = 0;
        for (int i = 0; i < _views.Length; i++)
        {
            _renderer.Render(_loader.Source, job.Geometry, _arrangement.Eyes[i], _views[i]);
            job.Holes += _views[i].CountHoles();
        }
        for (int y = 0; y < _arrangement.EyeHeight; y++) _arrangement.Place(new EyeRows(_views, y), y, job.Picture, job.Mask);
    }
}
