using System.Globalization;
using MetricDepth.Video;

namespace MetricDepth.Rendering;

/// <summary>One pass over frames that become views: what videos and still images have in common.</summary>
internal sealed class ViewPass
{
    // Scratch for all workers together: large pictures get fewer workers, each with more threads.
    private const double MemoryForScratch = 1.5e9;

    // 8K sampled twice in each direction.
    private const long MostSamples = 1L << 27;

    private readonly ViewRenderOptions _options;
    private readonly IProgress<FrameProgress>? _progress;
    private readonly CancellationToken _cancellation;

    /// <summary>Checks what is asked for and decides the cameras. Nothing is written yet.</summary>
    /// <param name="options">What to render.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used.</exception>
    public ViewPass(ViewRenderOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_options, _progress, _cancellation) = (options, progress, cancellation);
        ViewOptionsCheck.ThrowIfUnusable(options);
        Color = ColorVideo.Find(options.Depth, options.ColorPath, progress, cancellation);
        Plan = new(options, Color, LastFrame(options), progress, cancellation);
        RequireMemory();
    }

    /// <summary>The colour video.</summary>
    public VideoClip Color { get; }

    /// <summary>The cameras.</summary>
    public ViewPlan Plan { get; }

    /// <summary>Pixels that were not seen, so far.</summary>
    public long Holes { get; private set; }

    /// <summary>Renders every frame of a source.</summary>
    /// <param name="source">The frames.</param>
    /// <param name="finish">More work on a finished view, on its worker.</param>
    /// <param name="write">Takes views in order, on one thread.</param>
    /// <param name="activity">What progress calls it.</param>
    /// <returns>Views rendered.</returns>
    public long Run(ViewSource source, Action<ViewJob> finish, Action<ViewJob> write, string activity)
    {
        long done = 0;
        // Few views, or large ones, are each drawn by several threads.
        int workers = Workers(source.Total), threads = Math.Max(1, Environment.ProcessorCount / workers);
        var (width, height) = (Plan.View.Width, Plan.View.Height);
        long frames = new FramePipeline<ViewJob>
        {
            CreateJob = () => source.CreateJob(width, height, _options.DepthOutput),
            Readers = source.Readers,
            Workers = workers,
            CreateWorker = () =>
            {
                var renderer = new ViewFrameRenderer(_options, Color, Plan, threads);
                return job =>
                {
                    renderer.Render(job, source.IsOneFrame, _cancellation);
                    finish(job);
                };
            },
            Write = job =>
            {
                write(job);
                Holes += job.Holes;
                _progress?.Report(new(activity, ++done, source.Total));
            },
        }.Run(_cancellation);
        source.Report(frames, _progress);
        if (Holes == frames * width * height)
            throw new MetricDepthException("NothingInView", FailureKind.InvalidArgument,
                $"Nothing of '{_options.Depth.Path}' was in view in any of the {frames.ToString(CultureInfo.InvariantCulture)} frames. Positions are metres right (x), down (y) and ahead (z) of the camera; check the viewpoint.");
        return frames;
    }

    private double Samples => (double)Plan.View.Width * Plan.View.Height * _options.Supersampling * _options.Supersampling;

    private int Workers(long? frames)
    {
        double bytes = Samples * (sizeof(uint) + sizeof(float) + 1) + (double)Color.Width * Color.Height * 32;
        return (int)Math.Clamp(Math.Min(MemoryForScratch / bytes, frames ?? long.MaxValue), 1, Environment.ProcessorCount);
    }

    private long? LastFrame(ViewRenderOptions options) =>
        options.Frames is { } frames ? frames.Max()
        : new[] { options.Depth.FrameCount, Color.FrameCount, options.MaxFrames }.Min() - 1;

    private void RequireMemory()
    {
        if (Samples > MostSamples)
            throw new MetricDepthException("PictureTooLarge", FailureKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture,
                $"A view of {Plan.View.Width}x{Plan.View.Height} pixels with {_options.Supersampling * _options.Supersampling} samples each is too large. Give a smaller -Width or -Supersampling."));
    }
}
