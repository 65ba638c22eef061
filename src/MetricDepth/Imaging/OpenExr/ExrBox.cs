namespace MetricDepth.Imaging.OpenExr;

/// <summary>A rectangle of pixels; both corners belong to it (the format's box2i).</summary>
/// <param name="MinX">First column.</param>
/// <param name="MinY">First row.</param>
/// <param name="MaxX">Last column.</param>
/// <param name="MaxY">Last row.</param>
public readonly record struct ExrBox(int MinX, int MinY, int MaxX, int MaxY)
{
    /// <summary>Columns, px; below 1 if it is none.</summary>
    public long Width => (long)MaxX - MinX + 1;

    /// <summary>Rows, px; below 1 if it is none.</summary>
    public long Height => (long)MaxY - MinY + 1;
}
