using System.Globalization;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>What is decided before a frame is drawn: where its eyes are. Frames are prepared in order, on one thread.</summary>
internal sealed class StereoPlan
{
    private readonly StereoRenderOptions _options;
    private readonly StereoGeometry _geometry;
    private readonly ViewerPath? _path;
    private readonly IReadOnlyList<double>? _fieldsOfView;
    private readonly DepthSample? _sample;
    private readonly AutoConvergence? _auto;
    private long _frame;

    /// <summary>Plans a clip.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="camera">The source camera at the size of the colour picture.</param>
    /// <param name="fieldsOfView">The horizontal field of view of each frame, degrees; null where it stays as it is.</param>
    /// <param name="path">How the camera moves and the viewer with it; null for a camera that stands still.</param>
    public StereoPlan(StereoRenderOptions options, Intrinsics camera, IReadOnlyList<double>? fieldsOfView = null, ViewerPath? path = null)
    {
        _options = options;
        _path = path;
        _fieldsOfView = fieldsOfView;
        _geometry = StereoGeometry.Create(camera, options.PupillaryDistance, options.ConvergenceDistance?.Metres, options.RemoveEdges) with { HoleFill = options.HoleFill };
        if (!StereoComfort.HasDisparity(options.Layout)) return;
        _sample = new(options.Depth);
        if (options.ConvergenceDistance is { Metres: null }) _auto = new(_sample, options.Depth.FramesPerSecond);
    }

    /// <summary>How far apart the eyes have seen things so far; empty in layouts that show no two flat pictures.</summary>
    public DisparityRange Disparity { get; } = new();

    /// <summary>Disparity of a point at 1 m with parallel eyes, percent of the picture's width, in the last frame.</summary>
    public double PercentPerInverse { get; private set; }

    /// <summary>Gives a frame, whose depth has just been read, its eyes.</summary>
    /// <returns>True: the video goes on.</returns>
    public bool Prepare(StereoJob job)
    {
        var geometry = _geometry;
        if (_fieldsOfView is not null)
        {
            geometry = geometry with { Camera = CameraOf(_frame) };
            // who keeps a frame's camera keeps its lens
            if (_path is { LockFrame: { } locked }) geometry = geometry with { ViewCamera = CameraOf(locked) };
        }
        if (_path is not null) geometry = geometry with { SourceToView = _path.SourceToView(_frame), SourceToReference = _path.CameraToReference(_frame) };
        _frame++;
        job.Geometry = Converge(geometry, job.Depth);
        return true;
    }

    private StereoGeometry Converge(StereoGeometry geometry, ReadOnlySpan<uint> depth)
    {
        if (_sample is null) return geometry;
        _sample.Read(depth, geometry);
        PercentPerInverse = 100 * geometry.Camera.Fx * geometry.Baseline / geometry.Camera.Width;
        double screen = _auto?.Next(PercentPerInverse) ?? (geometry.ConvergenceDistance is { } metres ? 1 / metres : 0);
        Disparity.Add(_sample.InverseDepth, screen, PercentPerInverse);
        return _auto is null ? geometry : geometry with { ConvergenceDistance = screen > 0 ? 1 / screen : null };
    }

    /// <summary>The source camera of a frame, at the size of the colour picture.</summary>
    /// <exception cref="MetricDepthException">The list of fields of view ends before the frame.</exception>
    public Intrinsics CameraOf(long frame) => _fieldsOfView is null ? _geometry.Camera : frame < _fieldsOfView.Count
        ? Intrinsics.FromFieldOfView(_geometry.Camera.Width, _geometry.Camera.Height, _fieldsOfView[(int)frame], null)
        : throw new MetricDepthException("FieldOfViewListTooShort", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
            $"'{_options.FieldOfViewPath}' has {_fieldsOfView.Count} fields of view, and the depth video more frames. Give a list with one for each, or -MaxFrames {_fieldsOfView.Count}."));
}
