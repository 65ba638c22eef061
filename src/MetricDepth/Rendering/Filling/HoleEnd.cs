namespace MetricDepth.Rendering.Filling;

/// <summary>The surface at which a hole ends in one direction.</summary>
internal readonly struct HoleEnd
{
    // Ends whose inverse depths are this near to each other belong to one surface.
    private const float SameSurface = 1.08f;

    // How far one pixel's inverse depth may be from the next on one surface, relative.
    private const float LargestStep = 0.02f;

    // Over how many pixels the slope of the surface is taken, and how many are mirrored at most before it goes back again.
    private const int SlopeReach = 8, MirrorReach = 256;

    private readonly int _end, _away, _length;
    private readonly float _depth, _slope;

    /// <summary>Follows the surface away from a hole.</summary>
    /// <param name="view">The view.</param>
    /// <param name="end">The last pixel seen: an index into the view's planes.</param>
    /// <param name="away">From one pixel to the next, away from the hole.</param>
    /// <param name="most">Pixels up to the border of the view, this one included.</param>
    public HoleEnd(ViewImage view, int end, int away, int most)
    {
        (_end, _away) = (end, away);
        var inverse = view.InverseDepth;
        most = Math.Min(most, MirrorReach);
        int length = 1;
        for (int at = end; length < most; length++, at += away)
            if (view.Holes[at + away] != 0 || Math.Abs(inverse[at + away] - inverse[at]) > LargestStep * inverse[at]) break;
        _length = length;
        int reach = Math.Min(SlopeReach, length) - 1;
        _depth = inverse[end];
        _slope = reach > 0 ? (inverse[end + reach * away] - _depth) / reach : 0;
    }

    /// <summary>Of two opposite ends, leaves out the one that hides the other's surface.</summary>
    public static void DropNearer(ref HoleEnd a, ref HoleEnd b)
    {
        if (a._length == 0 || b._length == 0) return;
        if (a._depth > b._depth * SameSurface) a = default;
        else if (b._depth > a._depth * SameSurface) b = default;
    }

    /// <summary>What the end counts for a pixel so far away; 0 if there is no end.</summary>
    public float Weight(int distance)
    {
        if (_length == 0) return 0;
        float square = _depth * _depth;
        return 1 / (square * square * distance * distance);
    }

    /// <summary>Whether there is nothing in this direction.</summary>
    public bool IsNone => _length == 0;

    /// <summary>How many pixels of the surface are of use to a pixel so far away.</summary>
    public static int Needed(int distance) => Math.Max(distance, SlopeReach);

    /// <summary>The pixel that mirrors the one so far from the end, back and forth where the surface is shorter than the hole.</summary>
    public int Mirror(int distance)
    {
        if (distance <= _length) return _end + _away * (distance - 1);
        int at = (distance - 1) % (2 * _length);
        return _end + _away * (at < _length ? at : 2 * _length - 1 - at);
    }

    /// <summary>The surface's inverse depth so far from the end; not beyond half or double, as a slope of eight pixels does not say more.</summary>
    public float Depth(int distance) => Math.Clamp(_depth - _slope * distance, 0.5f * _depth, 2 * _depth);
}
