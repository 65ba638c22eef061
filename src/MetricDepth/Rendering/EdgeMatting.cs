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

    /// <summary>Separates foreground and background along tears between a pixel and its right neighbour.</summary>
    public void SeparateRight(SourceImage source) => Separate(new(source, source.TornRight, 1, width));

    /// <summary>Separates them along tears between a pixel and its lower neighbour.</summary>
    public void SeparateDown(SourceImage source) => Separate(new(source, source.TornDown, width, 1));

    private void Separate(in TornLines lines)
    {
        foreach (int at in new Tears(lines.Torn)) Locate(lines, at);
        foreach (int at in new Tears(lines.Torn)) _places[at] = Steady(lines, at);
        foreach (int at in new Tears(lines.Torn))
        {
            lines.Torn[at] = _places[at];
            Recolor(lines, at);
        }
    }

    // Tears across one direction: the next pixel across the tear, and the next along it.
    private readonly ref struct TornLines(SourceImage source, byte[] torn, int across, int along)
    {
        public readonly byte[] Torn = torn;
        public readonly uint[] Color = source.Color;
        public readonly float[] Inverse = source.InverseDepth;
        public readonly int Across = across, Along = along, Length = across == 1 ? source.Width : source.Height, Width = source.Width;

        // Where a pixel lies on its line across the edge.
        public int Position(int at) => Across == 1 ? at % Width : at / Width;

        public bool LeftIsNear(int at) => Inverse[at] > Inverse[at + Across];
    }

    private void Locate(in TornLines lines, int at)
    {
        _trust[at] = 0;
        int position = lines.Position(at);
        if (lines.Torn[at] == SourceImage.TornAtCentres || position == 0 || position + 2 >= lines.Length) return;
        var color = lines.Color;
        Vector128<float> left = Channels(color[at - lines.Across]), right = Channels(color[at + 2 * lines.Across]), across = left - right;
        float contrast = Vector128.Dot(across, across);
        float share = (Math.Clamp(Vector128.Dot(Channels(color[at]) - right, across), 0, contrast)
            + Math.Clamp(Vector128.Dot(Channels(color[at + lines.Across]) - right, across), 0, contrast)) / (contrast + 1);
        lines.Torn[at] = SourceImage.Torn(share - 0.5f);
        _trust[at] = (byte)(255 * contrast / (contrast + Contrast));
    }

    // The weighted mean over pairs, one on either side along the edge, as far as that goes on straight: exact on straight edges.
    private byte Steady(in TornLines lines, int at)
    {
        byte torn = lines.Torn[at];
        if (torn == SourceImage.TornAtCentres) return torn;
        float weight = _trust[at] / 255f;
        float sum = weight * SourceImage.Place(torn);
        int before = at, after = at, position = lines.Position(at);
        for (int i = 0; i < Along; i++)
        {
            before = Next(lines, before, -lines.Along);
            after = Next(lines, after, lines.Along);
            if (before < 0 || after < 0) break;
            int offset = lines.Position(before) + lines.Position(after) - 2 * position;
            if (Math.Abs(offset) > 1) break;
            // Both count alike, or a slope would move the edge.
            float pair = Math.Min(_trust[before], _trust[after]) / 255f * (Along - i) / Along;
            weight += 2 * pair;
            sum += pair * (SourceImage.Place(lines.Torn[before]) + SourceImage.Place(lines.Torn[after]) + offset);
        }
        return SourceImage.Torn((sum + 0.5f * PriorWeight) / (weight + PriorWeight));
    }

    // The tear that continues one on the next line: at most one pixel beside it, with the foreground on the same side.
    private static int Next(in TornLines lines, int at, int step)
    {
        int next = at + step;
        if (next < lines.Across || next + 2 * lines.Across >= lines.Torn.Length) return -1;
        if (lines.Torn[next] == 0) next = lines.Torn[next - lines.Across] != 0 ? next - lines.Across : lines.Torn[next + lines.Across] != 0 ? next + lines.Across : -1;
        if (next < 0 || lines.Torn[next] == SourceImage.TornAtCentres) return -1;
        return lines.LeftIsNear(at) == lines.LeftIsNear(next) ? next : -1;
    }

    private static void Recolor(in TornLines lines, int at)
    {
        bool leftIsNear = lines.LeftIsNear(at);
        int inward = leftIsNear ? -lines.Across : lines.Across, inner = leftIsNear ? at : at + lines.Across, outer = leftIsNear ? at + lines.Across : at;
        int inside = Reach(lines, inner, inward), outside = Reach(lines, outer, -inward);
        if (inside < 2 || outside < 2) return;
        var color = lines.Color;
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
                pixel = Pixel(Towards(near, Channels(pixel), (near - far) * lost));
            }
            if (i < outside - 1)
            {
                ref uint pixel = ref color[outer - i * inward];
                gained = Math.Clamp(Vector128.Dot(Channels(pixel) - far, across), 0, gained);
                pixel = Pixel(Towards(far, Channels(pixel), (far - near) * gained));
            }
        }
    }

    // What the equation takes out of a pixel, channel by channel, but not beyond its side's colour: pixels that only look mixed
    // would be tinted.
    private static Vector128<float> Towards(Vector128<float> pure, Vector128<float> pixel, Vector128<float> step) =>
        Vector128.Min(Vector128.Max(pixel + step, Vector128.Min(pixel, pure)), Vector128.Max(pixel, pure));

    // How many pixels of one surface follow, up to what is needed for a band and two pure pixels.
    private static int Reach(in TornLines lines, int from, int direction)
    {
        int sign = direction > 0 ? 1 : -1, position = lines.Position(from), count = 1;
        for (int at = from; count < Band + 2; count++)
        {
            int slot = direction > 0 ? at : at + direction;
            position += sign;
            at += direction;
            if (position < 0 || position >= lines.Length || lines.Torn[slot] != 0 || lines.Inverse[at] <= 0) break;
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
