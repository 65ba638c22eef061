using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>Picks each pixel's depth from its summed costs: the cheapest plane, refined between planes, and how clearly it won.</summary>
/// <param name="planes">The depths tried.</param>
/// <param name="inverseDepth">Receives inverse depth, 0 where nothing stood out.</param>
/// <param name="confidence">Receives 0..1.</param>
internal sealed class DepthSelection(DepthPlanes planes, Plane<float> inverseDepth, Plane<float> confidence)
{
    // a rival plane this many times as costly as the winner leaves no doubt
    private const float ClearMargin = 0.12f;

    /// <summary>Takes one pixel's costs.</summary>
    public void Select(ReadOnlySpan<ushort> sum, int x, int y)
    {
        int best = IndexOfLeast(sum);
        int least = sum[best];
        if (best == sum.Length - 1)
        {
            // the cheapest lies nearer than anything that was tried
            inverseDepth[x, y] = 0;
            confidence[x, y] = 0;
            return;
        }
        float at = best;
        if (best > 0)
        {
            // equiangular line fit: the census cost falls and rises as a V, not a parabola
            int left = sum[best - 1] - least, right = sum[best + 1] - least;
            int steep = Math.Max(left, right);
            if (steep > 0) at += 0.5f * (left - right) / steep;
        }
        int rival = int.MaxValue;
        if (best > 2) rival = LeastOf(sum[..(best - 2)]);
        if (best + 3 < sum.Length) rival = Math.Min(rival, LeastOf(sum[(best + 3)..]));
        inverseDepth[x, y] = planes.InverseDepth(at);
        confidence[x, y] = Math.Clamp((rival - least) / (ClearMargin * (least + 40)), 0, 1);
    }

    private static int IndexOfLeast(ReadOnlySpan<ushort> v) => v.IndexOf((ushort)LeastOf(v));

    private static int LeastOf(ReadOnlySpan<ushort> v)
    {
        int least = ushort.MaxValue, i = 0;
        if (v.Length >= 16)
        {
            ref ushort r = ref MemoryMarshal.GetReference(v);
            var m = Vector256.LoadUnsafe(ref r);
            for (i = 16; i + 16 <= v.Length; i += 16) m = Vector256.Min(m, Vector256.LoadUnsafe(ref r, (nuint)i));
            var h = Vector128.Min(m.GetLower(), m.GetUpper());
            for (int k = 0; k < 8; k++) least = Math.Min(least, h[k]);
        }
        for (; i < v.Length; i++) least = Math.Min(least, v[i]);
        return least;
    }
}
