using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MetricDepth.Geometry;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// The matching cost of every pixel at every depth plane: the pixel is looked up in each neighbour where that depth would put it
/// (Collins, A Space-Sweep Approach to True Multi-Image Matching, 1996), and the best half of the views counts, because the
/// other half may look at something that hides it (Kang, Szeliski, Chai, Handling Occlusions in Dense Multi-view Stereo, 2001).
/// </summary>
internal static class PlaneSweep
{
    /// <summary>The largest cost: the sum of the best three views' differing bits.</summary>
    public const int MaxCost = 3 * CensusCost.Bits;

    // what a depth costs that no view can check: about what unrelated pixels cost
    private const byte Unseen = 40;
    private const byte Outside = 255;

    /// <summary>Fills <paramref name="volume"/>: H×W×planes, planes innermost.</summary>
    public static void Fill(
        Plane<uint> census, ReadOnlySpan<Plane<uint>> neighbours, ReadOnlySpan<PlaneWarp> warps, DepthPlanes planes,
        byte[] volume, CancellationToken cancellation)
    {
        int w = census.Width, count = planes.Count;
        var costs = new byte[neighbours.Length * count];
        var depths = new float[count];
        for (int d = 0; d < count; d++) depths[d] = planes.InverseDepth(d);
        for (int y = 0; y < census.Height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = census.Row(y);
            for (int x = 0; x < w; x++)
            {
                for (int n = 0; n < neighbours.Length; n++)
                    Look(neighbours[n], warps[n], x, y, row[x], depths, costs.AsSpan(n * count, count));
                Combine(costs, neighbours.Length, volume.AsSpan((y * w + x) * count, count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Look(Plane<uint> census, in PlaneWarp m, int x, int y, uint here, ReadOnlySpan<float> depths, Span<byte> costs)
    {
        var ax = Vector256.Create(m.Xx * x + m.Xy * y + m.Xc);
        var ay = Vector256.Create(m.Yx * x + m.Yy * y + m.Yc);
        var az = Vector256.Create(m.Zx * x + m.Zy * y + m.Zc);
        var tx = Vector256.Create(m.Tx);
        var ty = Vector256.Create(m.Ty);
        var tz = Vector256.Create(m.Tz);
        var center = Vector256.Create(here);
        var width = Vector256.Create(census.Width);
        // pixels are rounded to the nearest; those outside wrap to huge unsigned numbers
        var lastX = Vector256.Create(census.Width - 1).AsUInt32();
        var lastY = Vector256.Create(census.Height - 1).AsUInt32();
        ref float w0 = ref MemoryMarshal.GetReference(depths);
        ref byte c0 = ref MemoryMarshal.GetReference(costs);
        ref uint data = ref MemoryMarshal.GetArrayDataReference(census.Data);
        for (int d = 0; d < depths.Length; d += 16)
        {
            var lo = Eight(ref Unsafe.Add(ref w0, d), ref data);
            var hi = Eight(ref Unsafe.Add(ref w0, d + 8), ref data);
            var shorts = Vector256.Narrow(lo, hi);
            Vector128.Narrow(shorts.GetLower().AsUInt16(), shorts.GetUpper().AsUInt16()).StoreUnsafe(ref Unsafe.Add(ref c0, d));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector256<int> Eight(ref float at, ref uint data)
        {
            var w = Vector256.LoadUnsafe(ref at);
            var z = Vector256.MultiplyAddEstimate(w, tz, az);
            var n = Vector256<float>.One / z;
            var u = Vector256.ConvertToInt32(Vector256.Floor(Vector256.MultiplyAddEstimate(w, tx, ax) * n + Vector256.Create(0.5f)));
            var v = Vector256.ConvertToInt32(Vector256.Floor(Vector256.MultiplyAddEstimate(w, ty, ay) * n + Vector256.Create(0.5f)));
            var inside = (Vector256.LessThanOrEqual(u.AsUInt32(), lastX) & Vector256.LessThanOrEqual(v.AsUInt32(), lastY)).AsInt32()
                & Vector256.GreaterThan(z, Vector256<float>.Zero).AsInt32();
            var index = (v * width + u) & inside;
            var there = Gather(ref data, index);
            return Vector256.ConditionalSelect(inside, CensusCost.PopCount(there ^ center), Vector256.Create((int)Outside));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe Vector256<uint> Gather(ref uint data, Vector256<int> index)
    {
        if (Avx2.IsSupported)
        {
            fixed (uint* p = &data) return Avx2.GatherVector256(p, index, sizeof(uint));
        }
        return Vector256.Create(
            Unsafe.Add(ref data, index[0]), Unsafe.Add(ref data, index[1]), Unsafe.Add(ref data, index[2]), Unsafe.Add(ref data, index[3]),
            Unsafe.Add(ref data, index[4]), Unsafe.Add(ref data, index[5]), Unsafe.Add(ref data, index[6]), Unsafe.Add(ref data, index[7]));
    }

    /// <summary>
    /// The sum of the three smallest costs over the views; missing ones are filled with the mean of those there are. A pixel that
    /// no view sees at many of the depths (at the border of the picture) says nothing at all: else the few depths at which some
    /// view happens to see something would win.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Combine(ReadOnlySpan<byte> costs, int views, Span<byte> sum)
    {
        int count = sum.Length;
        int unseen = 0;
        var outside = Vector256.Create(Outside);
        ref byte c0 = ref MemoryMarshal.GetReference(costs);
        for (int d = 0; d < count; d += 32)
        {
            var a = outside;
            var b = outside;
            var c = outside;
            for (int n = 0; n < views; n++)
            {
                var v = Vector256.LoadUnsafe(ref c0, (nuint)(n * count + d));
                (a, v) = (Vector256.Min(a, v), Vector256.Max(a, v));
                (b, v) = (Vector256.Min(b, v), Vector256.Max(b, v));
                c = Vector256.Min(c, v);
            }
            var none = Vector256.Equals(a, outside);
            unseen += BitOperations.PopCount(none.ExtractMostSignificantBits());
            b = Vector256.ConditionalSelect(Vector256.Equals(b, outside), a, b);
            var mean = (a & b) + (((a ^ b) >>> 1) & Vector256.Create((byte)127));
            c = Vector256.ConditionalSelect(Vector256.Equals(c, outside), mean, c);
            Vector256.ConditionalSelect(none, Vector256.Create(Unseen), a + b + c).CopyTo(sum[d..]);
        }
        if (unseen > count / 4) sum.Fill(Unseen);
    }
}
