using System.Buffers;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering.Filling;

/// <summary>
/// Fills the holes of a view from the surface behind. From each pixel of a hole it looks left, right, up and down to where something
/// was seen. Of two opposite ends the nearer one is the foreground that hid the place, and does not count; of the others each
/// counts the more the closer it is, and the farther away in depth. Inverse depth goes on from an end as a line, which is exact on
/// planes, and texture mirrored about the end, so that it has the surface's own grain, begins without a seam and stands still
/// where the surface does.
/// </summary>
internal static class HoleFiller
{
    // An end that counts less than this share of the best does not take part: mixing blurs.
    private const float LeastShare = 0.1f;

    // Up and down are looked at only where they may count: not so many times further than the sides.
    private const int Further = 8;

    // Where the viewer went straight to a side, the ends up and down still count a little.
    private const float LeastDirection = 0.05f;

    // Distances up and down to what was seen, for each pixel of a hole, and what they count compared with the sides.
    private readonly record struct Columns(ushort[] Up, ushort[] Down, float Share);

    /// <summary>Fills colour and inverse depth; the holes stay marked.</summary>
    /// <param name="view">What was drawn.</param>
    /// <param name="beyond">How far to continue beyond the outermost pixels seen in a row, px.</param>
    /// <param name="sourceToView">The source camera's axes to those of the view: where the viewer went sideways, holes opened sideways.</param>
    public static void Fill(ViewImage view, int beyond, Pose sourceToView)
    {
        var (x, y, z) = (sourceToView.Translation.X, sourceToView.Translation.Y, sourceToView.Translation.Z);
        // Forwards and backwards they open all round.
        double sideways = x * x + z * z / 2, upward = y * y + z * z / 2, both = sideways + upward + double.Epsilon;
        float sides = LeastDirection + (float)(sideways / both), ends = LeastDirection + (float)(upward / both);
        ushort[] up = ArrayPool<ushort>.Shared.Rent(view.Holes.Length), down = ArrayPool<ushort>.Shared.Rent(view.Holes.Length);
        MeasureColumns(view, up, down);
        for (int row = 0; row < view.Height; row++)
            for (int from = 0; NextRun(view, row, ref from, out int to); from = to)
                FillRun(view, row, from, to, beyond, new(up, down, ends / sides));
        if (beyond >= view.Width) FillCorners(view);
        ArrayPool<ushort>.Shared.Return(up);
        ArrayPool<ushort>.Shared.Return(down);
    }

    /// <summary>The same from left and right only, each row by itself: all that eyes on a horizontal baseline uncover lies along rows.</summary>
    /// <param name="view">What was drawn; may be a band of the picture.</param>
    /// <param name="beyond">How far to continue beyond the outermost pixels seen in a row, px.</param>
    public static void FillRows(ViewImage view, int beyond)
    {
        for (int y = 0; y < view.Height; y++)
            for (int from = 0; NextRun(view, y, ref from, out int to); from = to)
                FillRun(view, y, from, to, beyond, default);
    }

    // Corners from which nothing was seen in any of the four directions mirror what has been filled in beside them.
    private static void FillCorners(ViewImage view)
    {
        for (int y = 0; y < view.Height; y++)
        {
            var color = view.Color.AsSpan(view.Row(y));
            var inverse = view.InverseDepth.AsSpan(view.Row(y));
            int first = inverse.IndexOfAnyExcept(0f), last = inverse.LastIndexOfAnyExcept(0f);
            if (first < 0) continue;
            for (int x = first - 1; x >= 0; x--) Mirror(color, inverse, x, Math.Min(2 * first - 1 - x, last));
            for (int x = last + 1; x < view.Width; x++) Mirror(color, inverse, x, Math.Max(2 * last + 1 - x, first));
        }

        static void Mirror(Span<uint> color, Span<float> inverse, int to, int from) => (color[to], inverse[to]) = (color[from], inverse[from]);
    }

    private static bool NextRun(ViewImage view, int y, ref int from, out int to)
    {
        var holes = view.Holes.AsSpan(view.Row(y));
        int skip = holes[from..].IndexOf(byte.MaxValue);
        from += skip;
        to = from;
        if (skip < 0) return false;
        int length = holes[from..].IndexOfAnyExcept(byte.MaxValue);
        to = length < 0 ? holes.Length : from + length;
        return true;
    }

