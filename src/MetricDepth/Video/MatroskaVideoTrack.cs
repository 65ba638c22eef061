using System.Buffers;
using System.Buffers.Binary;

namespace MetricDepth.Video;

/// <summary>
/// Puts into a Matroska file's video track what ffmpeg does not write: StereoMode 10 (anaglyph), and a Projection. ffmpeg is made to
/// reserve room by a long name of the track; the track is then written anew in the same number of bytes, without that name,
/// so nothing in the file moves.
/// </summary>
internal static class MatroskaVideoTrack
{
    // RFC 9559, sections 5.1 (ids) and 5.1.4.1.28.41 (Projection)
    private const uint Segment = 0x18538067, Tracks = 0x1654AE6B, TrackEntry = 0xAE, TrackType = 0x83, Name = 0x536E, Video = 0xE0,
        StereoMode = 0x53B8, Projection = 0x7670, ProjectionType = 0x7671, ProjectionPrivate = 0x7672, Void = 0xEC;

    private const byte VideoType = 1, Equirectangular = 1;
    private const int ReservedBytes = 100, HeaderBytes = 1 << 20, SmallestVoid = 9;

    /// <summary>The arguments that reserve the room; a checksum over the tracks would no longer hold.</summary>
    public static readonly string[] ReservingArguments = ["-metadata:s:v:0", "title=" + new string('-', ReservedBytes), "-write_crc32", "0"];

    /// <summary>Whether ffmpeg does not write what is asked for.</summary>
    public static bool IsNeeded(FrameWriterOptions options) =>
        options.Packing == StereoPacking.Anaglyph || options.Projection != SpatialProjection.Flat;

    /// <summary>Completes a finished file.</summary>
    /// <exception cref="MetricDepthException">There is no video track with the room reserved.</exception>
    public static void Put(string path, StereoPacking? packing, SpatialProjection projection)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var buffer = new byte[(int)Math.Min(HeaderBytes, stream.Length)];
        stream.ReadExactly(buffer);
        if (FindTrack(buffer) is not { } track) throw NotWritten(path);
        byte[] made = Rewrite(buffer, track, packing, projection);
        if (made.Length != (int)track.DataLength) throw NotWritten(path);
        stream.Position = track.DataStart;
        stream.Write(made);
    }

    private static EbmlElement? FindTrack(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        while (EbmlElement.Read(bytes, start) is { } element)
        {
            if (element.Id == Tracks && element.DataLength >= 0 && element.End <= bytes.Length)
            {
                foreach (var track in EbmlElement.Children(bytes, element.DataStart, (int)element.End))
                    if (track.Id == TrackEntry && IsVideo(bytes, track)) return track;
                return null;
            }
            // the segment holds all that follows; other elements are stepped over
            if (element.Id == Segment) start = element.DataStart;
            else if (element.DataLength >= 0 && element.End < bytes.Length) start = (int)element.End;
            else return null;
        }
        return null;
    }

    private static bool IsVideo(ReadOnlySpan<byte> bytes, EbmlElement track)
    {
        foreach (var child in EbmlElement.Children(bytes, track.DataStart, (int)track.End))
            if (child.Id == TrackType && child.DataLength == 1) return bytes[child.DataStart] == VideoType;
        return false;
    }

    private static byte[] Rewrite(ReadOnlySpan<byte> bytes, EbmlElement track, StereoPacking? packing, SpatialProjection projection)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var child in EbmlElement.Children(bytes, track.DataStart, (int)track.End))
        {
            if (child.Id == Name) continue;
            if (child.Id == Video) EbmlElement.Write(writer, Video, PictureOf(bytes, child, packing, projection));
            else writer.Write(bytes[child.Start..(int)child.End]);
        }
        int left = (int)track.DataLength - writer.WrittenCount;
        if (left >= SmallestVoid) EbmlElement.Write(writer, Void, new byte[left - SmallestVoid]);
        return writer.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> PictureOf(ReadOnlySpan<byte> bytes, EbmlElement video, StereoPacking? packing, SpatialProjection projection)
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var child in EbmlElement.Children(bytes, video.DataStart, (int)video.End))
            if (child.Id is not (StereoMode or Projection)) writer.Write(bytes[child.Start..(int)child.End]);
        if (packing is { } mode) EbmlElement.Write(writer, StereoMode, [MatroskaStereoMode.Value(mode)], lengthBytes: 1);
        if (projection == SpatialProjection.Equirectangular180)
        {
            var inner = new ArrayBufferWriter<byte>();
            EbmlElement.Write(inner, ProjectionType, [Equirectangular], lengthBytes: 1);
            // the content of the box 'equi' behind its head, as in MP4
            EbmlElement.Write(inner, ProjectionPrivate, Mp4SpatialBoxes.HalfSphereBounds, lengthBytes: 1);
            EbmlElement.Write(writer, Projection, inner.WrittenSpan, lengthBytes: 1);
        }
        return writer.WrittenSpan;
    }

    private static MetricDepthException NotWritten(string path) => new("StereoMetadataNotWritten", FailureKind.ExternalTool,
        $"ffmpeg left no room for the stereo mode in '{path}'. Update ffmpeg, or give a -DestinationPath that ends in .mp4.");
}
