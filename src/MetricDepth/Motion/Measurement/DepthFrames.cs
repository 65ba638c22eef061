using System.Numerics;
using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Imaging;
using MetricDepth.Video;

namespace MetricDepth.Motion.Measurement;

/// <summary>A depth video frame by frame, beside the frames of its clip; no depth after its end.</summary>
internal sealed class DepthFrames : IDisposable
{
    private readonly FrameReader _reader;
    private readonly DepthSampling _sampling;
    private readonly Plane<float> _depth;
    private readonly uint[] _codes;
    private readonly double _maxDepth;
    private bool _ended;

    private DepthFrames(FrameReader reader, DepthSampling sampling, double maxDepth)
    {
        (_reader, _sampling, _maxDepth) = (reader, sampling, maxDepth);
        _depth = new(reader.Width, reader.Height);
        _codes = new uint[reader.Width * reader.Height];
    }

    /// <summary>Frames it had.</summary>
    public long FramesRead => _reader.FramesRead;

    public static DepthFrames Open(ClipSources sources, CancellationToken cancellation)
    {
        var depth = sources.Depth!;
        return new(FrameReader.Open(depth, sources.DepthReading, cancellation), new(sources.Width, sources.Height, depth.Width, depth.Height), depth.MaxDepth);
    }

    public void Next()
    {
        if (_ended) return;
        if (_reader.Read(MemoryMarshal.AsBytes(_codes.AsSpan()))) DepthCodec.Decode(_codes, _depth.Span, _maxDepth);
        else _ended = true;
    }

    /// <summary>Depth at a point of the clip, metres; 0 where it is not known.</summary>
    public float At(Vector2 point) => _ended ? 0 : _sampling.At(_depth, point);

    public void Dispose() => _reader.Dispose();
}
