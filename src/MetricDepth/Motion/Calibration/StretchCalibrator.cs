using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion.Calibration;

/// <summary>What one stretch of a clip says of the lens.</summary>
/// <param name="FirstFrame">Where it begins, 0-based.</param>
/// <param name="Motion">How the camera moved in it.</param>
/// <param name="Estimate">The focal length, reliable or not.</param>
internal sealed record CalibratedStretch(long FirstFrame, CalibrationMotion Motion, FocalEstimate Estimate)
{
    /// <summary>What it says, for people.</summary>
    /// <param name="width">The width that the focal length belongs to, pixels.</param>
    public string Describe(int width)
    {
        string motion = Motion switch
        {
            CalibrationMotion.Turning => "the camera turns on the spot",
            CalibrationMotion.Moving => "the camera moves through the scene",
            _ => "the camera hardly moves or turns",
        };
        double focal = Estimate.Camera.Fx;
        string lens = focal > 0 && double.IsFinite(Estimate.Deviation)
            ? string.Create(CultureInfo.InvariantCulture,
                $"{double.RadiansToDegrees(2 * Math.Atan(width / (2 * focal))):0.0}° (focal length to {Estimate.Deviation:P1}{(Estimate.IsReliable ? "" : ", too uncertain to count")})")
            : "cannot be told";
        return string.Create(CultureInfo.InvariantCulture, $"Field of view from frame {FirstFrame} on, where {motion}: {lens}.");
    }
}

/// <summary>
/// Goes through a clip's tracks stretch by stretch (so many keyframes each, cuts in between) and lets each tell the focal length by itself:
/// how far independent stretches agree (or the parts of the only one) is the honest measure of what is known. Holds one stretch's keyframes, whatever the clip's length.
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
    private TrackedFrame[] _lastReliable = [];

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
        if (_stretches.Count(s => s.Estimate.IsReliable) == 1) AskParts();
    }

    // where only one stretch tells, nothing can agree with it but its own parts
    private void AskParts()
    {
        int at = _stretches.FindIndex(s => s.Estimate.IsReliable), n = _lastReliable.Length;
        var whole = _stretches[at].Estimate;
        if (n < 3 * MinKeyframes) return;
        double squares = 0;
        int told = 0;
        foreach (var part in new[] { _lastReliable[..(2 * n / 3)], _lastReliable[(n / 3)..] })
        {
            cancellation.ThrowIfCancellationRequested();
            var estimate = Calibrate(part).Estimate;
            if (!estimate.IsReliable) continue;
            double difference = Math.Log(estimate.Camera.Fx / whole.Camera.Fx);
            squares += difference * difference;
            told++;
        }
        if (told > 0) _stretches[at] = _stretches[at] with { Estimate = whole with { Deviation = Math.Sqrt(whole.Deviation * whole.Deviation + squares / told) } };
    }

    private void EndStretch()
    {
        cancellation.ThrowIfCancellationRequested();
        if (_keyframes.Count >= MinKeyframes)
        {
            _stretches.Add(Calibrate(_keyframes));
            if (_stretches[^1].Estimate.IsReliable) _lastReliable = [.. _keyframes];
        }
        _keyframes.Clear();
    }

    private CalibratedStretch Calibrate(IReadOnlyList<TrackedFrame> keyframes)
    {
        var camera = new Camera(Intrinsics.FromFieldOfView(width, height, FieldOfViewMeasurement.AssumedFov, null));
        long first = keyframes[0].Index;
        if (Bootstrap.FindPair(camera, keyframes, cancellation, out var best) is { } pair)
            return new(first, CalibrationMotion.Moving, MovingCalibration.Run(width, height, keyframes, pair, cancellation));
        double diagonal = Math.Sqrt((double)width * width + (double)height * height);
        if (best is null || best.Value.Turn.MedianFlow < MinTurnFlow * diagonal) return new(first, CalibrationMotion.None, FocalEstimate.None);
        return new(first, CalibrationMotion.Turning, TurningCalibration.Run(width, height, keyframes, cancellation));
    }
}
