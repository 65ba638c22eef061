using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>Chosen frames of the clip.</summary>
internal sealed class PickedViewSource : ViewSource
{
    private readonly DepthVideo _depth;
    private readonly VideoClip _color;
    private readonly IReadOnlyList<long> _frames;
    private readonly PickedFrames _depthFrames, _colorFrames;
    private readonly ConfidenceMask? _mask;
    private readonly PickedFrames? _confidenceFrames;
    private readonly byte[] _confidence = [];
    private int _next;

    public PickedViewSource(DepthVideo depth, VideoClip color, double? minConfidence, IReadOnlyList<long> frames, CancellationToken cancellation)
    {
        (_depth, _color, _frames) = (depth, color, frames);
        _depthFrames = new(depth, new(), frames, cancellation);
        _colorFrames = new(color, ColorVideo.Reading(color, depth, null), frames, cancellation);
        _mask = ConfidenceMask.For(depth, minConfidence, cancellation);
        if (_mask is not null)
        {
            _confidenceFrames = new(_mask.Clip, ConfidenceMask.Reading(new()), frames, cancellation);
            _confidence = new byte[depth.Width * depth.Height];
        }
        Readers = [ReadDepth, job => _colorFrames.Read(MemoryMarshal.AsBytes(job.Color.AsSpan()))];
    }

    public override IReadOnlyList<Func<ViewJob, bool>> Readers { get; }

    public override long? Total => _frames.Count;

    protected override (uint[] Depth, uint[] Color) CreateFrame() => (new uint[_depth.Width * _depth.Height], new uint[_color.Width * _color.Height]);

    public override void Dispose()
    {
        _depthFrames.Dispose();
        _colorFrames.Dispose();
        _confidenceFrames?.Dispose();
    }

    private bool ReadDepth(ViewJob job)
    {
        if (!_depthFrames.Read(MemoryMarshal.AsBytes(job.Depth.AsSpan()))) return false;
        if (_mask is not null)
        {
            _confidenceFrames!.Read(_confidence);
            _mask.Apply(job.Depth, _confidence);
        }
        job.SourceFrame = job.ViewFrame = _frames[_next++];
        return true;
    }
}
