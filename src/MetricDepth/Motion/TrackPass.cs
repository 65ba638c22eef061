using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>Passes over the tracks of a problem at the size the solvers work at.</summary>
internal sealed class TrackPass(PoseProblem problem, int width, int height, IProgress<FrameProgress>? progress, CancellationToken cancellation)
{
    private readonly SightingResize _resize = new(problem.Camera.Width, problem.Camera.Height, width, height);

    /// <summary>Frames that the last pass went through.</summary>
    public long Frames { get; private set; }

    /// <summary>All frames in order.</summary>
    public IEnumerable<TrackedFrame> Read(string activity)
    {
        Frames = 0;
        foreach (var frame in problem.Read(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            Frames++;
            yield return _resize.Run(frame);
            progress?.Report(new(activity, Frames, problem.FrameCount));
        }
    }

    /// <summary>The frames that are worth solving for; the first and the last that see anything are among them.</summary>
    public List<TrackedFrame> Keyframes()
    {
        var selector = new KeyframeSelector(Math.Sqrt((double)width * width + (double)height * height));
        var keyframes = new List<TrackedFrame>();
        TrackedFrame? last = null;
        foreach (var frame in Read("Choosing keyframes"))
        {
            if (frame.Ids.Length < PointTracker.MinPoints) continue;
            last = selector.Mark(frame);
            if (last.IsKeyframe) keyframes.Add(last);
        }
        if (last is { IsKeyframe: false }) keyframes.Add(last with { IsKeyframe = true });
        return keyframes;
    }
}
