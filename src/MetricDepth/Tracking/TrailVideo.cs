using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Tracking;

/// <summary>A video that shows tracks: each point with the way it came, coloured by how long it has been followed (blue: just begun, red: three seconds and more).</summary>
internal static class TrailVideo
{
    /// <summary>Draws the tracks into the clip's pictures; H.264.</summary>
    public static void Write(VideoClip clip, PointTracks tracks, string destination, bool overwrite, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        using var colorReader = FrameReader.Open(clip, new() { MaxFrames = tracks.FrameCount }, cancellation);
        using var writer = FrameWriter.Open(destination, new()
        {
            Width = clip.Width,
            Height = clip.Height,
            FrameRate = clip.FrameRate,
            Codec = VideoCodec.H264,
            Overwrite = overwrite,
        }, cancellation);
        using var frames = tracks.Read(cancellation).GetEnumerator();
        var history = new TrailHistory(clip.FrameRate.Value);
        long done = 0;
        new FramePipeline<Job>
        {
            CreateJob = () => new(clip.Width, clip.Height),
            Readers =
            [
                job =>
                {
                    if (!frames.MoveNext()) return false;
                    job.Trails = history.Next(frames.Current);
                    return true;
                },
                job => colorReader.Read(job.Picture.Bytes),
            ],
            CreateWorker = () => job => job.Trails!.Draw(job.Picture),
            Write = job =>
            {
                writer.Write(job.Picture.Bytes);
                progress?.Report(new("Drawing tracks", ++done, tracks.FrameCount));
            },
        }.Run(cancellation);
        writer.Complete();
    }

    private sealed class Job(int width, int height)
    {
        public Plane<uint> Picture { get; } = new(width, height);

        public Trails? Trails { get; set; }
    }
}
