namespace MetricDepth.Rendering.Filling;

/// <summary>
/// Fills the holes of a view from the surface behind: of the two ends of a hole in a row, the farther one is what the foreground
/// hid. Its inverse depth goes on as a line, which is exact on planes, and its texture mirrored about the end, so that it has the
/// surface's own grain, begins without a seam and stands still where the surface does.
/// </summary>
internal static class HoleFiller
{
    // Ends whose inverse depths are this near to each other belong to one surface: both continue, and meet.
    private const float SameSurface = 1.08f;

    // How far one pixel's inverse depth may be from the next on one surface, relative.
    private const float LargestStep = 0.02f;

    private const int SlopeReach = 8;
    private const int LongestMirror = 256;

    /// <summary>Fills colour and inverse depth; the holes stay marked.</summary>
    /// <param name="view">What was drawn.</param>
    /// <param name="beyond">How far to continue beyond the outermost pixels seen in a row, px.</param>
    public static void Fill(ViewImage view, int beyond)
    {
        for (int y = 0; y < view.Height; y++)
        {
            var holes = view.Holes.AsSpan(view.Row(y));
            var color = view.Color.AsSpan(view.Row(y));
            var inverse = view.InverseDepth.AsSpan(view.Row(y));
            for (int from = 0; ;)
            {
                int skip = holes[from..].IndexOf(byte.MaxValue);
                if (skip < 0) break;
                from += skip;
                int length = holes[from..].IndexOfAnyExcept(byte.MaxValue);
                int to = length < 0 ? holes.Length : from + length;
                FillRun(color, inverse, holes, from == 0 ? Math.Max(0, to - beyond) : from, to == holes.Length ? Math.Min(to, from + beyond) : to);
                if (length < 0) break;
                from = to;
            }
        }
    }

    private static void FillRun(Span<uint> color, Span<float> inverse, ReadOnlySpan<byte> holes, int from, int to)
    {
        bool left = from > 0 && holes[from - 1] == 0, right = to < color.Length && holes[to] == 0;
        if (left && right)
        {
            float a = inverse[from - 1], b = inverse[to];
            if (a > b * SameSurface) left = false;
            else if (b > a * SameSurface) right = false;
        }
        if (!left && !right) return;
        var fromLeft = left ? new Side(inverse, holes, from - 1, -1, to - from) : default;
        var fromRight = right ? new Side(inverse, holes, to, 1, to - from) : default;
        for (int x = from; x < to; x++)
        {
            if (left && right)
            {
                float share = (x - from + 1f) / (to - from + 1);
                color[x] = PixelMix.Blend(color[fromLeft.Mirror(x - from)], color[fromRight.Mirror(to - 1 - x)], share);
                inverse[x] = inverse[from - 1] + (inverse[to] - inverse[from - 1]) * share;
            }
            else if (left)
            {
                color[x] = color[fromLeft.Mirror(x - from)];
                inverse[x] = fromLeft.Depth(x - from);
            }
            else
            {
                color[x] = color[fromRight.Mirror(to - 1 - x)];
                inverse[x] = fromRight.Depth(to - 1 - x);
            }
        }
    }

    // The surface at one end of a hole.
    private readonly ref struct Side
    {
        private readonly int _end, _away, _length;
        private readonly float _depth, _slope;

        // No more of the surface is looked at than a hole so wide can show.
        public Side(ReadOnlySpan<float> inverse, ReadOnlySpan<byte> holes, int end, int away, int width)
        {
            (_end, _away) = (end, away);
            int length = 1, most = Math.Clamp(width, SlopeReach + 1, LongestMirror);
            for (int at = end; length < most; length++)
            {
                int next = at + away;
                if (next < 0 || next >= inverse.Length || holes[next] != 0
                    || Math.Abs(inverse[next] - inverse[at]) > LargestStep * inverse[at]) break;
                at = next;
            }
            _length = length;
            int reach = Math.Min(SlopeReach, length - 1);
            _depth = inverse[end];
            _slope = reach > 0 ? (inverse[end + reach * away] - _depth) / reach : 0;
        }

        // The column that mirrors the pixel so many from the end, back and forth where the surface is shorter than the hole.
        public int Mirror(int distance)
        {
            if (distance < _length) return _end + _away * distance;
            int at = distance % (2 * _length);
            return _end + _away * (at < _length ? at : 2 * _length - 1 - at);
        }

        // Not beyond half or double: a slope of eight pixels does not say more.
        public float Depth(int distance) => Math.Clamp(_depth - _slope * (distance + 1), 0.5f * _depth, 2 * _depth);
    }
}
