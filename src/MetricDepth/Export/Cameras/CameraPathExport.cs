using System.Globalization;
using MetricDepth.Geometry;
using MetricDepth.Motion.Triangulation;
using MetricDepth.Tracking;

namespace MetricDepth.Export.Cameras;

/// <summary>Camera paths to the formats of other programs.</summary>
public static class CameraPathExport
{
    // pictures of a clip are larger than the clip: PNG takes about so many bytes a pixel of filmed material
    private const double PngBytesPerPixel = 1.5;

    /// <summary>Where a path goes unless somebody says otherwise: beside the clip or depth video that it belongs to.</summary>
    public static string DefaultDestination(CameraPath path, CameraPathExportFormat format)
    {
        string owner = path.Path is { } file ? OutputName.VideoOfCameraPath(file) ?? file
            : path.ColorPath ?? throw new MetricDepthException("DestinationMissing", FailureKind.InvalidArgument,
                "The camera path is not on disk, so nobody knows where the result goes. Give -DestinationPath.");
        return owner + CameraPathWriter.Of(format).Suffix;
    }

    /// <summary>Whether a format is a folder with several files.</summary>
    public static bool IsFolder(CameraPathExportFormat format) => CameraPathWriter.Of(format).Traits.HasFlag(CameraFileTraits.Folder);

    /// <summary>What comes with the poses, in words, with the disk that pictures take where their size is known before anything is read; empty for nothing.</summary>
    /// <param name="options">What is asked for.</param>
    public static string Contents(CameraPathExportOptions options)
    {
        int width = options.Width ?? options.CameraPath.Camera?.Width ?? 0, height = options.Height ?? options.CameraPath.Camera?.Height ?? 0;
        int frames = (options.CameraPath.Poses.Count + Math.Max(options.Every, 1) - 1) / Math.Max(options.Every, 1);
        var contents = new List<string>();
        if (options.Images) contents.Add("pictures" + InBrackets(PngBytesPerPixel * width * height, isLimit: false));
        if (options.DepthImages) contents.Add("depth pictures" + InBrackets(PathDepth.PictureLimit(width, height), isLimit: true));
        if (options.DepthPoints) contents.Add(string.Create(CultureInfo.InvariantCulture, $"up to {PathDepth.MostPoints} points of the depth"));
        return string.Join(" and ", contents);

        string InBrackets(double bytesEach, bool isLimit) => width == 0 ? "" : $" ({new ExportSize(frames, bytesEach, isLimit)})";
    }

    /// <summary>Exports; pictures first, then the files of the model, which get their names together.</summary>
    /// <param name="options">What to export.</param>
    /// <param name="written">Given each file of the model.</param>
    /// <param name="progress">Frames done, and notes.</param>
    /// <param name="cancellation">Stops the work; nothing is left behind.</param>
    /// <exception cref="MetricDepthException">The options or inputs cannot be used, or a file cannot be written.</exception>
    public static void Run(CameraPathExportOptions options, Action<FileInfo> written, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var writer = CameraPathWriter.Of(options.Format);
        options.ThrowIfUnusable(writer);
        string destination = Path.GetFullPath(options.DestinationPath ?? DefaultDestination(options.CameraPath, options.Format));
        using var output = new CameraFileSet(destination, writer.Traits.HasFlag(CameraFileTraits.Folder), options.Overwrite);
        output.ThrowIfTaken([.. writer.Files(new() { Poses = [], Cloud = options.DepthPoints ? new(new(0, default), 0, "") : null }).Select(f => f.Name)]);
        var clip = new PathClip(options, progress, cancellation);
        if (options.Images && clip.Color is null)
            throw new MetricDepthException("ColorVideoUnknown", FailureKind.InvalidArgument,
                $"-Images writes the frames of the clip, and '{options.CameraPath}' does not say which clip that is. Give -ColorPath.");
        var depth = options.DepthImages || options.DepthPoints ? PathDepth.Of(options.CameraPath, clip, progress) : null;
        var path = new ExportedPath
        {
            Poses = Choose(options, writer, progress),
            Camera = writer.Traits.HasFlag(CameraFileTraits.Lens) ? clip.FindLens() : default,
            FrameRate = writer.Traits.HasFlag(CameraFileTraits.FrameRate) ? clip.FindFrameRate() : new(1),
            Scale = options.CameraPath.Scale,
            ColorPath = clip.Color?.Path,
            HasDepthPictures = options.DepthImages,
            Cancellation = cancellation,
        };
        if (options.Tracks is { } tracks) path = path with { Points = Triangulate(tracks, options, path, progress, cancellation) };
        AnnouncePictures(options, path, depth, destination, progress);
        if (options.DepthPoints) path = path with { Cloud = depth!.Merge(path, progress, cancellation) };
        if (options.Images || path.Points is not null && clip.Color is not null) path = ReadClip(clip.Color!, path, options, output, progress, cancellation);
        if (options.DepthImages) depth!.WritePictures(path, output, progress, cancellation);
        foreach (var file in writer.Files(path)) output.Add(file.Name, file.Write);
        foreach (string name in output.Commit()) written(new(name));
    }

