namespace MetricDepth.Video;

/// <summary>
/// ffmpeg's Matroska muxer reads StereoMode 10 (anaglyph) but does not write it. It is made to write another mode that, like
/// an anaglyph, keeps the display size, without checksums; that one byte is then corrected.
/// </summary>
internal static class MatroskaStereoMode
{
    // checkerboard_lr is 5, anaglyph_cyan_red 10 (RFC 9559, element StereoMode).
    private const byte StandIn = 5, Corrected = 10;
    private const int HeaderBytes = 64 * 1024;

    /// <summary>The arguments that write the stand-in.</summary>
    public static readonly string[] AnaglyphArguments = ["-metadata:s:v:0", "stereo_mode=checkerboard_lr", "-write_crc32", "0"];

    // Element StereoMode (53 B8) of one byte (81) with the stand-in.
    private static ReadOnlySpan<byte> Element => [0x53, 0xB8, 0x81, StandIn];

    private static ReadOnlySpan<byte> Cluster => [0x1F, 0x43, 0xB6, 0x75];

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

    /// <summary>Whether the mode asked for is the one that ffmpeg does not write.</summary>
    public static bool NeedsCorrection(FrameWriterOptions options, string container) =>
        options.Packing == StereoPacking.Anaglyph && container == "matroska";

    /// <summary>Corrects the mode in the header of a finished file.</summary>
    /// <exception cref="MetricDepthException">The header does not hold the stand-in.</exception>
    public static void PutAnaglyph(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var header = new byte[HeaderBytes];
        var read = header.AsSpan(0, stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false));
        int end = read.IndexOf(Cluster), at = read[..(end < 0 ? read.Length : end)].IndexOf(Element);
        if (at < 0)
            throw new MetricDepthException("StereoModeNotWritten", FailureKind.ExternalTool,
                $"ffmpeg left no stereo mode in '{path}'. Update ffmpeg, or choose another -Layout.");
        stream.Position = at + Element.Length - 1;
        stream.WriteByte(Corrected);
    }
}
