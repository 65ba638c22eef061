using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MetricDepth.Rendering;

/// <summary>
/// Draws one image row as one eye sees it (DESIGN §7). Each adjacent pair of pixels with depth is an interval on the output
/// row, stretched where the surface turns away; a pixel without a neighbour keeps its own half-pixel footprint, and one at a
/// tear reaches up to it. Where
/// intervals overlap the nearest wins; where there is none, nothing was seen. Pixels without depth touch nothing.
/// </summary>
/// <remarks>
/// No depth buffer is needed: of two surfaces seen at one column, the nearer lies further left in the source for the left
/// eye and further right for the right eye, so drawing in source order, far side first, leaves the nearest on top
/// (McMillan, "An Image-Based Approach to Three-Dimensional Computer Graphics", 1997, occlusion-compatible order).
/// Along a row inverse depth is linear on a plane, so linear interpolation of the source column is exact there.
/// </remarks>
internal sealed class RowWarp
{
    private const int Lanes = 8;
    private const int FractionBits = 8;
    private const int One = 1 << FractionBits;
    private const int Hole = -1;

    private readonly int _width;
    // Inverse depth and tears with a pixel of "nothing" on both sides, then the source column seen at each output column, in 1/256 px.
    private readonly float[] _inverseDepth;
    private readonly byte[] _torn;
    private readonly int[] _sources;

    /// <summary>Makes the scratch rows of one worker.</summary>
    /// <param name="width">Pixels in a row.</param>
    public RowWarp(int width)
    {
        _width = width;
        _inverseDepth = new float[Padded(_width + 2) + 2 * Lanes];
        _torn = new byte[_inverseDepth.Length];
        _sources = new int[Padded(_width)];
    }

    /// <summary>The length that a row handed to <see cref="Draw"/> must have, so that whole vectors can be stored.</summary>
    public static int Padded(int width) => (width + Lanes - 1) / Lanes * Lanes;

    /// <summary>The row's inverse depth, 1/m, 0 = no depth: to be filled before <see cref="Draw"/>.</summary>
    public Span<float> InverseDepth => _inverseDepth.AsSpan(1, _width);

    /// <summary><see cref="SourceImage.TornRight"/> of the row: to be filled before <see cref="Draw"/>.</summary>
    public Span<byte> TornRight => _torn.AsSpan(1, _width);

