using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Semi-global aggregation (Hirschmüller, Stereo Processing by Semiglobal Matching and Mutual Information, 2008): the cost of a
/// depth is summed along eight directions, each of which pays a little for one plane's step and more, less so across an edge of
/// the picture, for a larger one. Two passes over the picture: down with four directions, then up with the other four.
/// </summary>
internal sealed class SemiGlobalAggregation
{
    private const int Pad = 32;
    private const byte Wall = 255;

    private readonly int _width, _height;
    private readonly byte[] _penalty = new byte[256];
    private readonly byte _small;
    private readonly ushort[] _sum;
    // path costs of the previous and the current row, three directions that come from the previous row; and the one along the row
    private readonly byte[][] _previous = new byte[3][], _current = new byte[3][];
    private readonly byte[][] _previousMin = new byte[3][], _currentMin = new byte[3][];
    private readonly byte[][] _along = new byte[2][];

    public SemiGlobalAggregation(int width, int height, int maxPlanes, MotionStereoSettings settings)
    {
        (_width, _height) = (width, height);
        _sum = new ushort[(long)width * height * maxPlanes];
        int stride = maxPlanes + 2 * Pad;
        for (int i = 0; i < 3; i++)
        {
            _previous[i] = new byte[(width + 2) * stride];
            _current[i] = new byte[(width + 2) * stride];
            _previousMin[i] = new byte[width + 2];
            _currentMin[i] = new byte[width + 2];
        }
        _along[0] = new byte[stride];
        _along[1] = new byte[stride];
        _small = (byte)settings.SmallStepPenalty;
        for (int i = 0; i < 256; i++)
        {
            double flat = Math.Exp(-i / 10.0);
            _penalty[i] = (byte)Math.Round(settings.EdgeStepPenalty + (settings.LargeStepPenalty - settings.EdgeStepPenalty) * flat);
        }
    }

    /// <summary>Aggregates <paramref name="volume"/> and hands each pixel's summed costs, bottom row first, to <paramref name="select"/>.</summary>
    public void Run(byte[] volume, int planes, Plane<byte> luma, DepthSelection select, CancellationToken cancellation)
    {
        Reset(planes);
        for (int y = 0; y < _height; y++)
        {
            cancellation.ThrowIfCancellationRequested();
            Row(volume, planes, luma, y, 1, null);
        }
        Reset(planes);
        for (int y = _height - 1; y >= 0; y--)
        {
            cancellation.ThrowIfCancellationRequested();
            Row(volume, planes, luma, y, -1, select);
        }
    }

    private void Reset(int planes)
    {
        int stride = planes + 2 * Pad;
        for (int i = 0; i < 3; i++)
            foreach (var rows in new[] { _previous[i], _current[i] })
                for (int x = 0; x < _width + 2; x++)
                {
                    var cell = rows.AsSpan(x * stride, stride);
                    cell.Fill(Wall);
                    cell.Slice(Pad, planes).Clear();
                }
        for (int i = 0; i < 3; i++)
        {
            Array.Clear(_previousMin[i]);
            Array.Clear(_currentMin[i]);
        }
    }

