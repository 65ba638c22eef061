using System.Numerics;

namespace MetricDepth.Tracking;

/// <summary>Where no points are wanted: grey bytes of the picture's size, 128 and above are masked. Empty: nowhere.</summary>
internal readonly ref struct PixelMask(ReadOnlySpan<byte> bytes, int width, int height)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Whether nothing is masked at all.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>Whether the pixel that holds <paramref name="p"/> is masked; places outside the picture are not.</summary>
    public bool Covers(Vector2 p) => Covers((int)MathF.Round(p.X), (int)MathF.Round(p.Y));

    /// <summary>Whether a pixel is masked; places outside the picture are not.</summary>
    public bool Covers(int x, int y) =>
        !_bytes.IsEmpty && (uint)x < (uint)width && (uint)y < (uint)height && _bytes[y * width + x] >= 128;
}
