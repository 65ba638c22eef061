using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Geometry;

namespace MetricDepth.Rendering;

/// <summary>
/// Tears the surface at depth edges: where inverse depth jumps, at once or in a ramp of a few pixels as estimated depth has it.
/// On a plane inverse depth is linear over the picture, however steeply the plane is seen; so what its neighbourhood's slope
/// explains is no jump, and floors and walls stay whole up to the horizon.
/// </summary>
internal static class DepthEdges
{
    // A jump that moves both sides apart by less than this, px, for an eye this far, m, beside the camera, opens no gap worth the
    // name. The noise of sensors that triangulate is the same in inverse depth at any distance, and below it.
    private const float SmallestGap = 0.25f, Aside = 0.0315f;

    // A ramp reaches as far as its slope is this share of its steepest; it has at most so many steps on each side of that.
    private const float RampShare = 0.35f;
    private const int RampReach = 5;

    // What follows a torn ramp with at least this share of a step's slope belongs to it.
    private const float TailShare = 0.2f;

    // Of a ramp, its steepest step is at least this share of the jump.
    private const float LeastStep = 0.25f;

    /// <summary>Marks <see cref="SourceImage.TornRight"/>, and takes ramps along rows out of the inverse depth.</summary>
    public static void MarkRight(SourceImage source, Intrinsics camera)
    {
        int width = source.Width;
        float smallest = (float)(SmallestGap / (Aside * camera.Fx));
        for (int y = 0; y < source.Height; y++)
            MarkRow(source.InverseDepth.AsSpan(y * width, width), source.TornRight.AsSpan(y * width, width), smallest);
    }

    /// <summary>Marks <see cref="SourceImage.TornDown"/>, and takes ramps along columns out of the inverse depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MarkDown(SourceImage source, Intrinsics camera)
    {
        var (width, height) = (source.Width, source.Height);
        float smallest = (float)(SmallestGap / (Aside * camera.Fy));
        Array.Clear(source.TornDown);
        ref float first = ref MemoryMarshal.GetArrayDataReference(source.InverseDepth);
        for (int y = 0; y + 1 < height; y++)
        {
            int x = 0;
            for (; x + Vector256<float>.Count <= width; x += Vector256<float>.Count)
                for (uint bits = Steps(ref first, y * width + x, width, smallest); bits != 0; bits &= bits - 1)
                {
                    int column = x + BitOperations.TrailingZeroCount(bits);
                    new DepthLine(source.InverseDepth, source.TornDown, column, width, height).Look(y, smallest);
                }
            for (; x < width; x++)
                new DepthLine(source.InverseDepth, source.TornDown, x, width, height).Look(y, smallest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MarkRow(Span<float> inverse, Span<byte> torn, float smallest)
    {
        torn.Clear();
        ref float first = ref MemoryMarshal.GetReference(inverse);
        var line = new DepthLine(inverse, torn, 0, 1, inverse.Length);
        int last = inverse.Length - 1, x = 0;
        for (; x + Vector256<float>.Count <= last; x += Vector256<float>.Count)
            for (uint bits = Steps(ref first, x, 1, smallest); bits != 0; bits &= bits - 1) line.Look(x + BitOperations.TrailingZeroCount(bits), smallest);
        for (; x < last; x++) line.Look(x, smallest);
    }

    // Which of eight pixels differ enough from their next to be looked at; where one side has no depth they do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Steps(ref float first, int at, int next, float smallest)
    {
        var step = Vector256.LoadUnsafe(ref first, (nuint)at) - Vector256.LoadUnsafe(ref first, (nuint)(at + next));
        return Vector256.GreaterThan(Vector256.Abs(step), Vector256.Create(smallest * LeastStep)).ExtractMostSignificantBits();
    }

    // A row or a column of pixels.
    private readonly ref struct DepthLine(Span<float> inverse, Span<byte> torn, int start, int stride, int length)
    {
        private readonly Span<float> _inverse = inverse;
        private readonly Span<byte> _torn = torn;

        private ref float this[int i] => ref _inverse[start + i * stride];

        // Slot s lies between pixels s and s + 1. A ramp that has been taken out has no step left that would tear again.
        public void Look(int s, float smallest)
        {
            if (this[s] <= 0 || this[s + 1] <= 0) return;
            float step = this[s + 1] - this[s], sign = step > 0 ? 1 : -1;
            step *= sign;
            // Uphill to the steepest slot.
            if (Step(s + 1, sign) > step || Step(s - 1, sign) > step) return;
            if (IsTail(s, step, sign)) return;
            int from = s, to = s + 1;
            while (from > 0 && s - from < RampReach && Step(from - 1, sign) > RampShare * step) from--;
            while (to < length - 1 && to - s - 1 < RampReach && Step(to, sign) > RampShare * step) to++;
            float before = Math.Max(0, Step(from - 1, sign)), after = Math.Max(0, Step(to, sign));
            float jump = (this[to] - this[from]) * sign - (to - from) * Math.Max(before, after);
            if (jump < smallest) return;
            for (int i = from + 1; i <= s; i++) this[i] = this[from] + sign * before * (i - from);
            for (int i = to - 1; i > s; i--) this[i] = this[to] - sign * after * (to - i);
            _torn[start + s * stride] = SourceImage.Torn(0.5f);
        }

        // Whether the slope leads back without a break to a tear of the same edge.
        private bool IsTail(int s, float step, float sign)
        {
            for (int slot = s - 1; slot >= 0 && slot >= s - RampReach; slot--)
            {
                if (_torn[start + slot * stride] != 0) return (this[slot + 1] - this[slot]) * sign > step;
                if (Step(slot, sign) < TailShare * step) return false;
            }
            return false;
        }

        // How much inverse depth grows over a slot, in the direction given; nothing where there is no depth, or a tear.
        private float Step(int slot, float sign) =>
            slot >= 0 && slot + 1 < length && this[slot] > 0 && this[slot + 1] > 0 && _torn[start + slot * stride] == 0 ? (this[slot + 1] - this[slot]) * sign : 0;
    }
}