    private void Row(byte[] volume, int planes, Plane<byte> luma, int y, int step, DepthSelection? select)
    {
        int stride = planes + 2 * Pad, w = _width;
        var here = luma.Row(y);
        int above = y - step;
        var prior = above >= 0 && above < _height ? luma.Row(above) : here;
        var (from, to) = (_along[0], _along[1]);
        foreach (var a in _along)
        {
            a.AsSpan(0, stride).Fill(Wall);
            a.AsSpan(Pad, planes).Clear();
        }
        byte fromMin = 0;
        bool add = select is not null;
        for (int i = 0; i < w; i++)
        {
            int x = step > 0 ? i : w - 1 - i, back = x - step;
            int behind = Math.Clamp(back, 0, w - 1), ahead = Math.Clamp(x + step, 0, w - 1);
            int intensity = here[x];
            ref byte cost = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(volume), (nint)((long)(y * w + x) * planes));
            ref ushort sum = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_sum), (nint)((long)(y * w + x) * planes));
            // row buffers hold one cell of margin on each side: pixel x is cell x + 1
            ref byte left = ref from[Pad];
            ref byte upLeft = ref _previous[0][(back + 1) * stride + Pad];
            ref byte up = ref _previous[1][(x + 1) * stride + Pad];
            ref byte upRight = ref _previous[2][(x + step + 1) * stride + Pad];
            ref byte leftTo = ref to[Pad];
            ref byte upLeftTo = ref _current[0][(x + 1) * stride + Pad];
            ref byte upTo = ref _current[1][(x + 1) * stride + Pad];
            ref byte upRightTo = ref _current[2][(x + 1) * stride + Pad];
            var p1 = Vector256.Create(_small);
            byte m0 = fromMin, m1 = _previousMin[0][back + 1], m2 = _previousMin[1][x + 1], m3 = _previousMin[2][x + step + 1];
            var min0 = Vector256.Create(m0);
            var min1 = Vector256.Create(m1);
            var min2 = Vector256.Create(m2);
            var min3 = Vector256.Create(m3);
            var jump0 = Vector256.Create((byte)Math.Min(254, m0 + _penalty[Math.Abs(intensity - here[behind])]));
            var jump1 = Vector256.Create((byte)Math.Min(254, m1 + _penalty[Math.Abs(intensity - prior[behind])]));
            var jump2 = Vector256.Create((byte)Math.Min(254, m2 + _penalty[Math.Abs(intensity - prior[x])]));
            var jump3 = Vector256.Create((byte)Math.Min(254, m3 + _penalty[Math.Abs(intensity - prior[ahead])]));
            var best0 = Vector256.Create(Wall);
            var best1 = best0;
            var best2 = best0;
            var best3 = best0;
            for (int d = 0; d < planes; d += 32)
            {
                var c = Vector256.LoadUnsafe(ref cost, (nuint)d);
                var l0 = Path(ref left, d, p1, jump0, min0, c);
                var l1 = Path(ref upLeft, d, p1, jump1, min1, c);
                var l2 = Path(ref up, d, p1, jump2, min2, c);
                var l3 = Path(ref upRight, d, p1, jump3, min3, c);
                l0.StoreUnsafe(ref leftTo, (nuint)d);
                l1.StoreUnsafe(ref upLeftTo, (nuint)d);
                l2.StoreUnsafe(ref upTo, (nuint)d);
                l3.StoreUnsafe(ref upRightTo, (nuint)d);
                best0 = Vector256.Min(best0, l0);
                best1 = Vector256.Min(best1, l1);
                best2 = Vector256.Min(best2, l2);
                best3 = Vector256.Min(best3, l3);
                var low = Vector256.WidenLower(l0) + Vector256.WidenLower(l1) + Vector256.WidenLower(l2) + Vector256.WidenLower(l3);
                var high = Vector256.WidenUpper(l0) + Vector256.WidenUpper(l1) + Vector256.WidenUpper(l2) + Vector256.WidenUpper(l3);
                if (add)
                {
                    low += Vector256.LoadUnsafe(ref sum, (nuint)d);
                    high += Vector256.LoadUnsafe(ref sum, (nuint)(d + 16));
                }
                low.StoreUnsafe(ref sum, (nuint)d);
                high.StoreUnsafe(ref sum, (nuint)(d + 16));
            }
            fromMin = Least(best0);
            _currentMin[0][x + 1] = Least(best1);
            _currentMin[1][x + 1] = Least(best2);
            _currentMin[2][x + 1] = Least(best3);
            (from, to) = (to, from);
            select?.Select(MemoryMarshal.CreateReadOnlySpan(ref sum, planes), x, y);
        }
        for (int i = 0; i < 3; i++)
        {
            (_previous[i], _current[i]) = (_current[i], _previous[i]);
            (_previousMin[i], _currentMin[i]) = (_currentMin[i], _previousMin[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Path(
        ref byte path, int d, Vector256<byte> p1, Vector256<byte> jump, Vector256<byte> least, Vector256<byte> cost)
    {
        var same = Vector256.LoadUnsafe(ref Unsafe.Add(ref path, d));
        var farther = Vector256.LoadUnsafe(ref Unsafe.Add(ref path, d - 1));
        var nearer = Vector256.LoadUnsafe(ref Unsafe.Add(ref path, d + 1));
        var oneStep = Vector256.AddSaturate(Vector256.Min(farther, nearer), p1);
        return Vector256.AddSaturate(Vector256.Min(Vector256.Min(same, oneStep), jump) - least, cost);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Least(Vector256<byte> v)
    {
        var a = Vector128.Min(v.GetLower(), v.GetUpper());
        var b = Vector128.Min(a, Vector128.Shuffle(a.AsUInt64(), Vector128.Create(1UL, 0UL)).AsByte());
        ulong x = b.AsUInt64().ToScalar();
        var c = Vector128.Min(b, Vector128.CreateScalarUnsafe(x >> 32).AsByte());
        uint y = c.AsUInt32().ToScalar();
        uint z = Math.Min(y & 255, Math.Min((y >> 8) & 255, Math.Min((y >> 16) & 255, y >> 24)));
        return (byte)z;
    }
}
