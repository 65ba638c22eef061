using System.Runtime.InteropServices;
using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>The whole clip, frame by frame.</summary>
internal sealed class ClipViewSource : ViewSource
{
    private readonly DepthVideo _depth;
    private readonly VideoClip _color;
    private readonly DepthVideoReader _depthReader;
    private readonly FrameReader _colorReader;
    private long _next;
    private bool _colorEnded;

    public ClipViewSource(DepthVideo depth, VideoClip color, double? minConfidence, long? maxFrames, CancellationToken cancellation)
    {
        (_depth, _color) = (depth, color);
        Total = new[] { depth.FrameCount, color.FrameCount, maxFrames }.Min();
        _depthReader = DepthVideoReader.Open(depth, minConfidence, new() { MaxFrames = maxFrames }, cancellation);
        try
        {
            _colorReader = FrameReader.Open(color, ColorVideo.Reading(color, depth, maxFrames), cancellation);
        }
        catch
        {
            _depthReader.Dispose();
            throw;
        }
        Readers = [ReadDepth, ReadColor];
    }

    public override IReadOnlyList<Func<ViewJob, bool>> Readers { get; }

    public override long? Total { get; }

    protected override (uint[] Depth, uint[] Color) CreateFrame() => (new uint[_depth.Width * _depth.Height], new uint[_color.Width * _color.Height]);

    public override void Report(long frames, IProgress<FrameProgress>? progress)
    {
        if (_colorEnded) ColorVideo.ReportEnded(_color, _depth, frames, progress);
    }

    public override void Dispose()
    {
        _depthReader.Dispose();
        _colorReader.Dispose();
    }

    private bool ReadDepth(ViewJob job)
    {
        job.SourceFrame = job.ViewFrame = _next++;
        return _depthReader.ReadPixels(job.Depth);
    }

    // Asked only for frames that the depth video has.
    private bool ReadColor(ViewJob job) => _colorReader.Read(MemoryMarshal.AsBytes(job.Color.AsSpan())) || !(_colorEnded = true);
}
