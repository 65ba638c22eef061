using System.Runtime.CompilerServices;

namespace MetricDepth.Rendering.Filling;

/// <summary>Weighted means of BGR0 pixels.</summary>
internal static class PixelMix
{
    /// <summary><paramref name="a"/> · (1 - <paramref name="share"/>) + <paramref name="b"/> · <paramref name="share"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Blend(uint a, uint b, float share)
    {
        // Red and blue at once in 16-bit halves, green beside them; every half stays below 2^16.
        uint t = (uint)(share * 256 + 0.5f), u = 256 - t;
        uint redBlue = (((a & 0xFF00FF) * u + (b & 0xFF00FF) * t + 0x800080) >> 8) & 0xFF00FF;
        uint green = (((a & 0xFF00) * u + (b & 0xFF00) * t + 0x8000) >> 8) & 0xFF00;
        return redBlue | green;
    }
}
