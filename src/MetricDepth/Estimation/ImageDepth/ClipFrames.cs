using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Estimation.ImageDepth;

/// <summary>The frames of a job as a network goes through them.</summary>
internal static class ClipFrames
{
    /// <summary>How many there will be; null if the container does not tell.</summary>
    public static long? Count(EstimationJob job)
    {
        long? all = job.Clip.FrameCount is { } count ? (long)Math.Round(count * job.FrameRate.Value / job.Clip.FrameRate.Value) : null;
        return job.Options.MaxFrames is { } limit ? Math.Min(limit, all ?? limit) : all;
    }

    /// <summary>Starts decoding them in the size that the network wants.</summary>
    public static FrameReader Open(EstimationJob job, IImageNetwork network, CancellationToken cancellation) => FrameReader.Open(job.Clip, new()
    {
        Width = network.FrameSize.Width,
        Height = network.FrameSize.Height,
        FrameRate = job.FrameRate,
        MaxFrames = job.Options.MaxFrames,
    }, cancellation);

    /// <summary>Gives the network a few frames spread over the clip.</summary>
    /// <param name="job">The clip.</param>
    /// <param name="network">Prepared.</param>
    /// <param name="most">How many frames.</param>
    /// <param name="activity">What is found out, for the progress bar.</param>
    /// <param name="look">Takes the network's input of each.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops between frames.</param>
    public static void Sample(EstimationJob job, IImageNetwork network, int most, string activity, Action<Memory<float>> look,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        long step = Math.Max(1, (Count(job) ?? 10 * most) / most);
        var frame = new Plane<uint>(network.FrameSize.Width, network.FrameSize.Height);
        var input = new float[network.InputLength];
        using var reader = Open(job, network, cancellation);
        int taken = 0;
        for (long index = 0; taken < most && reader.Read(frame.Bytes); index++)
        {
            if (index % step != 0) continue;
            network.Fill(frame, input);
            look(input);
            progress?.Report(new(activity, ++taken, most));
        }
    }
}
