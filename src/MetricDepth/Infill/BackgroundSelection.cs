using MetricDepth.Rendering;
using MetricDepth.Video;

namespace MetricDepth.Infill;

/// <summary>
/// Which pixels of a frame belong to the background: neither masked nor near. Left out is also what lies beside a depth edge or a
/// mask's edge, because there the colours of both sides mix.
/// </summary>
/// <param name="width">Width of the frames, px.</param>
/// <param name="height">Height of the frames, px.</param>
internal sealed class BackgroundSelection(int width, int height)
{
    private const int EdgeMargin = 1, MaskMargin = 2;

    private readonly byte[] _excluded = new byte[width * height], _row = new byte[width * height];

    /// <summary>Selects.</summary>
    /// <param name="source">The frame, with its tears marked.</param>
    /// <param name="mask">Grey: foreground from <see cref="MaskVideo.Foreground"/> on; empty for no mask.</param>
    /// <param name="backgroundDepth">Only what is further than this, m; null for any depth.</param>
    /// <param name="background">Receives 255 for background, else 0; H×W.</param>
    public void Select(SourceImage source, ReadOnlySpan<byte> mask, double? backgroundDepth, Span<byte> background)
    {
        int count = width * height;
        float farthest = backgroundDepth is { } d ? (float)(1 / d) : float.MaxValue;
        Array.Clear(_excluded);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int i = y * width + x;
                if (source.TornRight[i] != 0) _excluded[i] = _excluded[i + 1] = 255;
                if (source.TornDown[i] != 0) _excluded[i] = _excluded[i + width] = 255;
            }
        Widen(_excluded, EdgeMargin - 1);
        for (int i = 0; i < count; i++) background[i] = source.InverseDepth[i] is > 0 and var inverse && inverse < farthest && _excluded[i] == 0 ? (byte)255 : (byte)0;
        if (mask.IsEmpty) return;
        for (int i = 0; i < count; i++) _excluded[i] = mask[i] >= MaskVideo.Foreground ? (byte)255 : (byte)0;
        Widen(_excluded, MaskMargin);
        for (int i = 0; i < count; i++) background[i] &= (byte)~_excluded[i];
    }

    private void Widen(byte[] mask, int margin)
    {
        if (margin <= 0) return;
        for (int y = 0; y < height; y++)
        {
            var row = mask.AsSpan(y * width, width);
            for (int x = 0; x < width; x++)
            {
                int left = Math.Max(0, x - margin), right = Math.Min(width - 1, x + margin);
                _row[y * width + x] = row[left..(right + 1)].ContainsAnyExcept((byte)0) ? (byte)255 : (byte)0;
            }
        }
        for (int y = 0; y < height; y++)
        {
            var row = mask.AsSpan(y * width, width);
            row.Clear();
            for (int j = Math.Max(0, y - margin); j <= Math.Min(height - 1, y + margin); j++)
                System.Numerics.Tensors.TensorPrimitives.BitwiseOr(row, _row.AsSpan(j * width, width), row);
        }
    }
}