    // How far it is up and down to the nearest pixel seen; 0 where there is none. Only holes are looked at.
    private static void MeasureColumns(ViewImage view, ushort[] up, ushort[] down)
    {
        for (int y = 0; y < view.Height; y++)
            for (int from = 0; NextRun(view, y, ref from, out int to); from = to)
                for (int x = from, at = y * view.Stride + from; x < to; x++, at++)
                    up[at] = y == 0 ? (ushort)0 : view.Holes[at - view.Stride] == 0 ? (ushort)1 : OneMore(up[at - view.Stride]);
        for (int y = view.Height - 1; y >= 0; y--)
            for (int from = 0; NextRun(view, y, ref from, out int to); from = to)
                for (int x = from, at = y * view.Stride + from; x < to; x++, at++)
                    down[at] = y == view.Height - 1 ? (ushort)0 : view.Holes[at + view.Stride] == 0 ? (ushort)1 : OneMore(down[at + view.Stride]);
    }

    private static ushort OneMore(ushort distance) => distance == 0 ? distance : (ushort)(distance + 1);

    private static void FillRun(ViewImage view, int y, int from, int to, int beyond, Columns columns)
    {
        int row = y * view.Stride;
        int needed = HoleEnd.Needed(to - from);
        var left = from > 0 ? new HoleEnd(view, row + from - 1, -1, Math.Min(from, needed)) : default;
        var right = to < view.Width ? new HoleEnd(view, row + to, 1, Math.Min(view.Width - to, needed)) : default;
        HoleEnd.DropNearer(ref left, ref right);
        int first = from == 0 ? Math.Max(0, to - beyond) : from, end = to == view.Width ? Math.Min(to, from + beyond) : to;
        if (columns.Up is null && left.IsNone != right.IsNone)
        {
            for (int x = first; x < end; x++)
                if (left.IsNone) Continue(view, row + x, right, to - x);
                else Continue(view, row + x, left, x - from + 1);
            return;
        }
        for (int x = first; x < end; x++)
        {
            int at = row + x;
            HoleEnd above = default, below = default;
            if (columns.Up is null)
            {
                Mix(view, at, left, x - from + 1, right, to - x, above, 0, below, 0, 0);
                continue;
            }
            var (up, down) = (columns.Up[at], columns.Down[at]);
            int side = Math.Min(left.IsNone ? int.MaxValue / Further : x - from + 1, right.IsNone ? int.MaxValue / Further : to - x);
            if (up != 0 && up <= side * Further)
                above = new(view, at - up * view.Stride, -view.Stride, Math.Min(y - up + 1, HoleEnd.Needed(up)));
            if (down != 0 && down <= side * Further)
                below = new(view, at + down * view.Stride, view.Stride, Math.Min(view.Height - y - down, HoleEnd.Needed(down)));
            HoleEnd.DropNearer(ref above, ref below);
            Mix(view, at, left, x - from + 1, right, to - x, above, up, below, down, columns.Share);
        }
    }

    private static void Continue(ViewImage view, int at, in HoleEnd end, int distance)
    {
        view.Color[at] = view.Color[end.Mirror(distance)] & 0xFFFFFF;
        view.InverseDepth[at] = end.Depth(distance);
    }

    private static void Mix(ViewImage view, int at, in HoleEnd left, int toLeft, in HoleEnd right, int toRight, in HoleEnd above, int toAbove, in HoleEnd below, int toBelow, float columnShare)
    {
        float a = left.Weight(toLeft), b = right.Weight(toRight), c = columnShare * above.Weight(toAbove), d = columnShare * below.Weight(toBelow);
        float best = Math.Max(Math.Max(a, b), Math.Max(c, d));
        if (best <= 0) return;
        float sum = 0, inverse = 0;
        uint color = 0;
        Add(left, toLeft, a);
        Add(right, toRight, b);
        Add(above, toAbove, c);
        Add(below, toBelow, d);
        view.Color[at] = color;
        view.InverseDepth[at] = inverse / sum;

        void Add(in HoleEnd end, int distance, float weight)
        {
            if (weight < best * LeastShare) return;
            sum += weight;
            color = PixelMix.Blend(color, view.Color[end.Mirror(distance)], weight / sum);
            inverse += end.Depth(distance) * weight;
        }
    }
}
