using System.Diagnostics;
using MetricDepth.Geometry;
using MetricDepth.Tracking;
using MetricDepth.Video;

namespace MetricDepth.Motion;

/// <summary>
/// Solves how the camera moved from the video alone: tracks points, finds two frames with parallax, and extends from there by
/// pose estimation and bundle adjustment in a sliding window. One pass over the video; memory does not grow with it
/// but for a pose and four numbers a frame.
/// </summary>
public static class CameraSolver
{
    private const int PrefixKeyframes = 24;
    private const int PrefixFrames = 300;

    /// <summary>Solves one clip.</summary>
    /// <exception cref="MetricDepthException">
    /// <c>InsufficientParallax</c>: the camera does not move sideways enough; <c>InsufficientTexture</c>: too little to track;
    /// <c>ClipTooShort</c>: a single frame; <c>TrackingLost</c>: a cut, or too long a blur.
    /// </exception>
    public static CameraMotion Run(CameraSolverOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var clip = options.Clip;
        double shrink = Math.Min(1, (double)options.WorkingSize / Math.Max(clip.Width, clip.Height));
        int width = Math.Max(1, (int)Math.Round(clip.Width * shrink)), height = Math.Max(1, (int)Math.Round(clip.Height * shrink));
        var full = Intrinsics.FromFieldOfView(clip.Width, clip.Height, options.HorizontalFov ?? 63, options.VerticalFov);
        var camera = new Camera(full.Resized(width, height));

        using var reader = FrameReader.Open(clip, new() { Layout = PixelLayout.Gray8, Width = width, Height = height, FrameRate = options.FrameRate, MaxFrames = options.MaxFrames }, cancellation);
        var tracker = new PointTracker(width, height, new());
        var buffer = new byte[reader.FrameBytes];
        var prefix = new List<TrackedFrame>();
        Odometry? odometry = null;
        while (reader.Read(buffer))
        {
            cancellation.ThrowIfCancellationRequested();
            var frame = tracker.Next(buffer);
            if (odometry is not null)
            {
                odometry.Add(frame);
                continue;
            }
            prefix.Add(frame);
            if (prefix.Count >= PrefixFrames || prefix.Count(f => f.IsKeyframe) >= PrefixKeyframes) odometry = Start(camera, prefix);
        }
        odometry ??= Start(camera, prefix);
        odometry.Finish();
        var statistics = odometry.Statistics;
        var first = odometry.Frames.First(f => f is not null)!.Pose.Inverse;
        var last = odometry.Frames[0]!;
        var poses = new List<Pose>();
        var depths = new List<SceneDepth>();
        foreach (var f in odometry.Frames)
        {
            last = f ?? last;
            poses.Add(first * last.Pose);
            depths.Add(last.Depth);
        }
        return new()
        {
            Intrinsics = full,
            FieldOfViewEstimated = false,
            Poses = poses,
            SceneDepths = depths,
            ReprojectionError = statistics.ReprojectionError / shrink,
            Parallax = statistics.Parallax,
            InlierShare = statistics.InlierShare,
        };
    }

    private static Odometry Start(Camera camera, List<TrackedFrame> prefix)
    {
        var keyframes = prefix.Where(f => f.IsKeyframe).ToArray();
        var pair = Bootstrap.FindPair(camera, [1, 0.5, 0.7, 0.85, 1.2, 1.5, 2, 3], keyframes, out _) ?? throw new MetricDepthException("InsufficientParallax", FailureKind.InsufficientInformation,
            "The camera does not move sideways enough for depth from motion. Give a depth model with -ModelPath, or a clip in which the camera moves sideways.");
        var odometry = new Odometry(Bootstrap.Solve(camera, keyframes, pair)!);
        odometry.Begin(prefix);
        return odometry;
    }
}
