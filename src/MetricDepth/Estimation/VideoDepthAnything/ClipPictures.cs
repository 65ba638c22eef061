using MetricDepth.Estimation.DepthAnything;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Estimation.VideoDepthAnything;

/// <summary>A clip's frames, decoded in the size of the depth wanted, as the original has them, and prepared for the network.</summary>
internal sealed class ClipPictures : IPictureSource, IDisposable
{
    private readonly FrameReader reader;
    private readonly PictureInput input;
    private readonly Plane<uint> frame;

    /// <summary>Starts decoding.</summary>
    public ClipPictures(EstimationJob job, int inputWidth, int inputHeight, CancellationToken cancellation)
    {
        input = new(job.Width, job.Height, inputWidth, inputHeight);
        frame = new(job.Width, job.Height);
        reader = FrameReader.Open(job.Clip,
            new() { Width = job.Width, Height = job.Height, FrameRate = job.FrameRate, MaxFrames = job.Options.MaxFrames }, cancellation);
    }

    /// <inheritdoc/>
    public int Read(Memory<float> pictures, int count)
    {
        int got = 0;
        for (; got < count && reader.Read(frame.Bytes); got++) input.Fill(frame, pictures.Span.Slice(got * input.Length, input.Length));
        return got;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();
}
