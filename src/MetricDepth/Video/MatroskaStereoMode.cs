namespace MetricDepth.Video;

/// <summary>Matroska's element StereoMode (RFC 9559, section 5.1.4.1.28.3).</summary>
internal static class MatroskaStereoMode
{
    /// <summary>The mode as ffmpeg names it.</summary>
    public static string Name(StereoPacking packing) => packing switch
    {
        StereoPacking.LeftRight => "left_right",
        StereoPacking.RightLeft => "right_left",
        StereoPacking.TopBottom => "top_bottom",
        StereoPacking.RowInterleaved => "row_interleaved_lr",
        StereoPacking.ColumnInterleaved => "col_interleaved_lr",
        StereoPacking.Checkerboard => "checkerboard_lr",
        _ => "anaglyph_cyan_red",
    };

    /// <summary>The mode as it is stored.</summary>
    public static byte Value(StereoPacking packing) => packing switch
    {
        StereoPacking.LeftRight => 1,
        StereoPacking.TopBottom => 3,
        StereoPacking.Checkerboard => 5,
        StereoPacking.RowInterleaved => 7,
        StereoPacking.ColumnInterleaved => 9,
        StereoPacking.Anaglyph => 10,
        _ => 11,
    };
}
