using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Motion.Adjustment;

namespace MetricDepth.Motion.DepthAssisted;

/// <summary>A frame posed against the finished map; no pose where it sees too little.</summary>
internal readonly record struct FinalFrame(Pose? Pose, PoseQuality Quality, int Sightings, int Inliers, double SquaredError);

/// <summary>The second pass: every frame is posed by itself against the finished map.</summary>
internal sealed class FinalPass(PointMap map, PoseFreedom freedom, IReadOnlyList<FirstPose> first)
{
    private readonly ThreadLocal<Desk> _desks = new(() => new(new(map.Camera, map.Tracks, freedom)));
    private readonly Dictionary<long, MapKeyframe> _keyframes = map.Keyframes.ToDictionary(k => k.Frame);

    private sealed record Desk(PoseFitting Fitting)
    {
        public List<KnownPoint> Known { get; } = [];

        public List<MapPoint> Owners { get; } = [];

        public List<double> Errors { get; } = [];
    }

    /// <summary>Poses one frame; may be called from many threads.</summary>
    public FinalFrame Solve(SightedFrame frame)
    {
        var (fitting, known, errors) = (_desks.Value!.Fitting, _desks.Value.Known, _desks.Value.Errors);
        map.Match(frame, freedom == PoseFreedom.RotationOnly, known, _desks.Value.Owners);
        var points = CollectionsMarshal.AsSpan(known);
        var keyframe = _keyframes.GetValueOrDefault(frame.Index);
        var guess = keyframe?.Pose ?? Guess(frame.Index);
        var fit = fitting.Run(guess, points, null);
        bool isSolved = keyframe is not null || FrameAcceptance.Accepts(fit, points.Length, map.MedianDepth);
        // a keyframe's pose is the adjustment's, which has seen more than this frame
        var pose = keyframe?.Pose ?? fit.Pose;
        errors.Clear();
        int inliers = 0;
        double squared = 0;
        foreach (ref readonly var p in points)
        {
            double e = fitting.Error(pose, p);
            errors.Add(e);
            if (!(fitting.SquaredDeviations(pose, p) <= fitting.InlierSquare)) continue;
            inliers++;
            squared += e * e;
        }
        int all = points.Length + map.CountOutliers(frame);
        errors.Sort();
        double median = errors.Count > 0 ? errors[errors.Count / 2] : double.NaN;
        var quality = isSolved
            ? new PoseQuality(frame.Index, PoseState.Solved, keyframe is not null, all, inliers, median, fit.PositionDeviation, fit.RotationDeviation * (180 / Math.PI))
            : new PoseQuality(frame.Index, PoseState.Bridged, false, all, inliers, median, double.NaN, double.NaN);
        return new(isSolved ? pose : null, quality, all, inliers, squared);
    }

    // where the first pass had it, carried along with its keyframe; else between the keyframes around it
    private Pose Guess(long frame)
    {
        if (frame < first.Count && first[(int)frame] is { Keyframe: >= 0 } f) return map.Keyframes[f.Keyframe].Pose * f.InKeyframe;
        MapKeyframe? before = null, after = null;
        foreach (var k in map.Keyframes)
        {
            if (k.Frame <= frame) before = k;
            else after ??= k;
        }
        if (before is null || after is null) return (before ?? after)!.Pose;
        return CameraInterpolation.Between(before.Pose, after.Pose, (double)(frame - before.Frame) / (after.Frame - before.Frame));
    }
}
