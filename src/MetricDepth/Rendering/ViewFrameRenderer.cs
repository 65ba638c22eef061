using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Rendering.Filling;
using MetricDepth.Rendering.Raster;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Renders views: source, rasteriser, mean of samples, background, camera. One instance per worker.</summary>
internal sealed class ViewFrameRenderer
{
    private readonly ViewRenderOptions _options;
    private readonly ViewPlan _plan;
    private readonly SourceLoader _loader;
    private readonly Rasterizer _rasterizer;
    private readonly Supersampling _supersampling;
    private readonly PinholeProjection _projection;
    private readonly ViewImage _samples, _view;
    private readonly byte[] _covered;
    private readonly CameraFrustum? _frustum;
    private uint[]? _loaded;

    /// <summary>Makes the scratch pictures.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="color">Size of the colour video.</param>
    /// <param name="plan">The cameras.</param>
    /// <param name="threads">Threads to draw a view with.</param>
    public ViewFrameRenderer(ViewRenderOptions options, VideoClip color, ViewPlan plan, int threads)
    {
        (_options, _plan) = (options, plan);
        _rasterizer = new(threads);
        _loader = new(options.Depth, color.Width, color.Height);
        int factor = options.Supersampling, width = plan.View.Width, height = plan.View.Height;
        _supersampling = new(factor);
        _projection = new(plan.View.Resized(width * factor, height * factor));
        _view = new(width, height);
        _samples = factor == 1 ? _view : new(width * factor, height * factor);
        _covered = factor == 1 ? [] : new byte[width * height];
        _frustum = options.ShowCamera ? new(plan.Source, plan.FrustumLength) : null;
    }

    /// <summary>Renders one view.</summary>
    /// <param name="job">The frames and where to write.</param>
    /// <param name="sameSource">The frames are those that were given to this worker before.</param>
    /// <param name="cancellation">Stops between stages: a large picture takes a while in each.</param>
    public void Render(ViewJob job, bool sameSource, CancellationToken cancellation)
    {
        // Loading changes colours at edges, so of a shared frame it takes a copy, once.
        if (!sameSource || _loaded != job.Depth)
            _loader.Load(job.Depth, sameSource ? [.. job.Color] : job.Color, _plan.Source, new(_options.HoleFill, _options.RemoveEdges));
        _loaded = job.Depth;
        cancellation.ThrowIfCancellationRequested();
        var sourceToView = _plan.SourceToView(job.SourceFrame, job.ViewFrame);
        _rasterizer.Draw(_loader.Source, _plan.Source, sourceToView, _projection, _samples);
        cancellation.ThrowIfCancellationRequested();
        if (_samples != _view) _supersampling.Reduce(_samples, _view, _covered);
        job.Holes = _view.CountHoles();
        if (_options.HoleFill == HoleFill.Background) HoleFiller.Fill(_view, BeyondBorder, sourceToView);
        if (job.ViewDepth is { } depth) CopyDepth(depth);
        DrawBackground();
        _frustum?.Draw(_view, _plan.View, sourceToView);
        for (int y = 0; y < _view.Height; y++) _view.Color.AsSpan(_view.Row(y)).CopyTo(job.Picture.Row(y));
    }

    // A motion keeps the border out of sight but for slivers, which are filled; elsewhere what lies beyond it is not made up.
    private int BeyondBorder => _options is { Motion: not null, CameraPath: null, ViewFov: null } ? _view.Width : 0;

    private void CopyDepth(Plane<float> depth)
    {
        for (int y = 0; y < depth.Height; y++)
        {
            var inverse = _view.InverseDepth.AsSpan(_view.Row(y));
            var row = depth.Row(y);
            for (int x = 0; x < row.Length; x++) row[x] = inverse[x] > 0 ? 1 / inverse[x] : 0;
        }
    }

    // What was neither seen nor filled. Where a pixel was seen in part, the background shows through in part, unless its other
    // part is the edge of something filled.
    private void DrawBackground()
    {
        uint background = _options.BackgroundColor.Pixel;
        bool mixed = _covered.Length > 0 && _options.HoleFill != HoleFill.Background;
        for (int y = 0; y < _view.Height; y++)
        {
            var row = _view.Color.AsSpan(_view.Row(y));
            var inverse = _view.InverseDepth.AsSpan(_view.Row(y));
            var covered = mixed ? _covered.AsSpan(y * row.Length, row.Length) : default;
            for (int x = 0; x < row.Length; x++)
                if (mixed) row[x] = covered[x] == byte.MaxValue ? row[x] : PixelMix.Blend(background, row[x], covered[x] / 255f);
                else if (inverse[x] <= 0) row[x] = background;
        }
    }
}
