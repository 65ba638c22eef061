namespace MetricDepth.Rendering;

/// <summary>A row of one eye that is about to be squeezed.</summary>
/// <param name="color">BGR0.</param>
/// <param name="holes">255 where nothing was seen.</param>
/// <param name="inverseDepth">1/m; in a hole it is above 0 where something has filled it.</param>
internal readonly ref struct SqueezedRow(ReadOnlySpan<uint> color, ReadOnlySpan<byte> holes, ReadOnlySpan<float> inverseDepth)
{
    /// <summary>BGR0.</summary>
    public ReadOnlySpan<uint> Color { get; } = color;

    /// <summary>255 where nothing was seen.</summary>
    public ReadOnlySpan<byte> Holes { get; } = holes;

    private ReadOnlySpan<float> InverseDepth { get; } = inverseDepth;

    /// <summary>An eye's row.</summary>
    public static SqueezedRow Of(in EyeRows rows, int eye) => new(rows.Color(eye), rows.Holes(eye), rows.InverseDepth(eye));

    /// <summary>Whether a pixel's colour means something: it was seen, or it has been filled.</summary>
    public bool IsDrawn(int x) => Holes[x] == 0 || InverseDepth[x] > 0;
}
