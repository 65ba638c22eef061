using System.Globalization;
using System.Numerics;
using MetricDepth.Video;

namespace MetricDepth.Tracking;

/// <summary>Video to point tracks.</summary>
public static class PointTracking
{
    /// <summary>Points in a frame unless somebody wants more or fewer.</summary>
    public const int DefaultPoints = 600;

    /// <summary>The fewest points that can be asked for.</summary>
    public const int FewestPoints = 8;

    /// <summary>The most points that can be asked for.</summary>
    public const int MostPoints = 100_000;

    /// <summary>The smallest step of a grid, px.</summary>
    public const int SmallestGrid = 4;

    /// <summary>The largest step of a grid, px.</summary>
    public const int LargestGrid = 4096;

    /// <summary>The longer side that pictures are tracked at, px, at most; larger ones are made smaller by a whole factor.</summary>
    internal const int WorkingSize = 1920;

    // a picture that cannot be followed for so long has been cut
    private const int RestartAfter = 5;

    // frames for which somebody who walks past may hide a point
    private const int Memory = 75;

    // points are of use however few they are; a solver knows itself how many it needs
    private const int MinPoints = FewestPoints;

    /// <summary>Tracks the points of one clip.</summary>
    /// <param name="options">What to track and how.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or the clip cannot be used, or the result cannot be written.</exception>
    public static PointTracks Run(PointTrackingOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        Check(options);
        string destination = OutputName.Resolve(options.DestinationPath, OutputName.PointTracks(options.SourcePath));
        OutputName.ThrowIfUnusable(destination, options.Overwrite, options.SourcePath, options.MaskPath);
        if (options.Visualize) OutputName.ThrowIfUnusable(OutputName.Visualization(destination), options.Overwrite, options.SourcePath, options.MaskPath);
        var clip = VideoProbe.Probe(options.SourcePath, cancellation);
        using var writer = PointTracksWriter.Open(destination, options.Overwrite);
        Track(clip, options, writer, progress, cancellation);
        if (options.Visualize)
            TrailVideo.Write(clip, writer.Finish(clip.Path), OutputName.Visualization(destination), options.Overwrite, progress, cancellation);
        return writer.Complete(clip.Path);
    }

    /// <summary>The whole factor that brings a picture to at most <see cref="WorkingSize"/>.</summary>
    internal static int Reduction(int width, int height) => Math.Max(1, (Math.Max(width, height) + WorkingSize - 1) / WorkingSize);

    private static void Track(VideoClip clip, PointTrackingOptions options, PointTracksWriter writer, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        int reduction = Reduction(clip.Width, clip.Height);
        int width = Math.Max(1, clip.Width / reduction), height = Math.Max(1, clip.Height / reduction);
        var scale = new Vector2((float)clip.Width / width, (float)clip.Height / height);
        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8, Width = width, Height = height, MaxFrames = options.MaxFrames }, cancellation);
        using var maskReader = options.MaskPath is { } mask ? MaskVideo.Open(mask, clip, width, height, progress, cancellation) : null;
        var tracker = new PointTracker(width, height, new()
        {
            Points = options.MaxPoints,
            Grid = options.Grid is { } step ? Math.Max(1, (int)Math.Round((double)step / reduction)) : null,
            Every = options.Every,
            MinPoints = MinPoints,
            RestartAfter = RestartAfter,
            Memory = Memory,
        });
        long? total = clip.FrameCount is { } n ? Math.Min(n, options.MaxFrames ?? long.MaxValue) : options.MaxFrames;
        long done = 0;
        bool maskEnded = false;
        var lost = new FrameRanges();
        new FramePipeline<Job>
        {
            CreateJob = () => new(new byte[reader.FrameBytes], maskReader is null ? [] : new byte[maskReader.FrameBytes]),
            Readers =
            [
                job => reader.Read(job.Gray),
                job =>
                {
                    if (maskReader is null || (!maskEnded && maskReader.Read(job.Mask))) return true;
                    maskEnded = true;
                    job.Mask.AsSpan().Clear();
                    return true;
                },
            ],
            // tracking needs the frame before, so it is done in order, and shares out the points among all cores itself
            CreateWorker = () => _ => { },
            Workers = 1,
            Write = job =>
            {
                var frame = tracker.Next(job.Gray, job.Mask);
                var points = new Vector2[frame.Points.Length];
                for (int i = 0; i < points.Length; i++) points[i] = (frame.Points[i] + new Vector2(0.5f)) * scale - new Vector2(0.5f);
                writer.Write(frame.Ids, points);
                if (frame.IsLost) lost.Add(done);
                progress?.Report(new("Tracking points", ++done, total));
            },
        }.Run(cancellation);
        if (maskEnded && maskReader!.FramesRead < done)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The mask '{options.MaskPath}' ends after {maskReader.FramesRead} of {done} frames; the rest was tracked without it.")));
        if (lost.Count > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"No points in {lost.Count} of {done} frames, which show nothing to track or could not be followed (blur, black, a cut): {lost}. New tracks begin after them.")));
    }

    private static void Check(PointTrackingOptions options)
    {
        if (options.MaxPoints is < FewestPoints or > MostPoints) throw OutOfRange("MaxPoints", options.MaxPoints, $"between {FewestPoints} and {MostPoints}");
        if (options.Grid is { } grid && grid is < SmallestGrid or > LargestGrid) throw OutOfRange("Grid", grid, $"between {SmallestGrid} and {LargestGrid} px");
        if (options.Every is < 1) throw OutOfRange("Every", options.Every.Value, "1 or more frames");
        if (options.MaxFrames is < 1) throw OutOfRange("MaxFrames", options.MaxFrames.Value, "1 or more");
    }

    private static MetricDepthException OutOfRange(string parameter, long value, string range) => new(parameter + "OutOfRange", FailureKind.InvalidArgument,
        string.Create(CultureInfo.InvariantCulture, $"-{parameter} {value} is out of range. It must be {range}."));

    private sealed record Job(byte[] Gray, byte[] Mask);
}
