namespace MetricDepth.Video;

/// <summary>How two eyes lie in a stored picture, as containers and players know it.</summary>
public enum StereoPacking
{
    /// <summary>Left | right.</summary>
    LeftRight,
    /// <summary>Right | left.</summary>
    RightLeft,
    /// <summary>Left above right.</summary>
    TopBottom,
    /// <summary>Rows by turns, the left eye first.</summary>
    RowInterleaved,
    /// <summary>Columns by turns, the left eye first.</summary>
    ColumnInterleaved,
    /// <summary>Pixels by turns, the left eye first.</summary>
    Checkerboard,
    /// <summary>One picture for red-cyan glasses.</summary>
    Anaglyph,
}
