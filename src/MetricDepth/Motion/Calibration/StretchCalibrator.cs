using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion.Calibration;

/// <summary>What one stretch of a clip says of the lens.</summary>
/// <param name="FirstFrame">Where it begins, 0-based.</param>
/// <param name="Motion">How the camera moved in it.</param>
/// <param name="Estimate">The focal length, reliable or not.</param>
internal sealed record CalibratedStretch(long FirstFrame, CalibrationMotion Motion, FocalEstimate Estimate);

/// <summary>
/// Goes through a clip's tracks stretch by stretch (so many keyframes each, cuts in between) and lets each tell the focal length by itself:
/// how far independent stretches agree is the honest measure of what is known. Holds one stretch's keyframes, whatever the clip's length.
/// </summary>
internal sealed class StretchCalibrator(int width, int height, CancellationToken cancellation)
{
    /// <summary>Keyframes of a stretch.</summary>
    public const int StretchKeyframes = 24;

    private const int MinKeyframes = 4;
    private const int MinShared = 12;

    // turning by less than this share of the picture bends nothing measurably
    private const double MinTurnFlow = 0.05;

    private readonly KeyframeSelector _selector = new(Math.Sqrt((double)width * width + (double)height * height));
    private readonly List<TrackedFrame> _keyframes = [];
    private readonly List<CalibratedStretch> _stretches = [];
    private TrackedFrame? _latest;

    /// <summary>The stretches so far.</summary>
    public IReadOnlyList<CalibratedStretch> Stretches => _stretches;

    /// <summary>Frames taken so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Takes the next frame.</summary>
    public void Add(TrackedFrame frame)
    {
        Frames++;
        if (frame.IsLost) return;
        frame = _selector.Mark(frame);
        _latest = frame;
        if (!frame.IsKeyframe) return;
        if (_keyframes.Count > 0)
        {
            Bootstrap.Common(_keyframes[^1], frame, out var shared, out _);
            if (shared.Length < MinShared) EndStretch();
        }
        _keyframes.Add(frame);
        if (_keyframes.Count == StretchKeyframes) EndStretch();
    }

    /// <summary>Judges what is left at the clip's end.</summary>
    public void Finish()
    {
        if (_latest is { IsKeyframe: false } last && _keyframes.Count > 0) _keyframes.Add(last);
        // a short rest says less than the stretches before it, but all there is where there are none
        if (_keyframes.Count >= StretchKeyframes / 2 || !_stretches.Exists(s => s.Estimate.IsReliable)) EndStretch();
    }

    private void EndStretch()
    {
        cancellation.ThrowIfCancellationRequested();
        if (_keyframes.Count >= MinKeyframes) _stretches.Add(Calibrate());
        _keyframes.Clear();
    }

    private CalibratedStretch Calibrate()
    {
        var camera = new Camera(Intrinsics.FromFieldOfView(width, height, FieldOfViewMeasurement.AssumedFov, null));
        long first = _keyframes[0].Index;
        if (Bootstrap.FindPair(camera, _keyframes, out var best) is { } pair)
            return new(first, CalibrationMotion.Moving, MovingCalibration.Run(width, height, _keyframes, pair, cancellation));
        double diagonal = Math.Sqrt((double)width * width + (double)height * height);
        if (best is null || best.Value.Turn.MedianFlow < MinTurnFlow * diagonal) return new(first, CalibrationMotion.None, FocalEstimate.None);
        return new(first, CalibrationMotion.Turning, TurningCalibration.Run(width, height, _keyframes, cancellation));
    }
}
