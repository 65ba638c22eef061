using System.Runtime.InteropServices;
using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// The second pass: gives every frame its pose from the adjusted keyframes and points. A frame that sees too little lies between its
/// neighbours and is marked. Holds a pose and a quality a frame, nothing else.
/// </summary>
/// <param name="map">The adjusted keyframes and points.</param>
/// <param name="pixelSize">Pixels of the clip for one of the tracks.</param>
internal sealed class FrameLocation(Reconstruction map, double pixelSize)
{
    private const int MinInliers = 10;
    private const double MinAgreement = 0.3;

    private readonly List<Pose?> _poses = [];
    private readonly List<PoseQuality> _qualities = [];
    private int _next;
    private long _sightings, _inliers;
    private double _squared;

    /// <summary>Share of sightings of known points that agree, 0..1.</summary>
    public double InlierShare => _sightings == 0 ? 0 : (double)_inliers / _sightings;

    /// <summary>Root mean square reprojection error of inliers, px of the clip.</summary>
    public double ReprojectionError => _inliers == 0 ? 0 : Math.Sqrt(_squared / _inliers) * pixelSize;

    /// <summary>Frames that were posed by what they see.</summary>
    public int Solved { get; private set; }

    /// <summary>Takes the next frame; all come, in order.</summary>
    public void Add(TrackedFrame frame)
    {
        while (_next < map.Frames.Count && map.Frames[_next].Index <= frame.Index) _next++;
        bool isKeyframe = _next > 0 && map.Frames[_next - 1].Index == frame.Index;
        var fit = map.Locate(frame, Guess(frame.Index), out var list);
        var sightings = CollectionsMarshal.AsSpan(list);
        _sightings += sightings.Length;
        _inliers += fit.Inliers;
        _squared += fit.SquaredError;
        if (fit.Inliers < Math.Max(MinInliers, MinAgreement * sightings.Length))
        {
            _poses.Add(null);
            _qualities.Add(new(frame.Index, PoseState.Bridged, false, sightings.Length, fit.Inliers, double.NaN, double.NaN, double.NaN));
            return;
        }
        Solved++;
        // a keyframe's pose has been adjusted together with all others
        var pose = isKeyframe ? map.Poses[_next - 1] : fit.Pose;
        var (position, rotation) = PoseRefinement.Deviation(map.Camera, pose, sightings, Reconstruction.InlierDistance, map.Freedom);
        _poses.Add(pose);
        _qualities.Add(new(frame.Index, PoseState.Solved, isKeyframe, sightings.Length, fit.Inliers,
            Median(pose, sightings) * pixelSize, position, rotation * (180 / Math.PI)));
    }

    /// <summary>All poses, camera to frame 0's camera, gaps bridged.</summary>
    public (Pose[] Poses, PoseQuality[] Qualities) Finish()
    {
        var poses = new Pose[_poses.Count];
        PoseQuality[] qualities = [.. _qualities];
        int before = -1;
        for (int i = 0; i < poses.Length; i++)
        {
            if (_poses[i] is { } known)
            {
                (poses[i], before) = (known, i);
                continue;
            }
            int after = i + 1;
            while (after < poses.Length && _poses[after] is null) after++;
            bool isLast = after == poses.Length;
            if (before < 0 || isLast) qualities[i] = qualities[i] with { State = PoseState.Held };
            poses[i] = before < 0 ? (isLast ? Pose.Identity : _poses[after]!.Value) : isLast ? poses[before]
                : CameraInterpolation.Between(poses[before], _poses[after]!.Value, (double)(i - before) / (after - before));
        }
        if (poses.Length == 0) return (poses, qualities);
        var first = poses[0].Inverse;
        for (int i = 0; i < poses.Length; i++) poses[i] = first * poses[i];
        return (poses, qualities);
    }

    // between the keyframes around it, or where the last frame was, whichever is nearer in time
    private Pose Guess(long index)
    {
        if (_next == 0) return map.Poses[0];
        if (_next == map.Frames.Count) return _poses.Count > 0 && _poses[^1] is { } last ? last : map.Poses[^1];
        long a = map.Frames[_next - 1].Index, b = map.Frames[_next].Index;
        return CameraInterpolation.Between(map.Poses[_next - 1], map.Poses[_next], (double)(index - a) / (b - a));
    }

    private double Median(Pose pose, ReadOnlySpan<PointSighting> sightings)
    {
        var errors = new double[sightings.Length];
        for (int i = 0; i < errors.Length; i++) errors[i] = PoseRefinement.SquaredResidual(map.Camera, pose, sightings[i]);
        Array.Sort(errors);
        return Math.Sqrt(errors[errors.Length / 2]);
    }
}