    private static void AnnouncePictures(CameraPathExportOptions options, ExportedPath path, PathDepth? depth, string destination, IProgress<FrameProgress>? progress)
    {
        double color = options.Images ? PngBytesPerPixel * path.Camera.Width * path.Camera.Height : 0, grey = options.DepthImages ? depth!.PictureBytes : 0;
        int kinds = (options.Images ? 1 : 0) + (options.DepthImages ? 1 : 0);
        if (kinds > 0)
            new ExportSize((long)kinds * path.Poses.Count, (color + grey) / kinds, IsLimit: false).Announce(destination, "Give -Every to write fewer.", progress);
    }

    private static List<ExportedPose> Choose(CameraPathExportOptions options, CameraPathWriter writer, IProgress<FrameProgress>? progress)
    {
        var poses = options.CameraPath.Poses;
        var origin = options.LockFrame is { } locked ? poses[locked].Inverse : Pose.Identity;
        bool measuredOnly = writer.Traits.HasFlag(CameraFileTraits.MeasuredPosesOnly);
        var unknown = new FrameRanges();
        var chosen = new List<ExportedPose>();
        for (int i = 0; i < poses.Count; i += options.Every)
        {
            if (measuredOnly && i < options.CameraPath.Frames.Count && options.CameraPath.Frames[i].State == PoseState.Held) unknown.Add(i);
            else chosen.Add(new(i, origin * poses[i]));
        }
        if (unknown.Count > 0)
            progress?.Report(FrameProgress.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{unknown.Count} frames are left out, because nothing is known of their poses: {unknown}.")));
        return chosen.Count > 0 ? chosen : throw new MetricDepthException("CameraPathEmpty", FailureKind.InsufficientInformation,
            "Nothing is known of the pose of any frame. Measure the path anew with Measure-CameraPose.");
    }

    private static TriangulatedTracks Triangulate(
        PointTracks tracks, CameraPathExportOptions options, ExportedPath path, IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var poses = options.CameraPath.Poses;
        if (options.LockFrame is { } locked) poses = [.. poses.Select(p => poses[locked].Inverse * p)];
        var listed = path.Poses.Select(p => p.Frame).ToHashSet();
        var points = TrackTriangulation.Run(tracks, poses, path.Camera, listed.Contains, progress, cancellation);
        string text = string.Create(CultureInfo.InvariantCulture,
            $"{points.Points.Count} of {points.TrackCount} tracks became points: at least {TrackTriangulation.FewestSightings} sightings that agree, and {TrackTriangulation.LeastParallaxDegrees}° of parallax.");
        progress?.Report(points.Points.Count > 0 ? FrameProgress.Verbose(text)
            : FrameProgress.Warning($"'{tracks}' gives no points. {text} Check that these are the tracks of this path, and the field of view."));
        return points;
    }

    private static ExportedPath ReadClip(Video.VideoClip clip, ExportedPath path, CameraPathExportOptions options, CameraFileSet output,
        IProgress<FrameProgress>? progress, CancellationToken cancellation)
    {
        var pictures = new ClipPictures(clip, path);
        int frames = pictures.Run(!options.Images ? null : (frame, png) =>
            output.Add($"{ExportedPath.ImageFolder}/{ExportedPath.ImageName(frame)}", stream => png.WriteTo(stream), isPicture: true), progress, cancellation);
        if (frames < path.Poses.Count && options.Images)
            throw new MetricDepthException("ClipTooShort", FailureKind.InvalidData, string.Create(CultureInfo.InvariantCulture,
                $"'{clip.Path}' has {frames} of the path's {path.Poses.Count} frames. Give the clip of this path as -ColorPath."));
        return path with { PointColors = pictures.Colors };
    }
}
