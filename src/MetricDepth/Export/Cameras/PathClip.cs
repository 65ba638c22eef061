using MetricDepth.Depth;
using MetricDepth.Geometry;
using MetricDepth.Motion.Calibration;
using MetricDepth.Video;

namespace MetricDepth.Export.Cameras;

/// <summary>The clip that a camera path belongs to: what the user says, what the path knows, and what lies beside it under the names that we give.</summary>
internal sealed class PathClip
{
    private readonly CameraPathExportOptions _options;
    private readonly IProgress<FrameProgress>? _progress;
    private readonly CancellationToken _cancellation;

    /// <summary>Finds the files; they are probed.</summary>
    /// <exception cref="MetricDepthException">A file that was named cannot be used.</exception>
    public PathClip(CameraPathExportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        (_options, _progress, _cancellation) = (options, progress, cancellation);
        string? beside = options.CameraPath.Path is { } file ? OutputName.VideoOfCameraPath(file) : null;
        string? depth = options.DepthPath ?? (beside is not null && OutputName.ColorVideo(beside) is not null && File.Exists(beside) ? beside : null);
        if (depth is not null) Depth = DepthVideoReader.Probe(depth, cancellation);
        string? color = options.ColorPath ?? Existing(options.CameraPath.ColorPath) ?? Existing(options.Tracks?.ColorPath) ?? Existing(Depth?.ColorPath);
        Color = color is not null ? VideoProbe.Probe(color, cancellation)
            : Existing(depth is null ? beside : OutputName.ColorVideo(depth)) is { } named ? ProbeIfVideo(named) : null;
    }

    /// <summary>The clip; null if unknown.</summary>
    public VideoClip? Color { get; }

    /// <summary>Its depth; null if there is none.</summary>
    public DepthVideo? Depth { get; }

    /// <summary>The lens for the pictures' size.</summary>
    /// <exception cref="MetricDepthException">Nobody and nothing tells the size or the field of view.</exception>
    public Intrinsics FindLens()
    {
        var known = _options.CameraPath.Camera;
        int width = _options.Width ?? Color?.Width ?? known?.Width ?? Depth?.Width ?? 0, height = _options.Height ?? Color?.Height ?? known?.Height ?? Depth?.Height ?? 0;
        if (width == 0)
            throw new MetricDepthException("PictureSizeMissing", FailureKind.InvalidArgument,
                $"'{_options.CameraPath}' does not say how large its clip is. Give -ColorPath or -DepthVideo, or -Width and -Height in pixels.");
        if (_options.HorizontalFov is null && _options.VerticalFov is null && known is { } lens) return lens.Resized(width, height);
        var found = FieldOfViewResolver.Resolve(
            new() { HorizontalFov = _options.HorizontalFov, VerticalFov = _options.VerticalFov, Depth = Depth, Color = Color }, _progress, _cancellation);
        return Intrinsics.FromFieldOfView(width, height, found.HorizontalFov, found.VerticalFov);
    }

    /// <summary>Frames per second.</summary>
    /// <exception cref="MetricDepthException">Nobody and nothing tells them.</exception>
    public Rational FindFrameRate()
    {
        double? plain = _options.FrameRate ?? (Color is null && Depth is null ? _options.CameraPath.FramesPerSecond : null);
        if (plain is { } rate && Rational.TryFrom(rate, out var round)) return round;
        return Color?.FrameRate ?? Depth?.FrameRate
            ?? throw new MetricDepthException("FrameRateMissing", FailureKind.InvalidArgument,
                $"'{_options.CameraPath}' does not say how many frames a second its clip has. Give -ColorPath or -DepthVideo, or -FrameRate.");
    }

    /// <summary>What lies beside a path need not be a clip: an imported path is named after the file with its poses.</summary>
    private VideoClip? ProbeIfVideo(string path)
    {
        try
        {
            return VideoProbe.Probe(path, _cancellation);
        }
        catch (MetricDepthException e) when (e.ErrorId is "NotAVideo" or "NoFrames")
        {
            return null;
        }
    }

    private static string? Existing(string? path) => File.Exists(path) ? path : null;
}
