using System.Numerics;

namespace MetricDepth.Scenes.Shading;

/// <summary>Slow light and dark over large surfaces, so that a tile does not show where it repeats.</summary>
internal static class Weather
{
    private static readonly Texture Stains = new(8, (u, v) => new(0.5f + 0.2f * Noise.Octaves(u, v, 4, 4, 5, 991, 0.62f)));

    /// <summary>About -0.5..0.5.</summary>
    public static float At(float u, float v, Vector2 perX, Vector2 perY) => (Stains.Sample(u, v, perX, perY).X - 0.25f) * 2;
}
