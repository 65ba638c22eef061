using System.Buffers;
using System.Text;

namespace MetricDepth.Video;

/// <summary>
/// The boxes <c>st3d</c> (two eyes in a picture) and <c>sv3d</c> (its projection) of Google's Spherical Video V2 RFC, which belong into
/// the video's sample entry.
/// </summary>
internal static class Mp4SpatialBoxes
{
    private const string Source = "MetricDepth";
    private const byte TopBottom = 1, LeftRight = 2, RightLeft = 4;

    /// <summary>Data of the box <c>equi</c>: of the full sphere a quarter is cropped at the left and at the right (0.32 fixed point).</summary>
    public static ReadOnlySpan<byte> HalfSphereBounds =>
    [
        0, 0, 0, 0, // version and flags
        0, 0, 0, 0, 0, 0, 0, 0, // top, bottom
        0x3F, 0xFF, 0xFF, 0xFF, 0x3F, 0xFF, 0xFF, 0xFF, // left, right: rounded down, so that a half is never less than a half
    ];

    /// <summary>Whether there is anything that MP4 has a word for.</summary>
    public static bool AreNeeded(FrameWriterOptions options) => options.Projection != SpatialProjection.Flat || Mode(options.Packing) is not null;

    /// <summary>The boxes.</summary>
    public static byte[] Make(StereoPacking? packing, SpatialProjection projection)
    {
        var writer = new ArrayBufferWriter<byte>();
        if (Mode(packing) is { } mode) Mp4Box.Write(writer, "st3d", [0, 0, 0, 0, mode]);
        if (projection == SpatialProjection.Equirectangular180)
        {
            var proj = new ArrayBufferWriter<byte>();
            Mp4Box.Write(proj, "prhd", new byte[16]); // version and flags; yaw, pitch, roll: straight ahead
            Mp4Box.Write(proj, "equi", HalfSphereBounds);
            var sv3d = new ArrayBufferWriter<byte>();
            Mp4Box.Write(sv3d, "svhd", [0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Source), 0]);
            Mp4Box.Write(sv3d, "proj", proj.WrittenSpan);
            Mp4Box.Write(writer, "sv3d", sv3d.WrittenSpan);
        }
        return writer.WrittenSpan.ToArray();
    }

    private static byte? Mode(StereoPacking? packing) => packing switch
    {
        StereoPacking.TopBottom => TopBottom,
        StereoPacking.LeftRight => LeftRight,
        StereoPacking.RightLeft => RightLeft,
        _ => null,
    };
}
