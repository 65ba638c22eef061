namespace MetricDepth.Video;

/// <summary>Reads the facts of video files with ffprobe.</summary>
public static class VideoProbe
{
    /// <summary>Reads the facts of one file.</summary>
    /// <exception cref="MetricDepthException">The file is missing, is not a video, has no frames or absurd dimensions; or ffmpeg is missing.</exception>
    public static VideoClip Probe(string path, CancellationToken cancellation = default) => throw new NotImplementedException();
}
