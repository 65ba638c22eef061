using System.Globalization;

namespace MetricDepth.Video;

/// <summary>
/// The frame packing arrangement message of H.264 (ITU-T H.264, D.2.26), which televisions read from the picture stream itself.
/// Of our encoders only x264 writes it, and always with the left eye first.
/// </summary>
internal static class FramePacking
{
    /// <summary>The encoder's arguments; null where it cannot say it.</summary>
    public static string[]? Arguments(VideoEncoder encoder, StereoPacking? packing) =>
        encoder.Name == "libx264" && Type(packing) is { } type ? ["-x264-params", string.Create(CultureInfo.InvariantCulture, $"frame-packing={type}")] : null;

    private static int? Type(StereoPacking? packing) => packing switch
    {
        StereoPacking.Checkerboard => 0,
        StereoPacking.ColumnInterleaved => 1,
        StereoPacking.RowInterleaved => 2,
        StereoPacking.LeftRight => 3,
        StereoPacking.TopBottom => 4,
        _ => null,
    };
}
