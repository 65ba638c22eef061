using MetricDepth.Depth;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>One frame of the clip, looked at from many places.</summary>
internal sealed class OneFrameViewSource : ViewSource
{
    private readonly uint[] _depth, _color;
    private readonly long _frame, _count;
    private long _next;

    public OneFrameViewSource(DepthVideo depth, VideoClip color, double? minConfidence, long frame, long count, CancellationToken cancellation)
    {
        (_frame, _count) = (frame, count);
        using var source = new PickedViewSource(depth, color, minConfidence, [frame], cancellation);
        var job = source.CreateJob(1, 1, withDepth: false);
        foreach (var read in source.Readers) read(job);
        (_depth, _color) = (job.Depth, job.Color);
        Readers = [Next];
    }

    public override IReadOnlyList<Func<ViewJob, bool>> Readers { get; }

    public override long? Total => _count;

    public override bool IsOneFrame => true;

    protected override (uint[] Depth, uint[] Color) CreateFrame() => (_depth, _color);

    public override void Dispose()
    {
    }

    private bool Next(ViewJob job)
    {
        if (_next == _count) return false;
        (job.SourceFrame, job.ViewFrame) = (_frame, _next++);
        return true;
    }
}
