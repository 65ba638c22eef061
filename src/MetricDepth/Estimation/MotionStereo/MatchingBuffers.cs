using System.Collections.Concurrent;
using MetricDepth.Imaging;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>
/// Everything large that matching writes into, made once and handed round: from frame to frame, from the survey to the matching,
/// and from shot to shot. All of one size; bounded by the widest window.
/// </summary>
internal sealed class MatchingBuffers(int width, int height, MotionStereoSettings settings)
{
    private readonly ConcurrentBag<Worker> _workers = [];
    private readonly Stack<WorkingFrame> _frames = [];
    private readonly Stack<MatchedDepth> _matches = [];
    private readonly Stack<CheckedDepth> _checked = [];

    /// <summary>Width, px.</summary>
    public int Width => width;

    /// <summary>Height, px.</summary>
    public int Height => height;

    /// <summary>Frames that were ever held at once.</summary>
    public int FramesMade { get; private set; }

    /// <summary>The buffers of one thread; any thread may ask.</summary>
    public Worker TakeWorker() => _workers.TryTake(out var w) ? w : new(width, height, settings);

    public WorkingFrame TakeFrame()
    {
        if (_frames.TryPop(out var frame)) return frame;
        FramesMade++;
        return new(width, height);
    }

    public MatchedDepth TakeMatch() => _matches.TryPop(out var m) ? m : new(width, height);

    public CheckedDepth TakeChecked() => _checked.TryPop(out var c) ? c : new(width, height);

    public void Return(Worker worker) => _workers.Add(worker);

    public void Return(WorkingFrame frame) => _frames.Push(frame);

    public void Return(MatchedDepth match) => _matches.Push(match);

    public void Return(CheckedDepth depth) => _checked.Push(depth);

    /// <summary>What the cross-view check and the completion make of one frame.</summary>
    public sealed class CheckedDepth(int width, int height)
    {
        public Plane<float> InverseDepth { get; } = new(width, height);
        public Plane<float> Confidence { get; } = new(width, height);

        /// <summary>Scratch: what the completion is to trust.</summary>
        public Plane<float> Trust { get; } = new(width, height);
        public double Coverage { get; set; }
        public bool IsMatched { get; set; }
    }

    /// <summary>The buffers of one thread.</summary>
    public sealed class Worker(int width, int height, MotionStereoSettings settings)
    {
        public Plane<byte> Luma { get; } = new(width, height);
        public Plane<float> Texture { get; } = new(width, height);
        public byte[] Volume { get; } = new byte[(long)width * height * DepthPlanes.MaxCount];
        public SemiGlobalAggregation Aggregation { get; } = new(width, height, DepthPlanes.MaxCount, settings);
        public DepthCompletion Completion { get; } = new(width, height, settings);
    }
}
