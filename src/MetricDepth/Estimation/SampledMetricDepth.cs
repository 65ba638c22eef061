using MetricDepth.Estimation.ImageDepth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Estimation;

/// <summary>
/// What a metric single-image network says of some frames of a clip. It decodes the clip for itself, so that no frames have to be held for it
/// while a window of them goes through another network.
/// </summary>
internal sealed class SampledMetricDepth : IDisposable
{
    private readonly IImageNetwork network;
    private readonly FrameReader reader;
    private readonly Plane<uint> frame;
    private readonly float[] input;
    private readonly NetworkMap map = new();
    private readonly Plane<float> depth;
    private readonly float factor;
    private readonly CancellationToken cancellation;

    /// <summary>Starts decoding.</summary>
    /// <param name="job">The clip.</param>
    /// <param name="network">A network that gives metres, prepared; stays the caller's.</param>
    /// <param name="factor">What the network's depth is multiplied by.</param>
    /// <param name="cancellation">Stops it.</param>
    public SampledMetricDepth(EstimationJob job, IImageNetwork network, double factor, CancellationToken cancellation)
    {
        (this.network, this.factor, this.cancellation) = (network, (float)factor, cancellation);
        frame = new(network.FrameSize.Width, network.FrameSize.Height);
        input = new float[network.InputLength];
        depth = new(job.Width, job.Height);
        reader = ClipFrames.Open(job, network, cancellation);
    }

    /// <summary>The depth of a frame, metres, 0 where there is none; lent until the next call.</summary>
    /// <param name="index">The frame, from 0; each call's behind the one's before.</param>
    public Plane<float> Of(long index)
    {
        while (reader.FramesRead <= index)
        {
            if (!reader.Read(frame.Bytes))
                throw new MetricDepthException("VideoDamaged", FailureKind.InvalidData,
                    "The clip ended earlier when it was read a second time. Close what writes to it, or convert it anew.");
        }
        network.Fill(frame, input);
        network.Infer(input, map, cancellation);
        network.Resize(map, depth, new ProportionalDepth(factor));
        return depth;
    }

    /// <summary>Stops decoding.</summary>
    public void Dispose() => reader.Dispose();
}
