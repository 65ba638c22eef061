namespace MetricDepth.Rendering;

/// <summary>
/// What one eye or view sees, while it is made: H rows, <see cref="Stride"/> apart. Reused from frame to frame, or from band to
/// band where a picture is drawn a few rows at a time.
/// </summary>
/// <param name="width">Width, px.</param>
/// <param name="height">Height, px; the most there is room for.</param>
internal sealed class ViewImage(int width, int height)
{
    /// <summary>Width, px.</summary>
    public int Width { get; } = width;

    /// <summary>Height, px. The last band of a picture may have fewer rows than there is room for.</summary>
    public int Height { get; set; } = height;

    /// <summary>Pixels from one row to the next: whole vectors fit into a row without touching the next.</summary>
    public int Stride { get; } = RowWarp.Padded(width);

    /// <summary>BGR0; black where nothing was seen until something fills it.</summary>
    public uint[] Color { get; } = new uint[RowWarp.Padded(width) * height];

    /// <summary>1/m along the optical axis (along the ray in a 180° picture); 0 where nothing was seen until something fills it.</summary>
    public float[] InverseDepth { get; } = new float[RowWarp.Padded(width) * height];

    /// <summary>255 where nothing was seen, else 0. Filling leaves it as it is: this is the infill mask.</summary>
    public byte[] Holes { get; } = new byte[RowWarp.Padded(width) * height];

    /// <summary>The range of one row, without its padding.</summary>
    public Range Row(int y) => (y * Stride)..(y * Stride + Width);

    /// <summary>Pixels where nothing was seen.</summary>
    public long CountHoles()
    {
        long holes = 0;
        for (int y = 0; y < Height; y++) holes += Width - Holes.AsSpan(Row(y)).Count((byte)0);
        return holes;
    }
}
