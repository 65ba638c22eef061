using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Finished depth from frame to frame, in order: what agrees with the frame before is steadied, what is only guessed follows what was
/// known before of the same thing, and frames that could not be matched get their neighbour's.
/// </summary>
internal sealed class SteadyDepth
{
    private readonly CameraMotion _motion;
    private readonly Intrinsics _camera;
    private readonly MotionStereoSettings _settings;
    private readonly KeyDepth? _seed;
    private readonly KeyDepth _next;
    private KeyDepth? _previous;

    /// <summary>Begins before the first frame.</summary>
    /// <param name="motion">Poses of all frames.</param>
    /// <param name="camera">The camera at the working size.</param>
    /// <param name="settings">How much is blended.</param>
    /// <param name="seed">A frame whose depth is known before its turn; may be null.</param>
    public SteadyDepth(CameraMotion motion, Intrinsics camera, MotionStereoSettings settings, KeyDepth? seed)
    {
        (_motion, _camera, _settings, _seed) = (motion, camera, settings, seed);
        _previous = seed;
        _next = new(-1, camera.Width, camera.Height);
    }

    /// <summary>Takes the next frame, and changes it in place.</summary>
    public void Add(int frame, Plane<uint> color, MatchingBuffers.CheckedDepth depth, CancellationToken cancellation)
    {
        if (_previous is not null)
        {
            var warp = new PlaneWarp(_motion.Poses[frame], _motion.Poses[_previous.Index], _camera);
            if (!depth.IsMatched) TemporalFilter.Carry(depth.InverseDepth, depth.Confidence, _previous, warp);
            else if (_previous.Index == frame - 1)
                TemporalFilter.Blend(depth.InverseDepth, depth.Confidence, color, _previous, warp, _settings, cancellation);
        }
        if (_previous is null && !depth.IsMatched) return;
        if (_previous is null || _previous == _seed) _previous = _next;
        depth.InverseDepth.Span.CopyTo(_previous.InverseDepth.Span);
        depth.Confidence.Span.CopyTo(_previous.Confidence.Span);
        color.Span.CopyTo(_previous.Color.Span);
        _previous.Index = frame;
    }
}