    /// <summary>Draws the row.</summary>
    /// <param name="eye">The eye.</param>
    /// <param name="color">The row's colours, BGR0, one for each pixel.</param>
    /// <param name="picture">Receives BGR0 pixels, black where nothing was seen; <see cref="Padded"/> long.</param>
    /// <param name="inverseDepth">Receives the inverse depth seen, 1/m, 0 where nothing was; <see cref="Padded"/> long.</param>
    /// <param name="holes">Receives 255 where nothing was seen, else 0; <see cref="Padded"/> long.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a clip may be over before the runtime would get round to it
    public void Draw(EyeShift eye, ReadOnlySpan<uint> color, Span<uint> picture, Span<float> inverseDepth, Span<byte> holes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(color.Length, _width);
        ArgumentOutOfRangeException.ThrowIfLessThan(picture.Length, _sources.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(inverseDepth.Length, _sources.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(holes.Length, _sources.Length);
        _sources.AsSpan().Fill(Hole);
        int slots = _width + 1;
        if (eye.Scale >= 0)
            for (int slot = (slots - 1) / Lanes * Lanes; slot >= 0; slot -= Lanes) PlaceIntervals(eye, slot);
        else
            for (int slot = 0; slot < slots; slot += Lanes) PlaceIntervals(eye, slot);
        Interpolate(color, picture, inverseDepth, holes);
    }

    // Slot j lies between the pixels j-1 and j: their interval when both have depth, the footprint's outer half of the one that has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PlaceIntervals(EyeShift eye, int slot)
    {
        ref float inverse = ref MemoryMarshal.GetArrayDataReference(_inverseDepth);
        var a = Vector256.LoadUnsafe(ref inverse, (nuint)slot);
        var b = Vector256.LoadUnsafe(ref inverse, (nuint)slot + 1);
        var hasA = Vector256.GreaterThan(a, Vector256<float>.Zero);
        var hasB = Vector256.GreaterThan(b, Vector256<float>.Zero);
        var both = hasA & hasB;
        var drawn = hasA | hasB;
        if (drawn == Vector256<float>.Zero) return;

        var indexA = Vector256.Create((float)(slot - 1)) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        var indexB = indexA + Vector256<float>.One;
        if (Unsafe.ReadUnaligned<ulong>(ref _torn[slot]) != 0)
        {
            PlaceTorn(eye, slot);
            return;
        }

        var scale = Vector256.Create(eye.Scale);
        var offset = Vector256.Create(eye.Offset);
        var half = Vector256.Create(0.5f);
        var xA = indexA + a * scale + offset;
        var xB = indexB + b * scale + offset;
        var start = Vector256.ConditionalSelect(hasA, xA, xB - half);
        var end = Vector256.ConditionalSelect(hasB, xB, xA + half);

        // Columns in [start, end): neighbours share a bound, so each column belongs to exactly one of them.
        var limit = Vector256.Create((float)_width);
        var firstColumn = Vector256.Min(Vector256.Max(Vector256.Ceiling(start), Vector256<float>.Zero), limit);
        var endColumn = Vector256.Min(Vector256.Max(Vector256.Ceiling(end), Vector256<float>.Zero), limit);
        var column = Vector256.ConvertToInt32(firstColumn);
        var count = (Vector256.ConvertToInt32(endColumn) - column) & drawn.AsInt32();
        var step = both & (Vector256<float>.One / (end - start));
        var source = Vector256.ConditionalSelect(hasA, indexA, indexB) + (firstColumn - start) * step;

        ref int target = ref MemoryMarshal.GetArrayDataReference(_sources);
        int first = column.ToScalar();
        // The usual case on smooth surface: eight intervals cover eight columns in a row.
        if (Vector256.EqualsAll(count, Vector256<int>.One)
            && Vector256.EqualsAll(column, Vector256.Create(first) + Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7)))
        {
            ToFixed(source).StoreUnsafe(ref target, (nuint)first);
            return;
        }
        PlaceOneByOne(column, count, source, step, eye.Scale >= 0);
    }

    // The same slot by slot, for eight of which some are torn: there both surfaces reach up to the tear.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceTorn(EyeShift eye, int slot)
    {
        bool rightToLeft = eye.Scale >= 0;
        int count = Math.Min(Lanes, _width + 1 - slot);
        for (int i = 0; i < count; i++)
        {
            int at = slot + (rightToLeft ? count - 1 - i : i);
            float a = _inverseDepth[at], b = _inverseDepth[at + 1];
            float xA = at - 1 + a * eye.Scale + eye.Offset, xB = at + b * eye.Scale + eye.Offset;
            byte torn = _torn[at];
            if (a > 0 && b > 0 && torn == 0)
            {
                Place(xA, xB, at - 1, 1 / (xB - xA));
                continue;
            }
            if (torn == SourceImage.TornAtCentres && a > 0 && b > 0) continue;
            float place = torn == 0 || !(a > 0 && b > 0) ? 0.5f : SourceImage.Place(torn);
            float end = xA + place, start = xB - (1 - place);
            if (torn != 0)
            {
                if (at > 0) end += place * TornSurface.Slope(a, _inverseDepth[at - 1], _torn[at - 1]) * eye.Scale;
                start += (1 - place) * TornSurface.Slope(b, _inverseDepth[at + 2], _torn[at + 1]) * eye.Scale;
            }
            if (rightToLeft && b > 0) Place(start, xB, at, 0);
            if (a > 0) Place(xA, end, at - 1, 0);
            if (!rightToLeft && b > 0) Place(start, xB, at, 0);
        }
    }

    private void Place(float start, float end, float source, float step)
    {
        float first = Math.Clamp(MathF.Ceiling(start), 0, _width), beyond = Math.Clamp(MathF.Ceiling(end), 0, _width);
        if (first < beyond) Stretch(_sources.AsSpan((int)first, (int)beyond - (int)first), source + (first - start) * step, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceOneByOne(Vector256<int> column, Vector256<int> count, Vector256<float> source, Vector256<float> step, bool rightToLeft)
    {
        var position = ToFixed(source);
        ref int columns = ref Unsafe.As<Vector256<int>, int>(ref column);
        ref int counts = ref Unsafe.As<Vector256<int>, int>(ref count);
        ref int positions = ref Unsafe.As<Vector256<int>, int>(ref position);
        int[] target = _sources;
        for (int i = 0; i < Lanes; i++)
        {
            int lane = rightToLeft ? Lanes - 1 - i : i;
            int n = Unsafe.Add(ref counts, lane), first = Unsafe.Add(ref columns, lane);
            if (n == 1) target[first] = Unsafe.Add(ref positions, lane);
            else if (n > 1) Stretch(target.AsSpan(first, n), source.GetElement(lane), step.GetElement(lane));
        }
    }

    private void Stretch(Span<int> columns, float source, float step)
    {
        var counting = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        for (int i = 0; i < columns.Length; i += Lanes)
        {
            var part = ToFixed(Vector256.Create(source) + (counting + Vector256.Create((float)i)) * step);
            if (columns.Length - i >= Lanes) part.StoreUnsafe(ref columns[i]);
            else for (int lane = 0; i + lane < columns.Length; lane++) columns[i + lane] = part.GetElement(lane);
        }
    }

    private Vector256<int> ToFixed(Vector256<float> column)
    {
        var position = Vector256.ConvertToInt32(column * One + Vector256.Create(0.5f));
        return Vector256.Min(Vector256.Max(position, Vector256<int>.Zero), Vector256.Create((_width - 1) << FractionBits));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Interpolate(ReadOnlySpan<uint> color, Span<uint> picture, Span<float> inverseDepth, Span<byte> holes)
    {
        ref int source = ref MemoryMarshal.GetArrayDataReference(_sources);
        ref uint colors = ref MemoryMarshal.GetReference(color);
        ref uint pixels = ref MemoryMarshal.GetReference(picture);
        ref float depths = ref MemoryMarshal.GetReference(inverseDepth);
        ref float inverse = ref _inverseDepth[1];
        ref byte mask = ref MemoryMarshal.GetReference(holes);
        var counting = Vector256.Create(0, 1, 2, 3, 4, 5, 6, 7);
        for (int x = 0; x < _sources.Length; x += Lanes)
        {
            var position = Vector256.LoadUnsafe(ref source, (nuint)x);
            var hole = Vector256.LessThan(position, Vector256<int>.Zero);
            var index = position >> FractionBits;
            var fraction = (position & Vector256.Create(One - 1)).AsUInt32();
            int first = index.ToScalar();
            Vector256<uint> near, far;
            Vector256<float> nearDepth, farDepth;
            if (first >= 0 && first + Lanes < _width && Vector256.EqualsAll(index, Vector256.Create(first) + counting))
            {
                near = Vector256.LoadUnsafe(ref colors, (nuint)first);
                far = Vector256.LoadUnsafe(ref colors, (nuint)first + 1);
                nearDepth = Vector256.LoadUnsafe(ref inverse, (nuint)first);
                farDepth = Vector256.LoadUnsafe(ref inverse, (nuint)first + 1);
            }
            else
            {
                index = Vector256.Max(index, Vector256<int>.Zero);
                var next = Vector256.Min(index + Vector256<int>.One, Vector256.Create(_width - 1));
                near = PixelGather.Load(ref colors, index);
                far = PixelGather.Load(ref colors, next);
                nearDepth = PixelGather.Load(ref Unsafe.As<float, uint>(ref inverse), index).AsSingle();
                farDepth = PixelGather.Load(ref Unsafe.As<float, uint>(ref inverse), next).AsSingle();
            }
            Vector256.AndNot(Blend(near, far, fraction), hole.AsUInt32()).StoreUnsafe(ref pixels, (nuint)x);
            // A footprint at its own column has no fraction, so its neighbour, which may have no depth, takes no part.
            var depth = nearDepth + (farDepth - nearDepth) * (Vector256.ConvertToSingle(fraction.AsInt32()) * (1f / One));
            Vector256.AndNot(depth, hole.AsSingle()).StoreUnsafe(ref depths, (nuint)x);
            var narrow = Vector128.Narrow(hole.GetLower(), hole.GetUpper());
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref mask, x), Vector128.Narrow(narrow, narrow).AsUInt64().ToScalar());
        }
    }

    // Two channels at a time in 16-bit halves; exact rounding, every half stays below 2^16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Blend(Vector256<uint> a, Vector256<uint> b, Vector256<uint> fraction)
    {
        var redBlue = Vector256.Create(0x00FF00FFu);
        var green = Vector256.Create(0x000000FFu);
        var rounding = Vector256.Create(0x00800080u);
        var aRedBlue = a & redBlue;
        var aGreen = (a >> 8) & green;
        var mixedRedBlue = (aRedBlue << 8) + ((b & redBlue) - aRedBlue) * fraction + rounding;
        var mixedGreen = (aGreen << 8) + (((b >> 8) & green) - aGreen) * fraction + rounding;
        return ((mixedRedBlue >> 8) & redBlue) | (mixedGreen & (green << 8));
    }
}
