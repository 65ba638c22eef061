using MetricDepth.Rendering.Filling;

namespace MetricDepth.Rendering;

/// <summary>
/// Blends the rim of the foreground with what lies behind it, by how much of the rim's pixel the foreground covers. Done last:
/// what is behind may have been filled in.
/// </summary>
internal static class RowEdges
{
    // How far the depth drawn beside the rim may be from the foreground's, relative: else something nearer lies over the rim.
    private const float SameDepth = 0.01f;

    /// <summary>Smooths the rims of one row.</summary>
    /// <param name="eye">The eye.</param>
    /// <param name="color">The source row, BGR0.</param>
    /// <param name="inverse">Its inverse depth, 1/m.</param>
    /// <param name="torn">Its tears.</param>
    /// <param name="picture">The row as drawn and filled, BGR0.</param>
    /// <param name="seen">The inverse depth drawn.</param>
    public static void Smooth(EyeShift eye, ReadOnlySpan<uint> color, ReadOnlySpan<float> inverse, ReadOnlySpan<byte> torn, Span<uint> picture, ReadOnlySpan<float> seen)
    {
        for (int slot = 0; slot < torn.Length - 1; slot++)
        {
            int next = torn[slot..^1].IndexOfAnyExcept((byte)0);
            if (next < 0) return;
            slot += next;
            if (torn[slot] == SourceImage.TornAtCentres) continue;
            bool leftIsNear = inverse[slot] > inverse[slot + 1];
            int near = leftIsNear ? slot : slot + 1, outward = leftIsNear ? 1 : -1;
            float place = SourceImage.Place(torn[slot]), reach = leftIsNear ? place : 1 - place;
            int before = near - outward;
            float slope = before < 0 || before >= inverse.Length ? 0 : TornSurface.Slope(inverse[near], inverse[before], torn[Math.Min(near, before)]);
            float rim = slot + place + (inverse[near] + slope * reach) * eye.Scale + eye.Offset;
            int pixel = (int)MathF.Floor(rim + 0.5f), inside = pixel - outward, outside = pixel + outward;
            if (inside < 0 || outside < 0 || inside >= picture.Length || outside >= picture.Length) continue;
            if (!(Math.Abs(seen[inside] - inverse[near]) <= SameDepth * inverse[near])) continue;
            float share = leftIsNear ? rim + 0.5f - pixel : pixel + 0.5f - rim;
            bool drawn = Math.Abs(seen[pixel] - inverse[near]) <= SameDepth * inverse[near];
            int behind = drawn ? outside : pixel;
            // Something nearer lies over the rim, or nothing behind it.
            if (seen[behind] > inverse[near] || seen[behind] <= 0) continue;
            picture[pixel] = PixelMix.Blend(picture[behind], color[near], share);
        }
    }
}
