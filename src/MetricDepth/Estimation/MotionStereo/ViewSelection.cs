using MetricDepth.Geometry;
using MetricDepth.Motion;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// The frames that others are matched and checked against: all of them while the camera travels quickly, only some where it is slow
/// or stands still, so that a fixed number of them spans the wanted parallax in slow motion as well as at a run.
/// </summary>
internal sealed class ViewSelection
{
    private readonly int[] _frames;

    /// <summary>Chooses the views of a clip.</summary>
    /// <param name="motion">Poses and depths of all frames.</param>
    /// <param name="camera">The camera at the working size.</param>
    /// <param name="settings">How far apart views are to be.</param>
    public ViewSelection(CameraMotion motion, Intrinsics camera, MotionStereoSettings settings)
    {
        var chosen = new List<int> { 0 };
        for (int i = 1; i < motion.Poses.Count; i++)
        {
            var (span, overlap) = NeighbourSelection.Measure(motion.Poses[i], motion.Poses[chosen[^1]], camera, motion.SceneDepths[i]);
            // a camera that only turns shows new things without any parallax
            if (span >= settings.ViewSpacing || overlap < settings.ViewOverlap) chosen.Add(i);
        }
        _frames = [.. chosen];
        IsEveryFrame = _frames.Length == motion.Poses.Count;
    }

    /// <summary>Whether no frame is left out.</summary>
    public bool IsEveryFrame { get; }

    /// <summary>How many views there are.</summary>
    public int Count => _frames.Length;

    /// <summary>The frame number of a view.</summary>
    public int this[int view] => _frames[view];

    /// <summary>Whether a frame is a view.</summary>
    public bool Contains(int frame) => Array.BinarySearch(_frames, frame) >= 0;

    /// <summary>How many views come before a frame, itself not counted.</summary>
    public int CountBefore(int frame)
    {
        int at = Array.BinarySearch(_frames, frame);
        return at >= 0 ? at : ~at;
    }

    /// <summary>How many views there are up to a frame, itself counted.</summary>
    public int CountUpTo(int frame) => CountBefore(frame + 1);

    /// <summary>The <paramref name="distance"/>-th view before (negative) or after a frame; null beyond the clip's ends.</summary>
    public int? Beside(int frame, int distance)
    {
        int view = distance < 0 ? CountBefore(frame) + distance : CountUpTo(frame) + distance - 1;
        return view >= 0 && view < _frames.Length ? _frames[view] : null;
    }

    /// <summary>The views before a frame, at most <paramref name="most"/>, oldest first.</summary>
    public ReadOnlySpan<int> Before(int frame, int most)
    {
        int end = CountBefore(frame);
        return _frames.AsSpan(Math.Max(0, end - most)..end);
    }

    /// <summary>The views after a frame, at most <paramref name="most"/>.</summary>
    public ReadOnlySpan<int> After(int frame, int most)
    {
        int start = CountUpTo(frame);
        return _frames.AsSpan(start..Math.Min(_frames.Length, start + most));
    }
}
