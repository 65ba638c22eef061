using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>What is decided before a frame is drawn: where its eyes are. Frames are prepared in order, on one thread.</summary>
internal sealed class StereoPlan
{
    private readonly StereoGeometry _geometry;

    /// <summary>Plans a clip.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="camera">The source camera at the size of the colour picture.</param>
    public StereoPlan(StereoRenderOptions options, Intrinsics camera) =>
        _geometry = StereoGeometry.Create(camera, options.PupillaryDistance, options.ConvergenceDistance, options.RemoveEdges) with { HoleFill = options.HoleFill };

    /// <summary>Gives a frame, whose depth has just been read, its eyes.</summary>
    /// <returns>True: the video goes on.</returns>
    public bool Prepare(StereoJob job)
    {
        job.Geometry = _geometry;
        return true;
    }
}
