namespace MetricDepth.Depth.Import;

/// <summary>The depth of each grey level.</summary>
internal sealed class LevelTable
{
    private readonly float[] _depths;

    /// <param name="encoding">How levels stand for depth.</param>
    /// <param name="highest">The highest level.</param>
    public LevelTable(DepthEncoding encoding, int highest)
    {
        _depths = new float[highest + 1];
        for (int level = 1; level <= highest; level++) _depths[level] = (float)encoding.Depth(level);
    }

    /// <summary>How levels stand for depth: as was asked for, else as the file says; null if neither.</summary>
    /// <param name="unit">Metres a step.</param>
    /// <param name="tags">The file's.</param>
    public static DepthEncoding? Encoding(double? unit, IReadOnlyDictionary<string, string> tags) =>
        unit is { } u ? new DepthEncoding(u) : DepthVideoTags.ReadEncoding(tags);

    /// <summary>Levels to metres.</summary>
    public void Decode(ReadOnlySpan<ushort> levels, Span<float> depth)
    {
        for (int i = 0; i < levels.Length; i++) depth[i] = _depths[levels[i]];
    }

    /// <summary>Levels to metres.</summary>
    public void Decode(ReadOnlySpan<byte> levels, Span<float> depth)
    {
        for (int i = 0; i < levels.Length; i++) depth[i] = _depths[levels[i]];
    }
}
