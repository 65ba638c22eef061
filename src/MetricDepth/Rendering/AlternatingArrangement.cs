namespace MetricDepth.Rendering;

/// <summary>Pixels of a row by turns, each at its own place in the picture.</summary>
internal abstract class AlternatingArrangement(int width, int height) : StereoArrangement(width, height)
{
    public override int Width => EyeWidth;

    public override int Height => EyeHeight;

    /// <summary>The eye that a row begins with.</summary>
    protected abstract int FirstEye(int y);

    public override void Place(in EyeRows rows, int y, Span<uint> picture, Span<byte> mask)
    {
        int first = FirstEye(y), at = y * EyeWidth;
        Alternate(rows.Color(first), rows.Color(1 - first), picture.Slice(at, EyeWidth));
        Alternate(rows.Holes(first), rows.Holes(1 - first), mask.Slice(at, EyeWidth));
    }

    public override void PlaceDepth(in EyeRows rows, int y, Span<float> inverseDepth)
    {
        int first = FirstEye(y);
        Alternate(rows.InverseDepth(first), rows.InverseDepth(1 - first), inverseDepth.Slice(y * EyeWidth, EyeWidth));
    }

    private static void Alternate<T>(ReadOnlySpan<T> even, ReadOnlySpan<T> odd, Span<T> target)
    {
        even[..target.Length].CopyTo(target);
        for (int x = 1; x < target.Length; x += 2) target[x] = odd[x];
    }
}
