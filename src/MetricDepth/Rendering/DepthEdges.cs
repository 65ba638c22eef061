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

    // Of a ramp, its steepest step is at least this share of the jump.
    private const float LeastStep = 0.25f;

    /// <summary>Marks <see cref="SourceImage.TornRight"/> and <see cref="SourceImage.TornDown"/>, and takes ramps out of the inverse depth.</summary>
    public static void Mark(SourceImage source, Intrinsics camera)
    {
        var (width, height) = (source.Width, source.Height);
        float smallest = (float)(SmallestGap / (Aside * camera.Fx));
        for (int y = 0; y < height; y++)
            MarkRow(source.InverseDepth.AsSpan(y * width, width), source.TornRight.AsSpan(y * width, width), smallest);
        Array.Clear(source.TornDown);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MarkRow(Span<float> inverse, Span<byte> torn, float smallest)
    {
        torn.Clear();
        ref float first = ref MemoryMarshal.GetReference(inverse);
        int done = 0, last = inverse.Length - 1, x = 0;
        for (; x + Vector256<float>.Count <= last; x += Vector256<float>.Count)
        {
            var a = Vector256.LoadUnsafe(ref first, (nuint)x);
            var b = Vector256.LoadUnsafe(ref first, (nuint)x + 1);
            // Where one side has no depth the step is large; both ends are looked at below.
            var steps = Vector256.GreaterThan(Vector256.Abs(a - b), Vector256.Create(smallest * LeastStep));
            for (uint bits = steps.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                done = Look(inverse, torn, x + BitOperations.TrailingZeroCount(bits), done, smallest);
        }
        for (; x < last; x++)
            if (Math.Abs(inverse[x] - inverse[x + 1]) > smallest * LeastStep) done = Look(inverse, torn, x, done, smallest);
    }

    // Slot s lies between pixels s and s + 1. Returns the first slot that is still to be looked at.
    private static int Look(Span<float> inverse, Span<byte> torn, int s, int done, float smallest)
    {
        if (s < done || inverse[s] <= 0 || inverse[s + 1] <= 0) return done;
        float step = inverse[s + 1] - inverse[s], sign = step > 0 ? 1 : -1;
        step *= sign;
        // Uphill to the steepest slot; the one before was looked at already, and did not tear.
        if (Step(inverse, s + 1, sign) > step) return done;
        int from = s, to = s + 1;
        while (from > 0 && s - from < RampReach && Step(inverse, from - 1, sign) > RampShare * step) from--;
        while (to < inverse.Length - 1 && to - s - 1 < RampReach && Step(inverse, to, sign) > RampShare * step) to++;
        float before = Math.Max(0, Step(inverse, from - 1, sign)), after = Math.Max(0, Step(inverse, to, sign));
        float jump = (inverse[to] - inverse[from]) * sign - (to - from) * Math.Max(before, after);
        if (jump < smallest) return done;
        for (int i = from + 1; i <= s; i++) inverse[i] = inverse[from] + sign * before * (i - from);
        for (int i = to - 1; i > s; i--) inverse[i] = inverse[to] - sign * after * (to - i);
        torn[s] = SourceImage.Torn(0.5f);
        return to;
    }

    // How much inverse depth grows over a slot, in the direction given; nothing where there is no depth.
    private static float Step(Span<float> inverse, int slot, float sign) =>
        slot >= 0 && slot + 1 < inverse.Length && inverse[slot] > 0 && inverse[slot + 1] > 0 ? (inverse[slot + 1] - inverse[slot]) * sign : 0;
}
