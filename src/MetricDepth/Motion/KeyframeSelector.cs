using System.Numerics;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>
/// Chooses keyframes from tracks, whoever made them: a new one is due when the points have moved far enough since the last, when too few
/// of the last one's points are left, or when too much of what is seen is new.
/// </summary>
/// <param name="diagonal">The picture's diagonal, px.</param>
internal sealed class KeyframeSelector(double diagonal)
{
    private const double Motion = 0.02;
    private const double Overlap = 0.75;

    private readonly List<float> _flow = [];
    private TrackedFrame? _last;

    /// <summary>The frame, marked as a keyframe or not.</summary>
    public TrackedFrame Mark(TrackedFrame frame)
    {
        bool due = !frame.IsLost && IsDue(frame);
        if (due) _last = frame;
        return frame.IsKeyframe == due ? frame : frame with { IsKeyframe = due };
    }

    private bool IsDue(TrackedFrame frame)
    {
        if (_last is null) return true;
        _flow.Clear();
        for (int i = 0, j = 0; i < _last.Ids.Length && j < frame.Ids.Length;)
        {
            if (_last.Ids[i] < frame.Ids[j]) i++;
            else if (_last.Ids[i] > frame.Ids[j]) j++;
            else _flow.Add(Vector2.Distance(_last.Points[i++], frame.Points[j++]));
        }
        if (_flow.Count < Overlap * Math.Max(_last.Ids.Length, frame.Ids.Length)) return true;
        _flow.Sort();
        return _flow[_flow.Count / 2] > Motion * diagonal;
    }
}
