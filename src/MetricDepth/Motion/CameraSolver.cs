using System.Collections.Concurrent;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion;

/// <summary>
/// Solves how the camera moved from the video alone: tracks points, finds two frames with parallax, and extends from there by
/// pose estimation and bundle adjustment in a sliding window. One pass over the video; memory does not grow with it
/// but for a pose and four numbers a frame. Tracking runs one thread ahead of solving; neither depends on the number of threads.
/// </summary>
public static class CameraSolver
{
    /// <summary>Solves one clip.</summary>
    /// <exception cref="MetricDepthException">
    /// <c>InsufficientParallax</c>: the camera does not move sideways enough; <c>InsufficientTexture</c>: too little to track;
    /// <c>ClipTooShort</c>: a single frame; <c>TrackingLost</c>: a cut, or too long a blur; <c>CameraPathTooShort</c>: fewer known poses than frames.
    /// </exception>
    public static CameraMotion Run(CameraSolverOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var clip = options.Clip;
        double shrink = Math.Min(1, (double)options.WorkingSize / Math.Max(clip.Width, clip.Height));
        int width = Math.Max(1, (int)Math.Round(clip.Width * shrink)), height = Math.Max(1, (int)Math.Round(clip.Height * shrink));
        double rate = (options.FrameRate ?? clip.FrameRate).Value;
        long? total = clip.FrameCount is { } n ? (long)Math.Round(n * rate / clip.FrameRate.Value) : null;
        if (options.MaxFrames is { } limit) total = Math.Min(total ?? long.MaxValue, options.FirstFrame + limit);

        var solver = new ClipSolver(options, width, height, rate, progress, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var queue = new BlockingCollection<TrackedFrame>(8);
        using var reader = FrameReader.Open(clip, new()
        {
            Layout = PixelLayout.Gray8,
            Width = width,
            Height = height,
            FrameRate = options.FrameRate,
            FirstFrame = options.FirstFrame,
            MaxFrames = options.MaxFrames,
        }, cancellation);
        var tracking = Task.Factory.StartNew(() => Track(reader, queue, rate, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var frame in queue.GetConsumingEnumerable(cancellation))
            {
                solver.Add(frame);
                progress?.Report(new("Solving camera motion", options.FirstFrame + frame.Index + 1, total));
            }
        }
        catch
        {
            stop.Cancel();
            try { tracking.Wait(CancellationToken.None); }
            catch (AggregateException) { /* the first failure is the one to tell */ }
            throw;
        }
        tracking.GetAwaiter().GetResult();
        return solver.Finish();
    }

    private static void Track(FrameReader reader, BlockingCollection<TrackedFrame> queue, double rate, CancellationToken cancellation)
    {
        try
        {
            var tracker = new PointTracker(reader.Width, reader.Height, new());
            var buffer = new byte[reader.FrameBytes];
            int patience = Math.Max(5, (int)Math.Round(rate / 2));
            while (reader.Read(buffer))
            {
                var frame = tracker.Next(buffer);
                if (tracker.HasStarted && tracker.LostInARow > patience) throw Failures.TrackingLost(frame.Index - tracker.LostInARow + 1, rate);
                queue.Add(frame, cancellation);
            }
        }
        finally
        {
            queue.CompleteAdding();
        }
    }
}
