namespace MetricDepth.Rendering;

/// <summary>One row as every eye sees it; the eyes are finished, so rows below can be asked for too.</summary>
/// <param name="views">The eyes' pictures, in the order of <see cref="StereoArrangement.Eyes"/>.</param>
/// <param name="y">The row.</param>
internal readonly ref struct EyeRows(ReadOnlySpan<ViewImage> views, int y)
{
    private readonly ReadOnlySpan<ViewImage> _views = views;
    private readonly int _y = y;

    /// <summary>The row below; the last row itself where there is none.</summary>
    public EyeRows Below => new(_views, Math.Min(_y + 1, _views[0].Height - 1));

    /// <summary>An eye's pixels, BGR0.</summary>
    public ReadOnlySpan<uint> Color(int eye) => _views[eye].Color.AsSpan(_views[eye].Row(_y));

    /// <summary>An eye's inverse depth, 1/m; 0 where there is none.</summary>
    public ReadOnlySpan<float> InverseDepth(int eye) => _views[eye].InverseDepth.AsSpan(_views[eye].Row(_y));

    /// <summary>255 where an eye saw nothing, else 0.</summary>
    public ReadOnlySpan<byte> Holes(int eye) => _views[eye].Holes.AsSpan(_views[eye].Row(_y));
}
