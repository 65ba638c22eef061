namespace MetricDepth.Video;

/// <summary>
/// What a container says of a picture's two eyes and its projection, so that players and headsets show it without being asked.
/// ffmpeg is told what it can write itself; the rest is put into its finished file.
/// </summary>
internal static class SpatialMetadata
{
    /// <summary>ffmpeg's arguments.</summary>
    public static string[] Arguments(FrameWriterOptions options, string container) => container switch
    {
        "matroska" when MatroskaVideoTrack.IsNeeded(options) => MatroskaVideoTrack.ReservingArguments,
        "matroska" when options.Packing is { } packing => ["-metadata:s:v:0", "stereo_mode=" + MatroskaStereoMode.Name(packing)],
        // the boxes are put in while the index is moved to the front, so that the file is copied once, not twice
        "mp4" or "mov" when !Mp4SpatialBoxes.AreNeeded(options) => ["-movflags", "+faststart"],
        _ => [],
    };

    /// <summary>Completes a finished file.</summary>
    /// <exception cref="MetricDepthException">The file is not as ffmpeg writes it.</exception>
    public static void Put(string path, FrameWriterOptions options, string container, CancellationToken cancellation)
    {
        if (container == "matroska" && MatroskaVideoTrack.IsNeeded(options)) MatroskaVideoTrack.Put(path, options.Packing, options.Projection);
        if (container is "mp4" or "mov" && Mp4SpatialBoxes.AreNeeded(options))
            Mp4FastStart.MoveIndexToFront(path, Mp4SpatialBoxes.Make(options.Packing, options.Projection), cancellation);
    }
}
