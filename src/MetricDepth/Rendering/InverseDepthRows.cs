using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetricDepth.Depth;

namespace MetricDepth.Rendering;

/// <summary>
/// Rows of a coded depth frame as inverse depth (1/m, 0 = no depth), at the size of the colour picture. A depth frame of
/// another size is resampled: between samples of one surface inverse depth is interpolated, which is exact on planes; across
/// a depth edge or a hole the nearest sample is taken, so that no depth appears that is on neither side.
/// </summary>
internal sealed class InverseDepthRows
{
    // Neighbours whose depths differ by more than this factor lie on different surfaces.
    private const float SameSurface = 1.05f;

    private readonly int _depthWidth, _depthHeight, _width, _height;
    private readonly double _maxDepth;
    private readonly float[] _upper, _lower;
    private readonly int[] _column;
    private readonly float[] _fraction;
    private int _upperRow = -1, _lowerRow = -1;

    /// <summary>Makes the scratch rows of one worker.</summary>
    /// <param name="depth">Size and range of the depth video.</param>
    /// <param name="width">Width of the colour picture, px.</param>
    /// <param name="height">Height of the colour picture, px.</param>
    public InverseDepthRows(DepthVideo depth, int width, int height)
    {
        (_depthWidth, _depthHeight, _maxDepth, _width, _height) = (depth.Width, depth.Height, depth.MaxDepth, width, height);
        _upper = new float[_depthWidth];
        _lower = new float[_depthWidth];
        _column = new int[width];
        _fraction = new float[width];
        for (int x = 0; x < width; x++) (_column[x], _fraction[x]) = Sample(x, _depthWidth, width);
    }

    /// <summary>Forgets the frame before; to be called when a new frame begins.</summary>
    public void BeginFrame() => _upperRow = _lowerRow = -1;

    /// <summary>Reads row <paramref name="y"/> of the picture.</summary>
    /// <param name="codes">The depth frame as BGR0 codes, row-major.</param>
    /// <param name="y">The row, 0..height-1.</param>
    /// <param name="inverse">Receives one value a column.</param>
    public void Read(ReadOnlySpan<uint> codes, int y, Span<float> inverse)
    {
        if (_depthWidth == _width && _depthHeight == _height)
        {
            Invert(codes.Slice(y * _width, _width), inverse);
            return;
        }
        var (row, down) = Sample(y, _depthHeight, _height);
        Load(codes, row, _upper, ref _upperRow);
        Load(codes, Math.Min(row + 1, _depthHeight - 1), _lower, ref _lowerRow);
        for (int x = 0; x < _width; x++)
        {
            int i = _column[x], j = Math.Min(i + 1, _depthWidth - 1);
            float right = _fraction[x];
            float a = _upper[i], b = _upper[j], c = _lower[i], d = _lower[j];
            float least = Math.Min(Math.Min(a, b), Math.Min(c, d)), most = Math.Max(Math.Max(a, b), Math.Max(c, d));
            inverse[x] = least > 0 && most <= least * SameSurface
                ? (a + (b - a) * right) * (1 - down) + (c + (d - c) * right) * down
                : down < 0.5f ? (right < 0.5f ? a : b) : right < 0.5f ? c : d;
        }
    }

    private void Load(ReadOnlySpan<uint> codes, int row, float[] values, ref int loaded)
    {
        if (loaded == row) return;
        Invert(codes.Slice(row * _depthWidth, _depthWidth), values);
        loaded = row;
    }

    private void Invert(ReadOnlySpan<uint> codes, Span<float> inverse)
    {
        DepthCodec.Decode(codes, inverse, _maxDepth);
        ref float value = ref MemoryMarshal.GetReference(inverse);
        int i = 0;
        for (; i <= inverse.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var depth = Vector256.LoadUnsafe(ref value, (nuint)i);
            var known = Vector256.GreaterThan(depth, Vector256<float>.Zero);
            (known & (Vector256<float>.One / depth)).StoreUnsafe(ref value, (nuint)i);
        }
        for (; i < inverse.Length; i++) inverse[i] = inverse[i] > 0 ? 1 / inverse[i] : 0;
    }

    // Pictures share their outer border, so pixel centres map by (x + ½) · ratio - ½.
    private static (int Index, float Fraction) Sample(int position, int from, int to)
    {
        double source = Math.Clamp((position + 0.5) * from / to - 0.5, 0, from - 1);
        int index = (int)source;
        return (index, (float)(source - index));
    }
}
