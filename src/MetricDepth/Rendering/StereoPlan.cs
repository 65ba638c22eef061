using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>What is decided before a frame is drawn: where its eyes are. Frames are prepared in order, on one thread.</summary>
internal sealed class StereoPlan
{
    private readonly StereoGeometry _geometry;
    private readonly ViewerPath? _path;
    private long _frame;

    /// <summary>Plans a clip.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="camera">The source camera at the size of the colour picture.</param>
    /// <param name="path">How the camera moves and the viewer with it; null for a camera that stands still.</param>
    public StereoPlan(StereoRenderOptions options, Intrinsics camera, ViewerPath? path)
    {
        _geometry = StereoGeometry.Create(camera, options.PupillaryDistance, options.ConvergenceDistance, options.RemoveEdges) with { HoleFill = options.HoleFill };
        _path = path;
    }

    /// <summary>Gives a frame, whose depth has just been read, its eyes.</summary>
    /// <returns>True: the video goes on.</returns>
    public bool Prepare(StereoJob job)
    {
        job.Geometry = _path is null ? _geometry : _geometry with { SourceToView = _path.SourceToView(_frame), SourceToReference = _path.CameraToReference(_frame) };
        _frame++;
        return true;
    }
}
