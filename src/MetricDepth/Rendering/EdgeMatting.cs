using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering;

/// <summary>
/// Tells foreground from background in the pixels along a tear, which mix both (antialiasing, lens, chroma of half size). The
/// foreground's colour comes from further inside, the background's from further outside, and a pixel's share of foreground is
/// where its colour lies between the two (the compositing equation <c>C = αF + (1-α)B</c>, Porter and Duff 1984, solved along
/// one line). The shares add up to where between pixel centres the foreground ends; each pixel then gets its own side's colour.
/// </summary>
internal static class EdgeMatting
{
    // Colours of both sides that differ by less (sum of squares of three channels) say nothing of where the edge is; from the second on all.
    private const float LeastContrast = 600, GoodContrast = 2400;
    private const int Band = 2;

    /// <summary>Separates a whole picture.</summary>
    public static void Separate(SourceImage source)
    {
        int width = source.Width;
        for (int y = 0; y < source.Height; y++)
        {
            var torn = source.TornRight.AsSpan(y * width, width);
            for (int from = 0; ;)
            {
                int next = torn[from..].IndexOfAnyExcept((byte)0);
                if (next < 0) break;
                from += next;
                SeparateAt(source.Color.AsSpan(y * width, width), source.InverseDepth.AsSpan(y * width, width), torn, from);
                from++;
            }
        }
    }

    private static void SeparateAt(Span<uint> color, ReadOnlySpan<float> inverse, Span<byte> torn, int slot)
    {
        bool leftIsNear = inverse[slot] > inverse[slot + 1];
        int inward = leftIsNear ? -1 : 1, inner = leftIsNear ? slot : slot + 1, outer = leftIsNear ? slot + 1 : slot;
        int inside = Reach(inverse, torn, inner, inward), outside = Reach(inverse, torn, outer, -inward);
        if (inside < 2 || outside < 2) return;
        var near = Pure(color, inner, inward, inside);
        var far = Pure(color, outer, -inward, outside);
        var across = near - far;
        float contrast = Vector128.Dot(across, across);
        if (contrast < LeastContrast) return;
        float trust = Math.Min(1, (contrast - LeastContrast) / (GoodContrast - LeastContrast));
        across /= contrast;
        float place = 0.5f;
        float lost = trust, gained = trust;
        for (int i = 0; i < Band; i++)
        {
            if (i < inside - 1)
            {
                ref uint pixel = ref color[inner + i * inward];
                lost = Math.Clamp(1 - Vector128.Dot(Channels(pixel) - far, across), 0, lost);
                if (i == 0) place -= lost;
                pixel = Pixel(Channels(pixel) + (near - far) * lost);
            }
            if (i < outside - 1)
            {
                ref uint pixel = ref color[outer - i * inward];
                gained = Math.Clamp(Vector128.Dot(Channels(pixel) - far, across), 0, gained);
                if (i == 0) place += gained;
                pixel = Pixel(Channels(pixel) - (near - far) * gained);
            }
        }
        if (torn[slot] != SourceImage.TornAtCentres) torn[slot] = SourceImage.Torn(leftIsNear ? place : 1 - place);
    }

    // How many pixels of one surface follow, up to what is needed for a band and two pure pixels.
    private static int Reach(ReadOnlySpan<float> inverse, ReadOnlySpan<byte> torn, int from, int direction)
    {
        int count = 1;
        for (int at = from; count < Band + 2; count++)
        {
            int slot = direction > 0 ? at : at - 1;
            at += direction;
            if (at < 0 || at >= inverse.Length || torn[slot] != 0 || inverse[at] <= 0) break;
        }
        return count;
    }

    // The mean of the two pixels behind the band, or of what there is.
    private static Vector128<float> Pure(ReadOnlySpan<uint> color, int from, int direction, int reach)
    {
        int a = Math.Min(Band, reach - 1), b = Math.Min(Band + 1, reach - 1);
        return (Channels(color[from + a * direction]) + Channels(color[from + b * direction])) * 0.5f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Channels(uint pixel) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte())).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Pixel(Vector128<float> channels)
    {
        var whole = Vector128.ConvertToInt32(Vector128.Min(Vector128.Max(channels, Vector128<float>.Zero), Vector128.Create(255f)) + Vector128.Create(0.5f));
        var narrow = Vector128.Narrow(whole, whole).AsUInt16();
        return Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar();
    }
}
