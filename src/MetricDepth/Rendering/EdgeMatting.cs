using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering;

/// <summary>
/// Tells foreground from background in the pixels along a tear, which mix both (antialiasing, lens, chroma of half size). A
/// pixel's share of foreground is where its colour lies between that of the foreground further inside and that of the background
/// further outside (the compositing equation <c>C = αF + (1-α)B</c>, Porter and Duff 1984, solved along one line). The shares add
/// up to where between the pixel centres the foreground ends, steadied along the edge; each pixel then gets its own side's colour.
/// </summary>
/// <param name="width">Width of the picture, px.</param>
/// <param name="height">Height of the picture, px.</param>
internal sealed class EdgeMatting(int width, int height)
{
    // Where the colours of both sides differ by less than about this (sum of squares of three channels), they say little of the edge.
    private const float Contrast = 500;

    // What the middle between the two pixels counts against what their colours say.
    private const float PriorWeight = 0.1f;

    // Rows above and below over which an edge is taken for straight.
    private const int Along = 8;

    private const int Band = 2;

    // Of each tear, how far its place is to be trusted, 1..255.
    private readonly byte[] _trust = new byte[width * height];
    private readonly byte[] _places = new byte[width * height];

    /// <summary>Separates a whole picture.</summary>
    public void Separate(SourceImage source)
    {
        foreach (int at in new Tears(source.TornRight)) Locate(source, at);
        foreach (int at in new Tears(source.TornRight)) _places[at] = Steady(source, at);
        foreach (int at in new Tears(source.TornRight))
        {
            source.TornRight[at] = _places[at];
            Recolor(source, at);
        }
    }

    private void Locate(SourceImage source, int at)
    {
        _trust[at] = 0;
        int x = at % width;
        if (source.TornRight[at] == SourceImage.TornAtCentres || x == 0 || x + 2 >= width) return;
        var color = source.Color;
        Vector128<float> left = Channels(color[at - 1]), right = Channels(color[at + 2]), across = left - right;
        float contrast = Vector128.Dot(across, across);
        float share = (Math.Clamp(Vector128.Dot(Channels(color[at]) - right, across), 0, contrast)
            + Math.Clamp(Vector128.Dot(Channels(color[at + 1]) - right, across), 0, contrast)) / (contrast + 1);
        source.TornRight[at] = SourceImage.Torn(share - 0.5f);
        _trust[at] = (byte)(255 * contrast / (contrast + Contrast));
    }

    // The weighted mean over pairs of rows, one above and one below, as far as the edge goes on: exact on straight edges.
    private byte Steady(SourceImage source, int at)
    {
        byte torn = source.TornRight[at];
        if (torn == SourceImage.TornAtCentres) return torn;
        float weight = _trust[at] / 255f;
        float sum = weight * SourceImage.Place(torn);
        int above = at, below = at;
        for (int i = 0; i < Along; i++)
        {
            above = Next(source, above, -width);
            below = Next(source, below, width);
            if (above < 0 || below < 0) break;
            float offset = above % width - at % width + (below % width - at % width);
            if (Math.Abs(offset) > 1) break;
            float a = _trust[above] / 255f, b = _trust[below] / 255f;
            // Both count alike, or a slope would move the edge.
            float pair = Math.Min(a, b) * (Along - i) / Along;
            weight += 2 * pair;
            sum += pair * (SourceImage.Place(source.TornRight[above]) + SourceImage.Place(source.TornRight[below]) + offset);
        }
        return SourceImage.Torn((sum + 0.5f * PriorWeight) / (weight + PriorWeight));
    }

    // The tear that continues one in the next row: at most one pixel beside it, with the foreground on the same side.
    private int Next(SourceImage source, int at, int rows)
    {
        int next = at + rows;
        if (next < 1 || next + 2 >= source.TornRight.Length) return -1;
        if (source.TornRight[next] == 0) next = source.TornRight[next - 1] != 0 ? next - 1 : source.TornRight[next + 1] != 0 ? next + 1 : -1;
        if (next < 0 || source.TornRight[next] == SourceImage.TornAtCentres) return -1;
        var inverse = source.InverseDepth;
        return inverse[at] > inverse[at + 1] == inverse[next] > inverse[next + 1] ? next : -1;
    }

    private void Recolor(SourceImage source, int at)
    {
        int row = at / width * width, slot = at - row;
        var color = source.Color.AsSpan(row, width);
        var inverse = source.InverseDepth.AsSpan(row, width);
        var torn = source.TornRight.AsSpan(row, width);
        bool leftIsNear = inverse[slot] > inverse[slot + 1];
        int inward = leftIsNear ? -1 : 1, inner = leftIsNear ? slot : slot + 1, outer = leftIsNear ? slot + 1 : slot;
        int inside = Reach(inverse, torn, inner, inward), outside = Reach(inverse, torn, outer, -inward);
        if (inside < 2 || outside < 2) return;
        var near = Pure(color, inner, inward, inside);
        var far = Pure(color, outer, -inward, outside);
        var across = near - far;
        float contrast = Vector128.Dot(across, across);
        float lost = contrast / (contrast + Contrast), gained = lost;
        across /= contrast + 1;
        for (int i = 0; i < Band; i++)
        {
            if (i < inside - 1)
            {
                ref uint pixel = ref color[inner + i * inward];
                lost = Math.Clamp(1 - Vector128.Dot(Channels(pixel) - far, across), 0, lost);
                pixel = Pixel(Channels(pixel) + (near - far) * lost);
            }
            if (i < outside - 1)
            {
                ref uint pixel = ref color[outer - i * inward];
                gained = Math.Clamp(Vector128.Dot(Channels(pixel) - far, across), 0, gained);
                pixel = Pixel(Channels(pixel) - (near - far) * gained);
            }
        }
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
