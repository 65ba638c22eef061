using System.Globalization;
using MetricDepth.Depth;
using MetricDepth.Export.Cameras.Readers;
using MetricDepth.Geometry;
using MetricDepth.Video;

namespace MetricDepth.Export.Cameras;

/// <summary>Camera paths of other programs and of phones to ours: one pose a frame, frame 0's camera the origin.</summary>
public static class CameraPathImport
{
    // a size that is read off the principal point is not exact
    private const double SameSize = 0.05, SameShape = 0.02;

    /// <summary>Where a path goes unless somebody says otherwise.</summary>
    public static string DefaultDestination(CameraPathImportOptions options) =>
        OutputName.CameraPath(options.DepthPath ?? options.ColorPath ?? Path.TrimEndingDirectorySeparator(options.SourcePath));

    /// <summary>Reads a path and writes it as ours.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="progress">Notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or the file cannot be used, or the result cannot be written.</exception>
    public static CameraPath Run(CameraPathImportOptions options, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        options.ThrowIfUnusable();
        string source = Path.GetFullPath(options.SourcePath);
        if (!File.Exists(source) && !Directory.Exists(source))
            throw new MetricDepthException("FileNotFound", FailureKind.NotFound, $"'{options.SourcePath}' does not exist. Give the file, or the folder, that holds the poses.");
        string destination = OutputName.Resolve(options.DestinationPath, DefaultDestination(options));
        OutputName.ThrowIfUnusable(destination, options.Overwrite, source, options.ColorPath, options.DepthPath);
        using var file = PartialFile.Create(destination, options.Overwrite);

        var depth = options.DepthPath is { } d ? DepthVideoReader.Probe(d, cancellation) : null;
        string? colorPath = options.ColorPath ?? (File.Exists(depth?.ColorPath) ? depth.ColorPath : null);
        var clip = colorPath is not null ? VideoProbe.Probe(colorPath, cancellation) : depth;
        var opened = new CameraSource(source, progress, cancellation);
        var reader = CameraPathReader.Of(options.Format, opened);
        var trajectory = Read(reader, opened);
        int rotation = options.Rotation ?? Guess(trajectory, clip, progress);
        var frames = FramePoses.Of(trajectory, options with { Rotation = rotation }, options.FrameRate ?? clip?.FrameRate.Value, clip?.FrameCount, source);
        frames.Tell(trajectory.IsTimed, progress);
        var path = new CameraPath(file.FinalPath, frames.Poses)
        {
            Frames = frames.Frames,
            Scale = options.IsMetric || options.ScaleFactor is not null ? CameraPathScale.Metric : trajectory.Scale,
            ColorPath = colorPath,
            Camera = trajectory.Camera is { } lens ? Fit(Turn(lens, rotation), clip, progress) : null,
            FramesPerSecond = frames.FrameRate,
        };
        progress?.Report(FrameProgress.Verbose(string.Create(CultureInfo.InvariantCulture, $"{reader.Format}: {trajectory.Samples.Count} poses became {path.FrameCount} frames{(path.Camera is { } k ? $"; field of view {k.HorizontalFov:0.0}° x {k.VerticalFov:0.0}°" : "")}.")));
        if (path.Scale == CameraPathScale.Relative)
            progress?.Report(FrameProgress.Warning($"The path is right up to one factor: {reader.Format} does not say what its unit is. Give -Metric if it is the metre, or the metres in one unit as -ScaleFactor."));
        path.Save(file.TemporaryPath);
        file.Commit();
        return path;
    }

    private static CameraTrajectory Read(CameraPathReader reader, CameraSource source)
    {
        try
        {
            return reader.Read(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MetricDepthException("CameraPathNotRead", FailureKind.Storage, $"'{source.Path}' cannot be read: {e.Message} Check that you may read it.", e);
        }
    }

    /// <summary>Phones keep their poses in the sensor's orientation, and show the clip upright.</summary>
    private static int Guess(CameraTrajectory trajectory, VideoClip? clip, IProgress<FrameProgress>? progress)
    {
        if (!trajectory.IsPhone || clip is null || trajectory.Camera is not { } lens || lens.Width > lens.Height == clip.Width > clip.Height) return 0;
        progress?.Report(FrameProgress.Warning("The clip is upright and the poses lie on their side, as a phone held upright has them: they are turned by 90°. Give -Rotation 270 if the phone was held the other way round, 0 if they fit as they are."));
        return 90;
    }

    private static Intrinsics Turn(Intrinsics k, int degrees) => degrees switch
    {
        90 => new(k.Height, k.Width, k.Fy, k.Fx, k.Height - 1 - k.Cy, k.Cx),
        180 => k with { Cx = k.Width - 1 - k.Cx, Cy = k.Height - 1 - k.Cy },
        270 => new(k.Height, k.Width, k.Fy, k.Fx, k.Cy, k.Width - 1 - k.Cx),
        _ => k,
    };

    private static Intrinsics? Fit(Intrinsics camera, VideoClip? clip, IProgress<FrameProgress>? progress)
    {
        if (clip is null) return camera;
        if (Math.Abs((double)camera.Width / clip.Width - 1) < SameSize && Math.Abs((double)camera.Height / clip.Height - 1) < SameSize)
            return camera with { Width = clip.Width, Height = clip.Height };
        if (Math.Abs((double)camera.Width * clip.Height / ((double)camera.Height * clip.Width) - 1) < SameShape) return camera.Resized(clip.Width, clip.Height);
        progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
            $"The lens is of pictures of {camera.Width}x{camera.Height} pixels, and the clip has {clip.Size}: another shape. The lens is left out; give -HorizontalFov where it is needed.")));
        return null;
    }
}
