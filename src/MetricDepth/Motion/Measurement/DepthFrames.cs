using System.Numerics;
using MetricDepth.Depth;
using MetricDepth.Imaging;

namespace MetricDepth.Motion.Measurement;

/// <summary>A depth video frame by frame, beside the frames of its clip; no depth after its end.</summary>
internal sealed class DepthFrames : IDisposable
{
    private readonly DepthVideoReader _reader;
    private readonly DepthSampling _sampling;
    private readonly Plane<float> _depth;
    private bool _ended;

    private DepthFrames(DepthVideoReader reader, DepthSampling sampling, Plane<float> depth) =>
        (_reader, _sampling, _depth) = (reader, sampling, depth);

    /// <summary>Frames it had.</summary>
    public long FramesRead => _reader.FramesRead;

    public static DepthFrames Open(ClipSources sources, CancellationToken cancellation)
    {
        var depth = sources.Depth!;
        return new(DepthVideoReader.Open(depth, sources.MinConfidence, sources.DepthReading, cancellation),
            new(sources.Width, sources.Height, depth.Width, depth.Height), new(depth.Width, depth.Height));
    }

    public void Next()
    {
        if (!_ended) _ended = !_reader.Read(_depth);
    }

    /// <summary>Depth at a point of the clip, metres; 0 where it is not known.</summary>
    public float At(Vector2 point) => _ended ? 0 : _sampling.At(_depth, point);

    public void Dispose() => _reader.Dispose();
}
