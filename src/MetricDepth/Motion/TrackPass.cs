using MetricDepth.Geometry;
using MetricDepth.Tracking;

namespace MetricDepth.Motion;

/// <summary>Passes over the tracks of a problem, at the size for which the solvers' pixel distances are meant.</summary>
internal sealed class TrackPass
{
    private const int WorkingSize = 640;

    private readonly PoseProblem _problem;
    private readonly IProgress<FrameProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly SightingResize _resize;

    public TrackPass(PoseProblem problem, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_problem, _progress, _cancellation) = (problem, progress, cancellation);
        var clip = problem.Camera;
        double shrink = Math.Min(1, (double)WorkingSize / Math.Max(clip.Width, clip.Height));
        var size = clip.Resized(Math.Max(1, (int)Math.Round(clip.Width * shrink)), Math.Max(1, (int)Math.Round(clip.Height * shrink)));
        (Width, Height, Camera) = (size.Width, size.Height, new(size));
        _resize = new(clip.Width, clip.Height, Width, Height);
    }

    /// <summary>Width that the tracks are brought to, px.</summary>
    public int Width { get; }

    /// <summary>Height likewise.</summary>
    public int Height { get; }

    /// <summary>The camera at that size.</summary>
    public Camera Camera { get; }

    /// <summary>Pixels of the clip for one of the tracks.</summary>
    public double PixelSize => (double)_problem.Camera.Width / Width;

    /// <summary>Frames that the last pass went through.</summary>
    public long Frames { get; private set; }

    /// <summary>All frames in order.</summary>
    public IEnumerable<TrackedFrame> Read(string activity)
    {
        Frames = 0;
        foreach (var frame in _problem.Read(_cancellation))
        {
            _cancellation.ThrowIfCancellationRequested();
            Frames++;
            yield return _resize.Run(frame);
            _progress?.Report(new(activity, Frames, _problem.FrameCount));
        }
    }

    /// <summary>The frames that are worth solving for; the first and the last that see anything are among them.</summary>
    public List<TrackedFrame> Keyframes()
    {
        var selector = new KeyframeSelector(Math.Sqrt((double)Width * Width + (double)Height * Height));
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
