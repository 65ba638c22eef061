using System.Runtime.CompilerServices;

namespace MetricDepth.Rendering;

/// <summary>How a surface goes on from its last pixel to a tear.</summary>
internal static class TornSurface
{
    // Of the inverse depth, per pixel. The rim of a round body turns away faster than that, but then its last step is mostly noise.
    private const float Steepest = 0.03f;

    /// <summary>What its inverse depth gains per pixel towards the tear, 1/m.</summary>
    /// <param name="last">Inverse depth of the pixel at the tear.</param>
    /// <param name="before">Inverse depth of the pixel before it; 0 if there is none.</param>
    /// <param name="torn">Whether there is a tear between these two.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Slope(float last, float before, byte torn) =>
        torn != 0 || before <= 0 ? 0 : Math.Clamp(last - before, -Steepest * last, Steepest * last);
}
