using MetricDepth.Geometry;
using MetricDepth.Imaging;
using MetricDepth.Motion;
using MetricDepth.Video;

namespace MetricDepth.Estimation.MotionStereo;

/// <summary>Motion stereo of one shot: its camera is solved, its depths are surveyed, then every frame is matched against its neighbours.</summary>
internal sealed class ShotStereo
{
    private const int SurveyFrames = 10;

    private readonly EstimationJob _job;
    private readonly MotionStereoSettings _settings;
    private readonly MatchingBuffers _buffers;
    private readonly KeyDepth? _seed;

    /// <summary>Solves and surveys a shot.</summary>
    /// <param name="job">The clip and what is known of it.</param>
    /// <param name="shot">The frames.</param>
    /// <param name="horizontalFov">Degrees; null to estimate.</param>
    /// <param name="settings">How to match.</param>
    /// <param name="buffers">What to match in; their size is that at which it is matched.</param>
    /// <param name="progress">Told of every frame.</param>
    /// <param name="cancellation">Stops within a frame.</param>
    /// <exception cref="MetricDepthException">The shot holds too little; <c>TrackingLost</c> tells the frame at which it ends.</exception>
    public ShotStereo(EstimationJob job, Shot shot, double? horizontalFov, MotionStereoSettings settings, MatchingBuffers buffers,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_job, Shot, _settings, _buffers) = (job, shot, settings, buffers);
        var motion = CameraSolver.Run(new()
        {
            Clip = job.Clip,
            HorizontalFov = horizontalFov,
            VerticalFov = job.Options.VerticalFov,
            FirstFrame = shot.First,
            MaxFrames = shot.MaxFrames,
            FrameRate = job.FrameRate,
            KnownPath = job.Options.CameraPath is { } file ? CameraPath.Load(file) : null,
        }, progress, cancellation);
        long done = shot.First;
        using var frames = Open(buffers.Width, buffers.Height, cancellation);
        (Depths, _seed) = new DenseReconstruction(motion, settings, buffers).Survey(color =>
        {
            progress?.Report(new("Surveying depth", done++, shot.First + motion.Poses.Count));
            return frames.Read(color.Bytes);
        }, SurveyFrames, cancellation);
        Motion = motion with { SceneDepths = [.. motion.SceneDepths.Select(d => Widen(d, Depths))] };
    }

    /// <summary>The frames.</summary>
    public Shot Shot { get; }

    /// <summary>How the camera moved.</summary>
    public CameraMotion Motion { get; }

    /// <summary>The depths of the whole shot, in the unit of its poses.</summary>
    public SceneDepth Depths { get; }

    /// <summary>The share of matched depth, 0..1, after <see cref="Estimate"/>.</summary>
    public double Coverage { get; private set; }

    /// <summary>Emits the shot's depths, multiplied by <paramref name="scale"/>.</summary>
    public void Estimate(float scale, DepthSink emit, CancellationToken cancellation)
    {
        var dense = new DenseReconstruction(Motion, _settings, _buffers);
        using var frames = Open(_buffers.Width, _buffers.Height, cancellation);
        bool sameSize = _buffers.Width == _job.Width && _buffers.Height == _job.Height;
        // the second reader runs behind the first by the matcher's window, which costs a decoder and saves the window's frames at full size
        using var pictures = sameSize ? null : Open(_job.Width, _job.Height, cancellation);
        var picture = sameSize ? null : new Plane<uint>(_job.Width, _job.Height);
        var depth = new Plane<float>(_job.Width, _job.Height);
        var confidence = _job.Options.Confidence ? new Plane<float>(_job.Width, _job.Height) : null;
        using var again = dense.ReadsTwice ? Open(_buffers.Width, _buffers.Height, cancellation) : null;
        dense.Run(color => frames.Read(color.Bytes), again is null ? null : color => again.Read(color.Bytes), (index, color, inverse, sure) =>
        {
            if (pictures is not null && !pictures.Read(picture!.Bytes)) throw new InvalidOperationException("The clip gave fewer frames the second time.");
            GuidedUpsampling.Run(inverse, color, picture ?? color, depth, _settings.Threads, cancellation);
            foreach (ref float d in depth.Span) d = d > 0 ? scale / d : 0;
            if (confidence is not null) LinearUpsampling.Run(sure, confidence, _settings.Threads, cancellation);
            emit(depth, confidence);
        }, _seed, cancellation);
        Coverage = dense.Coverage;
    }

    /// <summary>The range to sweep in one frame: what its own tracks show, and what the shot shows anywhere, within reason.</summary>
    private static SceneDepth Widen(SceneDepth own, SceneDepth shot)
    {
        if (!(own.Count > 0 && own.Near > 0 && own.Far > own.Near)) return shot;
        return own with
        {
            Near = Math.Max(Math.Min(own.Near, shot.Near), own.Near / 2),
            Far = Math.Min(Math.Max(own.Far, shot.Far), own.Far * 2),
        };
    }

    private FrameReader Open(int width, int height, CancellationToken cancellation) => FrameReader.Open(_job.Clip,
        new() { Width = width, Height = height, FrameRate = _job.FrameRate, FirstFrame = Shot.First, MaxFrames = Shot.MaxFrames }, cancellation);
}
